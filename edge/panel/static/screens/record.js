// @ts-check
import { get, post } from "../api.js";
import { html, present } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { button, chosen, notice, refusal } from "../notices.js";
import { saveFile } from "../save-file.js";
import { makeForm } from "./record-form.js";
import { merge } from "./record-merge.js";

/** One record with every field: new, or to be corrected. Each correction keeps the old value, who, when and why. */

/** @param {any} stage */
export function show(stage) {
  const fresh = stage.path[1] === "new";
  const [level, subject] = fresh ? [stage.path[2], stage.path[3]] : [stage.path[1], stage.path[2]];
  const head = html("div", { class: "row record-head" });
  const body = html("div", { class: "record-form" });
  stage.root.append(head, body);
  (fresh ? begin() : open()).catch(refusal);

  async function beginFonds() {
    const form = makeForm(await get("fields/fonds"), {}, {});
    const number = html("input", { type: "text", autocomplete: "off", maxlength: 8 });
    head.replaceChildren(
      html("a", { class: "act quiet", href: "#/describe" }, `‹ ${say("panel.back")}`),
      html("h1", { class: "grow" }, say("panel.describe.new_fonds")),
      button(say("panel.describe.save"), async () => {
        const fonds_no = number.value.trim().toUpperCase();
        await form.guarded(() => post("records/fonds", { fonds_no, values: form.values() }));
        stage.go(`record/fonds/${fonds_no}`);
      }),
    );
    body.replaceChildren(html("div", { class: "form" }, html("label", {}, html("span", {}, say("panel.fact.fonds"), html("i", {}, " *")), number)), form.element);
  }

  async function begin() {
    if (level === "fonds") return beginFonds();
    const [asked, { series }] = await Promise.all([get(`fields/${level}`), get("series")]);
    const of = series.find((/** @type {any} */ one) => one.id === subject);
    const form = makeForm(asked, {}, { retention: of?.retention ?? "" });
    const held = of?.arrangement === "case" ? "case" : of?.arrangement === "volume" && level === "item" ? "volume" : "";
    const box = field("box");
    const holder = held ? field(held) : null;
    if (holder) holder.input.value = stage.query.get(held) ?? "";
    if (held === "volume" && holder) holder.label.hidden = true; // chosen on the volume's own screen
    head.replaceChildren(
      html("a", { class: "act quiet", href: "#/describe" }, `‹ ${say("panel.back")}`),
      html("h1", { class: "grow" }, `${say(`panel.describe.new_${level}`)} · ${of?.name ?? ""}`),
      button(say("panel.describe.save_next"), () => save(true), { quiet: true }),
      button(say("panel.describe.save"), () => save(false)),
    );
    body.replaceChildren(html("div", { class: "form" }, present([holder?.label, box.label])), form.element);

    /** @param {boolean} next */
    async function save(next) {
      const told = { series_id: subject, values: form.values(), box: box.input.value };
      const made = await form.guarded(() => post(`records/${level}`, holder ? { ...told, [held]: holder.input.value } : told));
      const mixed = warned(made.warnings);
      const said = () => notice(say("panel.describe.made", { number: made.number }), mixed || (made.fixed ? "" : say("panel.describe.provisional")), Boolean(mixed));
      if (!next) return stage.go(`record/${level}/${made.id}`, said);
      form.clear(["title", "doc_no", "date", "pages"]);
      said();
    }
  }

  async function open() {
    const [asked, record] = await Promise.all([get(`fields/${level}`), get(`records/${level}/${subject}`)]);
    const form = makeForm(asked, record.values, {});
    const needsReason = record.number_state !== "provisional";
    const gone = record.state === "void";
    const may = (/** @type {string} */ right) => stage.session.person?.rights.includes(right);
    if (gone) form.close();
    const reason = field("reason");
    head.replaceChildren(
      html("button", { type: "button", class: "act quiet", onclick: () => history.back() }, `‹ ${say("panel.back")}`),
      html(
        "h1",
        { class: "grow" },
        record.number || "—",
        html("span", { class: `tag ${gone ? "bad" : needsReason ? "good" : "warn"}` }, gone ? say("panel.record.void_tag") : say(`panel.record.number_${record.number_state}`)),
      ),
      ...(gone
        ? []
        : [
            level === "item" && may("take_out") ? button(say("panel.evidence.title"), evidence, { quiet: true }) : "",
            level === "item" && may("merge") ? button(say("panel.record.alike"), async () => void ((await merge(subject)) && (await open())), { quiet: true }) : "",
            level === "volume" && record.series_id && may("describe") ? html("a", { class: "act quiet", href: `#/record/new/item/${record.series_id}?volume=${subject}` }, say("panel.record.into_volume")) : "",
            level !== "fonds" && may("correct") ? button(say("panel.record.other_box"), otherBox, { quiet: true }) : "",
            may("void") && level !== "fonds" ? button(say("panel.record.void"), gone_, { quiet: true }) : "",
            may("correct") ? button(say("panel.record.save"), save) : "",
          ]),
    );
    body.replaceChildren(
      ...present([
        record.merged_into ? html("p", { class: "card" }, html("a", { href: `#/record/item/${record.merged_into}` }, say("panel.record.merged_into"))) : null,
        record.kept_until ? html("p", { class: "soft" }, say("panel.record.kept_until", { day: record.kept_until })) : null,
        needsReason && !gone ? html("div", { class: "form reason" }, reason.label) : null,
        form.element,
        record.corrections.length ? past(record.corrections) : null,
      ]),
    );

    async function save() {
      const values = form.changed();
      if (!Object.keys(values).length) return notice(say("panel.record.unchanged"), "", false);
      const { warnings } = await form.guarded(() => post(`records/${level}/${subject}/correct`, { values, reason: reason.input.value }));
      notice(say("panel.record.saved"), warned(warnings), Boolean(warnings.length));
      await open();
    }

    async function evidence() {
      const acts = html("button", { class: "act", value: "yes" }, say("panel.evidence.make"));
      if ((await chosen(say("panel.evidence.ask"), html("p", {}, say("panel.evidence.more")), [acts])) !== "yes") return;
      await saveFile(`records/item/${subject}/evidence`, `${say("panel.evidence.title")} ${record.number || subject}.zip`);
      notice(say("panel.evidence.saved"), "", false);
    }

    async function otherBox() {
      const [box, why] = [field("box"), field("reason")];
      const acts = html("button", { class: "act", value: "yes" }, say("panel.record.other_box"));
      /** @type {string[]} */ let warnings = [];
      const moving = async () => ({ warnings } = await post(`records/${level}/${subject}/box`, { box: box.input.value, reason: why.input.value }));
      if (!(await chosen(say("panel.record.other_box_ask"), html("div", { class: "form single" }, box.label, why.label), [acts], moving))) return;
      notice(say("panel.record.saved"), warned(warnings), Boolean(warnings.length));
      await open();
    }

    async function gone_() {
      const taking = (/** @type {string} */ why) => post(`records/${level}/${subject}/void`, { reason: why });
      if (!(await askReason(say("panel.record.void_ask"), say("panel.record.void_more"), say("panel.record.void"), taking))) return;
      notice(say("panel.record.voided"), "", false);
      await open();
    }
  }

  /** @param {any[]} corrections */
  function past(corrections) {
    const time = new Intl.DateTimeFormat(stage.language, { dateStyle: "short", timeStyle: "short", hour12: false, timeZone: stage.zone });
    return html(
      "section",
      { class: "card" },
      html("h2", {}, say("panel.record.past")),
      html(
        "ul",
        { class: "past" },
        corrections.map((one) =>
          html(
            "li",
            {},
            html("b", {}, say(`field.${one.field}`)),
            html("span", {}, html("del", {}, one.field === "state" ? say(`panel.state.${one.old}`) : one.old || "—"), " → ", html("ins", {}, one.act === "merged" ? say("panel.record.merged") : one.field === "state" ? say("panel.record.void_tag") : one.new || "—")),
            html("small", { class: "soft" }, `${one.person_name} · ${time.format(one.utc_ms)} · ${one.reason}`),
          ),
        ),
      ),
    );
  }
}

/** What a box mixes now, in one line. @param {string[]} codes */
const warned = (codes) => codes.map((code) => say(`warning.${code}`)).join("；");

/** @param {string} name */
function field(name) {
  const input = html("input", { type: "text", autocomplete: "off" });
  return { input, label: html("label", {}, html("span", {}, say(`panel.record.${name}`)), input) };
}

/** A question that wants a reason; whether the node took it. @param {string} question @param {string} more @param {string} yes
 * @param {(reason: string) => Promise<any>} act */
async function askReason(question, more, yes, act) {
  const reason = field("reason");
  const acts = html("button", { class: "act", value: "yes" }, yes);
  return Boolean(await chosen(question, html("div", { class: "form single" }, html("p", {}, more), reason.label), [acts], () => act(reason.input.value)));
}
