// @ts-check
import { get, post } from "../api.js";
import { clock, clockField } from "../elements/clock-field.js";
import { html } from "../elements/draw.js";
import { keyed } from "../elements/key-board.js";
import { say } from "../elements/words.js";
import { button, notice, refusal } from "../notices.js";

/** A paper slip of a day without power or node, entered later with the time at which it really happened. */

/** @param {any} stage */
export function show(stage) {
  const zone = stage.zone;
  let kind = "lent";
  const kinds = html("div", { class: "filters", role: "group", "aria-label": say("panel.slip.what") });
  const { field: box, keys } = keyed(say("panel.slip.box"), { class: "slip-box" });
  const [today, minute] = now(zone);
  const day = html("input", { type: "date", "aria-label": say("panel.slip.when"), value: today, max: today });
  const at = clockField(minute);
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
    html("div", { class: "slip-form" }, html("label", {}, say("panel.slip.box"), box), html("label", {}, say("panel.slip.when"), html("span", { class: "row" }, day, at.field)), whose),
    keys,
    html("div", { class: "row end" }, button(say("panel.slip.enter"), enter)),
  );

  async function enter() {
    const told = await post("slips", { kind, box: box.value, real: `${day.value}T${clock(at.minute())}`, borrower_id: kind === "lent" ? who.value : null });
    notice(say("panel.slip.done", { box_no: told.box_no }), told.due ? say("panel.slip.due", { due: told.due }) : "", false);
    box.value = "";
    box.focus();
  }

  get("people")
    .then((all) => who.replaceChildren(...all.map((/** @type {any} */ one) => html("option", { value: one.id }, `${one.name} ${one.department}`))))
    .catch(refusal);
  return {};
}

/** The room's own date and minute of the day. @param {string} zone @returns {[string, number]} */
function now(zone) {
  const [day, time] = new Date().toLocaleString("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" }).split(" ");
  const [hours, minutes] = time.split(":").map(Number);
  return [day, hours * 60 + minutes];
}
