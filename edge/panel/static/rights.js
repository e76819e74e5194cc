// @ts-check
import { html } from "./elements/draw.js";
import { say } from "./elements/words.js";

/** What the person at the panel may do. The node decides once more; here it decides what is offered. */

/** @param {any} stage @param {string} right */
export const may = (stage, right) => Boolean(stage.session.person?.rights.includes(right));

/** Who may, in plain words, where this person may not. @param {string} right @param {string} [tag] */
export const missing = (right, tag = "p") => html(tag, { class: "soft missing" }, say(`panel.missing.${right}`));
