// @ts-check
import { html } from "./draw.js";
import { say } from "./words.js";

let made = 0;

/** A number with a large − and + beside it, for a finger; the field takes typing as well. `id`: what its label is for,
 * or a tap on the words would press the −.
 * @param {number} value @param {{step: number, least: number, most: number}} fit @returns {{field: any, id: string, value: () => number}} */
export function amount(value, { step, least, most }) {
  const id = `amount-${(made += 1)}`;
  const input = html("input", { id, type: "number", inputmode: "numeric", min: least, max: most, value });
  const by = (/** @type {number} */ more) => () => (input.value = String(Math.min(most, Math.max(least, Number(input.value) + more))));
  const press = (/** @type {string} */ sign, /** @type {string} */ name, /** @type {number} */ more) => html("button", { type: "button", class: "act quiet square", "aria-label": say(name), onclick: by(more) }, sign);
  return {
    field: html("span", { class: "amount" }, press("−", "panel.shelves.less", -step), input, press("+", "panel.shelves.more", step)),
    id,
    value: () => Number(input.value),
  };
}
