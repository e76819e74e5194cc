// @ts-check
import { html } from "./draw.js";
import { say } from "./words.js";

/** A time of day to choose: hours 00–23 and minutes, alike in every language and on every system. A browser's own field
 * follows the system's locale, which is nobody's at a wall panel.
 * @param {number} minute of the day @returns {{field: any, minute: () => number}} */
export function clockField(minute) {
  const part = (/** @type {string} */ name, /** @type {number} */ count, /** @type {number} */ now) =>
    html(
      "select",
      { "aria-label": say(name) },
      Array.from({ length: count }, (_, one) => html("option", { value: one, selected: one === now }, String(one).padStart(2, "0"))),
    );
  const hours = part("panel.time.hour", 24, Math.floor(minute / 60) % 24);
  const minutes = part("panel.time.minute", 60, minute % 60);
  return {
    field: html("span", { class: "clock", role: "group" }, hours, html("b", { "aria-hidden": "true" }, ":"), minutes),
    minute: () => Number(hours.value) * 60 + Number(minutes.value),
  };
}

/** As ISO 8601 writes it. @param {number} minute of the day */
export const clock = (minute) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
