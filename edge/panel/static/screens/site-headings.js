// @ts-check
import { get, post } from "../api.js";
import { html } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { button, chosen, notice, refusal } from "../notices.js";

/** Which columns the printed registers of a fonds have, in which order, under which words and how wide. */

/** @param {any} told as GET site */
export function headings(told) {
  const fonds = html("select", { "aria-label": say("panel.describe.fonds") }, told.fonds.map((/** @type {any} */ one) => html("option", { value: one.fonds_no }, `${one.fonds_no} ${one.name}`)));
  const kind = html("select", { "aria-label": say("panel.site.register") }, Object.keys(told.kinds).map((one) => html("option", { value: one }, say(`panel.print.kind.register.${one}`))));
  const list = html("ul", { class: "number-list" });
  const acts = html("div", { class: "row wrap" });
  /** @type {any[]} */ let columns = [];
  let touched = false;
  const own = (/** @type {any} */ one) => one.words || say(`print.heading.${one.column}`);

  async function load() {
    if (!fonds.value) return;
    columns = (await get(`site/headings/${fonds.value}/${kind.value}`)).headings;
    touched = false;
    draw();
  }

  function draw() {
    const total = columns.reduce((sum, one) => sum + one.share, 0);
    const free = told.kinds[kind.value].filter((/** @type {string} */ name) => !columns.some((one) => one.column === name));
    list.replaceChildren(
      ...columns.map((one, place) =>
        html(
          "li",
          {},
          html("span", { class: "grow" }, own(one), html("small", { class: "soft" }, ` ${Math.round((100 * one.share) / total)} %`)),
          button(say("panel.site.change"), () => change(place), { quiet: true }),
          move(place, -1, "↑"),
          move(place, 1, "↓"),
          square(say("panel.site.remove"), "✕", columns.length < 2, () => columns.splice(place, 1)),
        ),
      ),
    );
    acts.replaceChildren(
      ...(touched ? [button(say("panel.describe.save"), () => save({ columns }))] : []),
      ...(free.length ? [button(say("panel.site.add_column"), () => add(free), { quiet: true })] : []),
      button(say("panel.site.usual"), () => save({ usual: "usual" }), { quiet: true }),
      ...(kind.value === "files" ? [button(say("panel.site.of_2000"), () => save({ usual: "2000" }), { quiet: true })] : []),
    );
  }

  /** @param {string} name @param {string} mark @param {boolean} off @param {() => void} act */
  const square = (name, mark, off, act) =>
    html("button", { type: "button", class: "act quiet square", "aria-label": name, disabled: off, onclick: () => (act(), (touched = true), draw()) }, mark);

  /** @param {number} place @param {number} by @param {string} mark */
  const move = (place, by, mark) =>
    square(say(by < 0 ? "panel.register.up" : "panel.register.down"), mark, !columns[place + by], () => {
      [columns[place], columns[place + by]] = [columns[place + by], columns[place]];
    });

  /** @param {number} place */
  async function change(place) {
    const one = columns[place];
    const words = html("input", { type: "text", autocomplete: "off", maxlength: 20, value: own(one) });
    const share = html("input", { type: "number", min: 1, max: 200, value: one.share });
    const form = html("div", { class: "form" }, html("label", {}, html("span", {}, say("panel.site.field.words")), words), html("label", {}, html("span", {}, say("panel.site.field.share")), share));
    const keeping = () => {
      const written = words.value.trim();
      const changed = { ...one, words: written === say(`print.heading.${one.column}`) ? "" : written, share: Number(share.value) };
      return save({ columns: columns.toSpliced(place, 1, changed) });
    };
    await chosen(own(one), form, [html("button", { class: "act", value: "yes" }, say("panel.describe.save"))], keeping);
  }

  /** @param {string[]} free */
  async function add(free) {
    const buttons = free.map((name) => html("button", { class: "act quiet", value: name }, say(`print.heading.${name}`)));
    const column = await chosen(say("panel.site.add_column"), "", buttons);
    if (!column) return;
    columns.push({ column, words: "", share: 20 });
    touched = true;
    draw();
  }

  /** @param {any} body */
  async function save(body) {
    await post(`site/headings/${fonds.value}/${kind.value}`, body);
    notice(say("panel.site.saved"), say("panel.site.headings_next"), false);
    await load();
  }

  for (const choice of [fonds, kind]) choice.addEventListener("change", () => load().catch(refusal));
  load().catch(refusal);
  return html("div", { class: "site-headings" }, html("div", { class: "form" }, html("label", {}, html("span", {}, say("panel.describe.fonds")), fonds), html("label", {}, html("span", {}, say("panel.site.register")), kind)), list, acts);
}
