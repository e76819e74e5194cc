// @ts-check
import { get, post } from "../api.js";
import { html } from "../elements/draw.js";
import { keyed } from "../elements/key-board.js";
import { say } from "../elements/words.js";
import { button, notice, refusal } from "../notices.js";

/** A paper slip of a day without power or node, entered later with the time at which it really happened. */

/** @param {any} stage */
export function show(stage) {
  const zone = stage.snapshot?.room.zone;
  let kind = "lent";
  const kinds = html("div", { class: "filters", role: "group", "aria-label": say("panel.slip.what") });
  const { field: box, keys } = keyed(say("panel.slip.box"), { class: "slip-box" });
  const when = html("input", { type: "datetime-local", "aria-label": say("panel.slip.when"), value: now(zone), max: now(zone) });
  const who = html("select", { "aria-label": say("panel.slip.who") });
  const whose = html("label", {}, say("panel.slip.who"), who);
  for (const name of ["lent", "back"]) {
    const one = html("button", { type: "button", class: "filter", "aria-pressed": String(name === kind) }, say(`panel.slip.${name}`));
    one.addEventListener("click", () => {
      kind = name;
      whose.hidden = kind === "back";
      for (const other of kinds.children) other.setAttribute("aria-pressed", String(other === one));
    });
    kinds.append(one);
  }
  stage.root.append(
    html("h1", {}, say("panel.slip.title")),
    html("p", { class: "soft" }, say("panel.slip.why")),
    kinds,
    html("div", { class: "slip-form" }, html("label", {}, say("panel.slip.box"), box), html("label", {}, say("panel.slip.when"), when), whose),
    keys,
    html("div", { class: "row end" }, button(say("panel.slip.enter"), enter)),
  );

  async function enter() {
    const told = await post("slips", { kind, box: box.value, real: when.value, borrower_id: kind === "lent" ? who.value : null });
    notice(say("panel.slip.done", { box_no: told.box_no }), told.due ? say("panel.slip.due", { due: told.due }) : "", false);
    box.value = "";
    box.focus();
  }

  get("people")
    .then((all) => who.replaceChildren(...all.map((/** @type {any} */ one) => html("option", { value: one.id }, `${one.name} ${one.department}`))))
    .catch(refusal);
  return {};
}

/** The room's own date and time, as a field wants it. @param {string} zone */
function now(zone) {
  return new Date().toLocaleString("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" }).replace(" ", "T");
}
