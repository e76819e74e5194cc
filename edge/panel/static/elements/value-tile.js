// @ts-check
import { html, setText } from "./draw.js";
import { say } from "./words.js";

/** `<value-tile>`: one measured value with its limits, age and quality; `show(reading)` takes one of the snapshot's `readings`. */

const DECIMALS = { temp_cc: 1, rh_cpct: 1, lux: 0, leak: 0 };
const SCALE = { temp_cc: 100, rh_cpct: 100, lux: 1, leak: 1 };

/** The value in the measurand's display unit, without the unit. @param {string} measurand @param {number} value */
export function figure(measurand, value) {
  const key = /** @type {keyof typeof SCALE} */ (measurand);
  return (value / SCALE[key]).toFixed(DECIMALS[key]);
}

/** @param {string} measurand @param {number | null} value */
export function inWords(measurand, value) {
  if (value === null) return say("panel.value.none");
  if (measurand === "leak") return say(value ? "panel.value.wet" : "panel.value.dry");
  return `${figure(measurand, value)} ${say(`panel.unit.${measurand}`)}`;
}

/** What the reading says now: nothing, where it is old or its sensor reports a fault. @param {any} reading */
export function nowInWords(reading) {
  return inWords(reading.measurand, reading.quality === "good" ? reading.value : null);
}

/** @param {any} reading */
function limitsInWords(reading) {
  const { measurand, low, high } = reading;
  if (measurand === "leak") return say("panel.value.limit_leak");
  if (low !== null && high !== null)
    return say("panel.value.between", { low: figure(measurand, low), high: figure(measurand, high) });
  if (high !== null) return say("panel.value.at_most", { high: figure(measurand, high) });
  return low !== null ? say("panel.value.at_least", { low: figure(measurand, low) }) : "";
}

/** @param {any} reading */
export function isOutside(reading) {
  const { value, low, high, measurand } = reading;
  if (value === null || reading.quality !== "good") return false;
  return measurand === "leak" ? value === 1 : (low !== null && value < low) || (high !== null && value > high);
}

class ValueTile extends HTMLElement {
  /** @type {any} */ #parts = null;

  /** @param {any} reading */
  show(reading) {
    if (!this.#parts) {
      this.#parts = {
        name: html("span", { class: "tile-name" }),
        value: html("strong", { class: "tile-value" }),
        limits: html("span", { class: "tile-limits" }),
        age: html("span", { class: "tile-age" }),
      };
      this.append(this.#parts.name, this.#parts.value, this.#parts.limits, this.#parts.age);
    }
    const outside = isOutside(reading);
    this.className = `${reading.quality} ${outside ? "outside" : ""}`;
    setText(this.#parts.name, say(`panel.measurand.${reading.measurand}`));
    setText(this.#parts.value, nowInWords(reading));
    setText(this.#parts.limits, `${outside ? "▲ " : ""}${limitsInWords(reading)}`);
    setText(
      this.#parts.age,
      reading.quality === "good"
        ? say("panel.value.age", { seconds: Math.round(reading.age_ms / 1000) })
        : say(`panel.quality.${reading.quality}${reading.age_ms === null ? "_unheard" : ""}`, {
            seconds: Math.round(reading.age_ms / 1000),
          }),
    );
  }
}

customElements.define("value-tile", ValueTile);
