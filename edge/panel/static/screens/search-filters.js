// @ts-check
import { html } from "../elements/draw.js";
import { say, sayOr } from "../elements/words.js";

/** Drop-downs that narrow a search, and a chip for each that does; a chip takes its filter away. */

const NAMES = ["fonds", "years", "category", "retention", "level", "place", "state"];

/**
 * @param {any} choices as `GET /api/v1/search/choices` tells
 * @param {Record<string, string>} chosen filter → value, "" = any; changed here
 * @param {(field: HTMLInputElement | null) => void} typed which field the key board types into
 * @param {() => void} changed
 */
export function filters(choices, chosen, typed, changed) {
  /** @type {Record<string, any>} */
  const fields = {};
  const chips = html("div", { class: "search-chips" });
  const texts = options(choices);

  for (const name of [...NAMES, "order"]) {
    fields[name] = name === "years" ? yearField() : dropDown(name, texts[name]);
    fields[name].value = chosen[name];
  }

  function yearField() {
    const field = html("input", {
      type: "text",
      inputmode: "none",
      "data-own-keys": true,
      placeholder: say("panel.search.years_hint"),
      oninput: () => /^$|^\d{4}$|^\d{4}-\d{4}$/.test(field.value) && set("years", field.value),
      onfocus: () => typed(field),
      onblur: () => typed(null),
    });
    return field;
  }

  /** @param {string} name @param {string[][]} told */
  function dropDown(name, told) {
    const any = name === "order" ? [] : [["", say("panel.search.any")]];
    return html(
      "select",
      { onchange: (/** @type {any} */ event) => set(name, event.target.value) },
      [...any, ...told].map(([value, text]) => html("option", { value }, text)),
    );
  }

  /** @param {string} name @param {string} value */
  function set(name, value) {
    chosen[name] = value;
    drawChips();
    changed();
  }

  function drawChips() {
    const on = NAMES.filter((name) => chosen[name]);
    chips.replaceChildren(
      ...on.map((name) => {
        const text = name === "years" ? chosen.years : texts[name].find(([value]) => value === chosen[name])?.[1];
        return html(
          "button",
          {
            type: "button",
            class: "search-chip",
            onclick: () => {
              fields[name].value = "";
              set(name, "");
            },
          },
          `${say(`panel.search.${name}`)} ${text ?? chosen[name]} ✕`,
        );
      }),
    );
    chips.hidden = !on.length;
  }

  drawChips();
  const panel = html(
    "div",
    { class: "search-narrow", hidden: true },
    [...NAMES, "order"].map((name) => html("label", {}, html("span", {}, say(`panel.search.${name}`)), fields[name])),
  );
  return { panel, chips };
}

/** What each drop-down offers. @param {any} choices @returns {Record<string, string[][]>} */
function options(choices) {
  return {
    fonds: choices.fonds.map((/** @type {any} */ one) => [one.fonds_no, `${one.fonds_no} ${one.name}`]),
    category: choices.categories.map((/** @type {string} */ code) => [code, code]),
    retention: choices.retentions.map((/** @type {string} */ code) => [
      code,
      sayOr(`panel.search.kept.${code}`, code),
    ]),
    level: choices.secret_levels.map((/** @type {string} */ level) => [level, say(`panel.secret.${level}`)]),
    place: choices.places.map((/** @type {string} */ place) => {
      const [column, face] = place.split("-").slice(-2);
      return [place, say("panel.search.face", { column: Number(column), face })];
    }),
    state: choices.states.map((/** @type {string} */ state) => [state, say(`panel.state.${state}`)]),
    order: choices.orders.map((/** @type {string} */ order) => [order, say(`panel.search.by.${order}`)]),
  };
}
