// @ts-check
import { get, post } from "../api.js";
import { html, present } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { chosen, notice } from "../notices.js";

/** Two records of one paper become one: which is the other, what of it is taken over, and why. */

const OWN = ["item_no", "ref_code"]; // what a record keeps whatever happens

/** Whether it was done. @param {string} subject the record that stays @returns {Promise<boolean>} */
export async function merge(subject) {
  const { items } = await get(`records/item/${subject}/alike`);
  if (!items.length) {
    notice(say("panel.record.no_alike"), "", false);
    return false;
  }
  const twins = items.map((/** @type {any} */ one) => html("button", { class: "act quiet twin", value: one.id }, html("b", {}, one.ref_code || "—"), html("span", { class: "grow" }, one.title), html("span", { class: "soft" }, one.date)));
  const twin = await chosen(say("panel.record.merge_ask"), html("p", {}, say("panel.record.merge_more")), twins);
  return Boolean(twin) && compare(subject, twin);
}

/** @param {string} subject @param {string} twin */
async function compare(subject, twin) {
  const [stays, goes] = await Promise.all([get(`records/item/${subject}`), get(`records/item/${twin}`)]);
  const written = (/** @type {any} */ record, /** @type {string} */ name) => String(record.values[name] ?? "");
  const differing = Object.keys(goes.values).filter((name) => !OWN.includes(name) && written(goes, name) && written(goes, name) !== written(stays, name));
  const ticks = differing.map((name) => ({ name, box: html("input", { type: "checkbox", checked: !written(stays, name) }) }));
  const reason = html("input", { type: "text", autocomplete: "off" });
  const line = (/** @type {any} */ { name, box }) =>
    html("label", { class: "tick" }, html("span", {}, say(`field.${name}`), html("small", { class: "soft block" }, `${written(stays, name) || "—"} ← `, html("b", {}, written(goes, name)))), box);
  const details = html(
    "div",
    { class: "form single dialog-form" },
    present([
      html("p", {}, `${stays.number || "—"} ${say("panel.record.merge_stays")} · ${goes.number || "—"} ${say("panel.record.merge_goes")}`),
      ticks.length ? html("p", { class: "soft" }, say("panel.record.merge_take")) : null,
      ...ticks.map(line),
      html("label", {}, html("span", {}, say("panel.record.reason")), reason),
    ]),
  );
  const acts = html("button", { class: "act", value: "yes" }, say("panel.record.merge"));
  const taken = () => ticks.filter(({ box }) => box.checked).map(({ name }) => name);
  const merging = () => post(`records/item/${subject}/merge`, { drop: twin, take: taken(), reason: reason.value });
  if (!(await chosen(say("panel.record.merge_sure"), details, [acts], merging))) return false;
  notice(say("panel.record.merged"), "", false);
  return true;
}
