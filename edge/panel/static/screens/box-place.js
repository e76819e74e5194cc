// @ts-check
import { get, post } from "../api.js";
import { html, present } from "../elements/draw.js";
import { say, sayOr } from "../elements/words.js";
import { button, chosen, notice, refusal } from "../notices.js";
import { placeInWords } from "./place.js";
import { shelfLine } from "./shelves.js";

/** Where one box belongs: its measures, what its shelf still holds, and every place it had, with the way back. */

/** @param {any} stage */
export function show(stage) {
  const head = html("div", { class: "row" });
  const body = html("div", { class: "record-form" });
  stage.root.append(head, body);
  const id = stage.path[1];

  async function load() {
    const told = await get(`boxes/${id}/place`);
    const { box, measures, moves } = told;
    const back = told.back !== null && (box.slot || !box.home_slot); // not while it is out
    head.replaceChildren(
      html("button", { type: "button", class: "act quiet", onclick: () => history.back() }, `‹ ${say("panel.back")}`),
      html("h1", { class: "grow" }, say("panel.box.no", { box_no: box.box_no })),
      button(say("panel.placing.measures"), () => measure(told), { quiet: true }),
      ...(back ? [button(say(told.back ? "panel.placing.undo" : "panel.placing.undo_first"), () => putBack(box), { quiet: true })] : []),
    );
    const kind = told.types.find((/** @type {any} */ one) => one.code === measures.type);
    const kg = (measures.weight_g / 1000).toFixed(1);
    body.replaceChildren(
      ...present([
        html(
          "section",
          { class: "card" },
          html("h2", {}, box.home_slot ? placeInWords(box.home_slot) : say("panel.box.no_place")),
          box.home_slot && !box.slot ? html("p", {}, say("panel.placing.kept_free")) : null,
          html("p", { class: "soft" }, [kindName(kind), say("panel.placing.mm", { mm: measures.thickness_mm }), say(measures.weighed_g ? "panel.placing.weighed" : "panel.placing.reckoned", { kg })].join(" · ")),
        ),
        told.shelf ? html("section", { class: "card" }, html("h2", {}, say("panel.shelves.shelf")), html("ul", { class: "number-list" }, shelfLine(told.shelf))) : null,
        moves.length ? past(moves) : null,
      ]),
    );
  }

  /** @param {any[]} moves */
  function past(moves) {
    const time = new Intl.DateTimeFormat(stage.language, { dateStyle: "short", timeStyle: "short", hour12: false, timeZone: stage.zone });
    const line = (/** @type {any} */ one) =>
      html(
        "li",
        {},
        html("span", {}, one.before ? `${placeInWords(one.before)} → ` : "", html("b", {}, one.slot ? placeInWords(one.slot) : say("panel.placing.off_shelf"))),
        html("small", { class: "soft" }, present([one.person_name, time.format(one.utc_ms), sayOr(`panel.placing.why.${one.why}`, "")]).filter(Boolean).join(" · ")),
      );
    return html("section", { class: "card" }, html("h2", {}, say("panel.placing.past")), html("ul", { class: "past" }, moves.map(line)));
  }

  /** @param {any} told */
  async function measure({ box, measures, types }) {
    const { thick, kind } = measuring({ types }, measures);
    const weighed = html("input", { type: "number", min: 0.1, max: 100, step: 0.1, value: measures.weighed_g ? measures.weighed_g / 1000 : "" });
    const details = html("div", { class: "form single" }, [["kind", kind], ["thickness", thick], ["weight", weighed]].map(([name, input]) => html("label", {}, html("span", {}, say(`panel.placing.${name}`)), input)));
    const keeping = () => post(`boxes/${box.id}/measures`, { type: kind.value, thickness_mm: Number(thick.value), weighed_g: Math.round(1000 * Number(weighed.value)) || null });
    if (!(await chosen(say("panel.placing.measures"), details, [html("button", { class: "act", value: "yes" }, say("panel.describe.save"))], keeping))) return;
    notice(say("panel.site.saved"), "", false);
    await load();
  }

  /** @param {any} box */
  async function putBack(box) {
    notice(isBack(await post(`boxes/${box.id}/put-back`)), "", false);
    await load();
  }

  load().catch(refusal);
  return {};
}

/** What became of a box that was put back. @param {any} box */
export const isBack = (box) => (box.slot ? say("panel.placing.undone", { box_no: box.box_no, slot: placeInWords(box.slot) }) : say("panel.placing.undone_first", { box_no: box.box_no }));

const THICK_MM = [20, 30, 40, 50, 60];
const kindName = (/** @type {any} */ kind) => sayOr(`panel.box_type.${kind.code}`, kind.name);

/** Fields for a box's kind and thickness. @param {any} told with `types` @param {any} measures */
export function measuring({ types }, measures) {
  const all = [...new Set([...THICK_MM, measures.thickness_mm])].sort((one, other) => one - other);
  const thick = html("select", {}, all.map((mm) => html("option", { value: mm }, say("panel.placing.mm", { mm }))));
  const kind = html("select", {}, types.map((/** @type {any} */ one) => html("option", { value: one.code }, kindName(one))));
  thick.value = String(measures.thickness_mm);
  kind.value = measures.type;
  return { thick, kind };
}
