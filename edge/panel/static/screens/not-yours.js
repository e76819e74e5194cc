// @ts-check
import { html } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { missing } from "../rights.js";

/** An address of work that somebody else does: who, and the way back. */

/** @param {any} stage @param {string} right @param {string} back */
export function show(stage, right, back) {
  stage.root.append(
    html(
      "div",
      { class: "card row" },
      html("div", { class: "grow" }, html("h2", { class: "now" }, say("panel.missing.title")), missing(right)),
      html("a", { class: "act", href: `#/${back}` }, say("panel.missing.go_on")),
    ),
  );
  return {};
}
