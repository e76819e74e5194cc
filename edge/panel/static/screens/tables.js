// @ts-check
import { get } from "../api.js";
import { html } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { button, notice, refusal } from "../notices.js";
import { saveFile } from "../save-file.js";

/** Any table, or the items as a finding aid, into a file: choose which, then how. */

/** What a table's name says of its file. @type {Record<string, string>} */
const ENDS = { csv: "csv", xlsx: "xlsx", jsonl: "jsonl", ead: "ead.xml", ead3: "ead3.xml", atom: "atom.csv" };
/** Finding aids are of one fonds. */
const OF_ONE_FONDS = ["ead", "ead3"];

/** @param {any} stage */
export function show(stage) {
  const list = html("nav", { class: "print-kinds" });
  const side = html("section", { class: "card print-side" });
  stage.root.append(
    html("div", { class: "row" }, html("a", { class: "act quiet", href: "#/printing" }, `‹ ${say("panel.back")}`), html("h1", { class: "grow" }, say("panel.export.title"))),
    html("div", { class: "print-screen" }, list, side),
  );
  const select = (/** @type {string[][]} */ options) => html("select", {}, options.map(([value, label]) => html("option", { value }, label)));

  /** @param {any} choices */
  function ready(choices) {
    const named = choices.fonds.map((/** @type {any} */ one) => [one.fonds_no, `${one.fonds_no} ${one.name}`]);
    const kinds = choices.tables.map((/** @type {any} */ table) => html("button", { type: "button", class: "print-kind", onclick: () => choose(table) }, say(`panel.export.table.${table.name}`)));
    list.replaceChildren(...kinds);
    choose(choices.tables[0]);

    /** @param {any} table */
    function choose(table) {
      kinds.forEach((/** @type {HTMLElement} */ one, /** @type {number} */ at) => one.setAttribute("aria-pressed", String(choices.tables[at] === table)));
      const form = select(table.formats.map((/** @type {string} */ one) => [one, say(`panel.export.form.${one}`)]));
      const fonds = html("label", {});
      const clearance = select(choices.clearances.map((/** @type {string} */ level) => [level, say(`panel.secret.${level}`)]));
      const label = (/** @type {string} */ word, /** @type {any} */ field) => html("label", {}, html("span", {}, say(word)), field);
      /** @type {any} */ let chosenFonds = null;

      function offerFonds() {
        const before = chosenFonds?.value ?? "";
        chosenFonds = select([...(OF_ONE_FONDS.includes(form.value) ? [] : [["", say("panel.print.every")]]), ...named]);
        if (before) chosenFonds.value = before;
        fonds.replaceChildren(html("span", {}, say("panel.print.fonds")), chosenFonds);
      }

      async function save() {
        const asked = new URLSearchParams({ form: form.value, clearance: clearance.value, fonds: table.by_fonds ? chosenFonds.value : "" });
        await saveFile(`export/${table.name}?${asked}`, `${say(`panel.export.table.${table.name}`)}.${ENDS[form.value]}`);
        notice(say("panel.export.saved"), "", false);
      }

      form.addEventListener("change", offerFonds);
      offerFonds();
      side.replaceChildren(
        html("h2", {}, say(`panel.export.table.${table.name}`)),
        html(
          "div",
          { class: "form" },
          label("panel.export.format", form),
          table.by_fonds ? fonds : "",
          choices.clearances.length > 1 ? label("panel.print.clearance", clearance) : "",
        ),
        html("div", { class: "row end" }, button(say("panel.export.save"), save)),
      );
    }
  }

  get("export").then(ready).catch(refusal);
  return {};
}
