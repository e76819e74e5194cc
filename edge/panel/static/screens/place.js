// @ts-check
import { html } from "../elements/draw.js";
import { say } from "../elements/words.js";

/** Slots and states in words. */

/** `B1-A-03-R-02-4-07` in its parts. @param {string} code */
export function slotParts(code) {
  const parts = code.split("-");
  const [column, face, section, level, position] = parts.slice(-5);
  return {
    area: parts.slice(0, -5).join("-"),
    column: Number(column),
    face,
    section: Number(section),
    level: Number(level),
    position: Number(position),
  };
}

/** @param {string} code */
export function placeInWords(code) {
  return say("panel.place", slotParts(code));
}

/** What tells whether it is in: what lies in a box that is out is out as well. @param {any} record @param {any} box */
export function inOrOut(record, box) {
  return record && box && record.state === "shelved" && box.state === "out" ? box : (record ?? box);
}

/** @param {any} thing an item, a volume or a box */
export function stateTag(thing) {
  if (thing.missing) return html("span", { class: "tag bad" }, `✕ ${say("panel.state.missing")}`);
  const kind = { shelved: "good", out: "warn", void: "bad", registered: "info" }[/** @type {string} */ (thing.state)];
  const glyph = { shelved: "●", out: "○", void: "✕", registered: "◌" }[/** @type {string} */ (thing.state)];
  return html("span", { class: `tag ${kind}` }, `${glyph} ${say(`panel.state.${thing.state}`)}`);
}

/** What a request is for; a box without a title of its own is called by its number. @param {any} job */
export function jobTitle(job) {
  return job.title || say("panel.box.no", { box_no: job.box.box_no });
}

/** @param {string} state */
export function loanTag(state) {
  const kind = {
    asked: "warn",
    denied: "bad",
    approved: "info",
    pulling: "info",
    verified: "good",
    handed_over: "good",
    returned: "info",
    confirmed: "good",
    reshelved: "",
    cancelled: "warn",
  }[state];
  return html("span", { class: `tag ${kind}` }, say(`panel.loan.${state}`));
}
