// @ts-check
import { Refused } from "../api.js";
import { html } from "../elements/draw.js";
import { say, sayOr } from "../elements/words.js";

/** The form of a level, drawn from the node's own list of fields: what is required first, the rest behind one button. */

/**
 * @param {any} asked as GET fields/{level} @param {Record<string, any>} values @param {Record<string, string>} standard
 */
export function makeForm(asked, values, standard) {
  /** @type {Map<string, any>} */ const inputs = new Map();
  const written = (/** @type {any} */ name) => {
    const value = values[name] ?? standard[name] ?? "";
    return value === null ? "" : String(value);
  };
  const draw = (/** @type {any} */ field) => {
    const input = inputOf(asked, field, written(field.name));
    inputs.set(field.name, input);
    const wide = field.kind === "lines" || ["title", "name"].includes(field.name);
    return html(
      "label",
      { class: wide ? "wide" : "", "data-field": field.name },
      html("span", {}, say(`field.${field.name}`), field.required ? html("i", { "aria-hidden": "true" }, " *") : null),
      input,
    );
  };
  const first = asked.fields.filter((/** @type {any} */ field) => field.required || FIRST.includes(field.name));
  const rest = asked.fields.filter((/** @type {any} */ field) => !first.includes(field));
  const more = html("details", {}, html("summary", { class: "act quiet" }, say("panel.record.more", { count: rest.length })), html("div", { class: "form" }, rest.map(draw)));
  more.open = rest.some((/** @type {any} */ field) => !["", "0"].includes(written(field.name)));
  const element = html("form", { class: "fields", onsubmit: (/** @type {Event} */ event) => event.preventDefault() }, html("div", { class: "form" }, first.map(draw)), more);

  return {
    element,
    values: () => Object.fromEntries([...inputs].map(([name, input]) => [name, read(input)]).filter(([, value]) => value !== "")),
    changed: () => Object.fromEntries([...inputs].map(([name, input]) => [name, read(input)]).filter(([name, value]) => value !== written(name))),
    /** To be read, not written in. */
    close: () => inputs.forEach((input) => (input.disabled = true)),
    /** @param {string[]} names */
    clear: (names) => {
      for (const name of names) if (inputs.has(name)) inputs.get(name).value = "";
      inputs.get(names[0])?.focus();
    },
    /** Does `act`; a refusal that names a field shows it. @param {() => Promise<any>} act */
    guarded: async (act) => {
      for (const label of element.querySelectorAll(".wrong")) label.classList.remove("wrong");
      try {
        return await act();
      } catch (error) {
        const label = error instanceof Refused && element.querySelector(`[data-field="${error.params.field}"]`);
        if (label) {
          if (more.contains(label)) more.open = true;
          label.classList.add("wrong");
          label.scrollIntoView({ block: "center" });
          label.querySelector("input, select, textarea")?.focus();
        }
        throw error;
      }
    },
  };
}

const FIRST = ["org", "responsible", "doc_no", "secret_mark"];

/** @param {any} asked @param {any} field @param {string} value */
function inputOf(asked, field, value) {
  if (field.kind === "lines") return withValue(html("textarea", { rows: 2 }), value);
  if (field.kind === "flag") return withValue(html("select", {}, option("0", say("choice.no")), option("1", say("choice.yes"))), value || "0");
  if (field.kind === "choice") {
    const codes = field.choices[0] === "site" ? asked[field.name] : field.choices.map((/** @type {string} */ code) => ({ code }));
    const known = codes.map((/** @type {any} */ one) => option(one.code, labelOf(field.name, one)));
    const kept = value && !codes.some((/** @type {any} */ one) => one.code === value) ? option(value, value) : null;
    return withValue(html("select", {}, option("", "—"), known, kept), value);
  }
  return withValue(html("input", { type: "text", autocomplete: "off", inputmode: field.kind === "text" ? null : "numeric", placeholder: field.kind === "date" ? "20110315" : null }), value);
}

/** @param {string} name @param {any} one */
function labelOf(name, one) {
  if (name === "retention") return `${one.code} ${one.years === null ? say("choice.for_ever") : say("choice.years", { years: one.years })}`;
  return sayOr(`choice.${name}.${one.code}`, one.name ?? one.code);
}

const option = (/** @type {string} */ value, /** @type {string} */ label) => html("option", { value }, label);

/** @param {any} input @param {string} value */
function withValue(input, value) {
  input.value = value;
  return input;
}

/** @param {any} input */
const read = (input) => input.value.trim();
