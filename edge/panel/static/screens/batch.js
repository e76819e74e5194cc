// @ts-check
import { Refused, get, post } from "../api.js";
import { html, present } from "../elements/draw.js";
import { keyed, worded } from "../elements/key-board.js";
import { say } from "../elements/words.js";
import { button, confirmed, overcome, refusal } from "../notices.js";

/** One digitisation batch: what left and what came back, and its seven steps, each checked by somebody else. */

const STEPS = ["unbind", "scan", "process", "describe", "check", "hook", "rebind"];
const WORKERS_SHOWN = 6;

/** @param {any} stage */
export function show(stage) {
  const where = `batches/${stage.path[1]}`;
  const head = html("div", { class: "job-head" });
  const bar = html("ol", { class: "steps batch-steps" });
  const items = html("section", { class: "batch-items" });
  const work = html("section", { class: "batch-work" });
  stage.root.append(head, bar, html("div", { class: "batch" }, items, work));
  /** @type {any} */ let now = null;
  let step = "";
  let worker = "";

  /** @param {any} told */
  function take(told) {
    now = told;
    overcome();
    if (!now.next.includes(step)) step = now.next.at(-1) ?? STEPS[0];
    if (!worker) worker = now.workers[0] ?? "";
    draw();
  }

  /** The newest round of a step that still counts: one done again takes those after it back. */
  function standing() {
    /** @type {Record<string, any>} */ const counts = {};
    for (const one of now.steps) {
      for (const later of STEPS.slice(STEPS.indexOf(one.step))) delete counts[later];
      counts[one.step] = one;
    }
    return counts;
  }

  function draw() {
    const open = now.batch.state === "open";
    const counts = standing();
    head.replaceChildren(
      html("div", { class: "grow" }, html("h1", {}, now.batch.name), html("p", { class: "soft" }, [say(`panel.batch.state.${now.batch.state}`), now.batch.contractor].filter(Boolean).join(" · ")), now.batch.despite ? html("p", { class: "tag warn" }, say("panel.batch.despite", { reason: now.batch.despite })) : null),
      ...present([
        open ? button(say("panel.batch.close"), close, { quiet: true }) : null,
        stage.session.person?.rights.includes("take_out")
          ? html("a", { class: "act quiet", href: `#/printing?kind=batch.ledger&batch=${now.batch.id}` }, say("panel.batch.print"))
          : null,
        html("a", { class: "act quiet", href: "#/batches" }, say("panel.back")),
      ]),
    );
    bar.replaceChildren(
      ...STEPS.map((name, i) => {
        const passed = counts[name] && !counts[name].defects;
        const here = open && name === now.next.at(-1) && !passed;
        const again = counts[name]?.defects ? ` ✕${counts[name].defects}` : "";
        return html("li", { class: passed ? "past" : here ? "here" : "", "aria-current": here ? "step" : null }, html("span", {}, passed ? "✓" : String(i + 1)), `${say(`batch.step.${name}`)}${again}`);
      }),
    );
    items.replaceChildren(
      ...present([
        html("h2", {}, say("panel.batch.items", { count: now.items.length })),
        open && !now.steps.length ? handOut() : null,
        html("ul", { class: "pull-rows" }, now.items.map((/** @type {any} */ one) => itemRow(one, open))),
      ]),
    );
    work.replaceChildren(...present([open ? stepForm() : null, html("h2", {}, say("panel.batch.rounds")), rounds()]));
  }

  function handOut() {
    const item = keyed(say("panel.batch.item"));
    const pages = keyed(say("panel.batch.pages"), { inputmode: "numeric" });
    const send = async () => {
      take(await post(`${where}/out`, { item: item.field.value.trim(), pages: whole(pages.field.value) }));
    };
    return html(
      "div",
      { class: "batch-out" },
      html("div", { class: "row" }, html("div", { class: "grow" }, item.field), html("div", { class: "batch-pages" }, pages.field), button(say("panel.batch.out"), send, { quiet: true })),
      item.keys,
      pages.keys,
    );
  }

  /** @param {any} one @param {boolean} open */
  function itemRow(one, open) {
    const back = one.pages_in !== null;
    const differs = back && (one.pages_in !== one.pages_out || !one.bound);
    const state = !back
      ? say("panel.batch.still_out")
      : `${say("panel.batch.back", { pages: one.pages_in })} · ${say(one.bound ? "panel.batch.bound" : "panel.batch.not_bound")}`;
    return html(
      "li",
      { class: "card batch-item" },
      html(
        "div",
        { class: "grow" },
        html("b", {}, one.ref_code),
        html("p", { class: "soft" }, one.title),
        html("span", { class: `tag ${differs ? "warn" : back ? "good" : "info"}` }, `${say("panel.batch.sent", { pages: one.pages_out })} · ${state}`),
        one.counted && one.counted !== one.pages_out ? html("p", { class: "tag warn" }, say("panel.batch.counted", { pages: one.counted })) : null,
        one.note ? html("p", {}, one.note) : null,
        one.undigitised ? html("p", { class: "tag warn" }, say("panel.batch.undigitised", { pages: one.undigitised })) : null,
        one.missing.length && !one.undigitised ? html("p", { class: "soft" }, say("panel.batch.missing", { pages: one.missing_spans })) : null,
      ),
      open && (!back || differs) ? button(say(back ? "panel.batch.again" : "panel.batch.in"), () => takeBack(one), { quiet: true }) : null,
    );
  }

  /** Pages complete, binding restored? @param {any} one */
  async function takeBack(one) {
    const pages = keyed(say("panel.batch.pages"), { value: "", inputmode: "numeric" });
    const bound = html("input", { type: "checkbox" });
    const note = worded(say("panel.batch.note"), { value: one.note });
    const form = html(
      "div",
      { class: "batch-back" },
      html("p", {}, say("panel.batch.in_more")),
      html("div", { class: "row" }, html("div", { class: "batch-pages" }, pages.field), html("label", { class: "batch-bound" }, bound, say("panel.batch.bound"))),
      note,
      pages.keys,
    );
    const taking = async () => take(await post(`${where}/in`, { item_id: one.item_id, pages: whole(pages.field.value), bound: bound.checked, note: note.value }));
    await confirmed(one.ref_code, form, say("panel.batch.in"), taking);
  }

  function stepForm() {
    const named = worded(say("panel.batch.worker"), { value: worker });
    const count = keyed(say("panel.batch.count"), { inputmode: "numeric" });
    const defects = keyed(say("panel.batch.defects"), { inputmode: "numeric" });
    const note = worded(say("panel.batch.note"));
    /** One of several; what was typed beside it stays. @param {string[]} names @param {(name: string) => string} said
     * @param {string} chosen @param {(name: string) => void} choose */
    const choices = (names, said, chosen, choose) => {
      const keys = names.map((name) => html("button", { type: "button", class: "filter", "aria-pressed": String(name === chosen) }, said(name)));
      keys.forEach((key, at) =>
        key.addEventListener("click", () => {
          choose(names[at]);
          keys.forEach((other) => other.setAttribute("aria-pressed", String(other === key)));
        }),
      );
      return html("div", { class: "filters" }, keys);
    };
    const record = async () => {
      const looked = whole(count.field.value);
      const bad = defects.field.value.trim() ? whole(defects.field.value) : 0;
      worker = named.value.trim();
      const told = await post(`${where}/steps`, { step, worker, count: looked, defects: bad, note: note.value });
      step = ""; // what passed is not asked again: a second touch would take back all that followed
      take(told);
    };
    return html(
      "div",
      { class: "card batch-check" },
      html("h2", {}, say("panel.batch.check")),
      choices(now.next, (name) => say(`batch.step.${name}`), step, (name) => {
        step = name;
      }),
      choices(now.workers.slice(0, WORKERS_SHOWN), (name) => name, worker, (name) => {
        named.value = name;
      }),
      named,
      html("div", { class: "row" }, count.field, defects.field),
      html("div", { class: "row" }, note, button(say("panel.batch.record"), record)),
      count.keys,
      defects.keys,
    );
  }

  function rounds() {
    if (!now.steps.length) return html("p", { class: "soft" }, say("panel.batch.no_rounds"));
    return html(
      "ul",
      { class: "pull-rows" },
      [...now.steps].reverse().map((one) =>
        html(
          "li",
          { class: "card batch-round" },
          html("b", {}, `${say(`batch.step.${one.step}`)} · ${say("panel.batch.round", { round: one.round })}`),
          html("span", { class: one.defects ? "tag bad" : "tag good" }, one.defects ? say("panel.batch.found", { count: one.count, defects: one.defects }) : say("panel.batch.passed", { count: one.count })),
          html("p", { class: "soft" }, say("panel.batch.who", { worker: one.worker, checker: one.checker })),
          one.note ? html("p", {}, one.note) : null,
        ),
      ),
    );
  }

  async function close() {
    const lacking = now.items.filter((/** @type {any} */ one) => one.missing.length);
    const why = worded(say("panel.batch.close_why"));
    const what = html(
      "div",
      { class: "batch-back" },
      html("p", {}, say("panel.batch.close_more")),
      ...present(
        lacking.length
          ? [
              html("p", { class: "tag warn" }, say("panel.batch.close_missing")),
              html("ul", { class: "batch-lacking" }, lacking.map((/** @type {any} */ one) => html("li", {}, html("b", {}, one.ref_code), ` ${one.missing_spans}`))),
              why,
            ]
          : [],
      ),
    );
    const closing = async () => take(await post(`${where}/close`, { despite: why.value }));
    await confirmed(say("panel.batch.close_ask", { name: now.batch.name }), what, say("panel.batch.close"), closing);
  }

  /** @param {string} text @returns {number} */
  function whole(text) {
    if (/^\d{1,6}$/.test(text.trim())) return Number(text);
    throw new Refused({ code: "not_a_number", said: say("panel.batch.write_number"), do_next: "", params: {} }, 422);
  }

  get(where).then(take).catch(refusal);
  return {};
}
