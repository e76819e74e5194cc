// @ts-check
import { html } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { jobTitle, loanTag, placeInWords } from "./place.js";

/** A request as one line of a list. */

/** @param {any} job */
export function row(job) {
  return html(
    "li",
    {},
    html(
      "a",
      { class: "hit", href: `#/job/${job.id}` },
      html("span", { class: "hit-title" }, jobTitle(job)),
      html(
        "span",
        { class: "hit-state" },
        job.overdue ? html("span", { class: "tag bad" }, say("panel.jobs.overdue")) : null,
        loanTag(job.state),
      ),
      html(
        "span",
        { class: "hit-where" },
        html("span", {}, say("panel.box.no", { box_no: job.box.box_no })),
        html("span", {}, placeInWords(job.slot)),
        job.due ? html("span", {}, say("panel.jobs.due", { due: job.due })) : null,
      ),
      html("span", { class: "hit-why" }, job.person_name),
    ),
  );
}
