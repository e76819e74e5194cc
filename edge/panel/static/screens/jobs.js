// @ts-check
import { get } from "../api.js";
import { html } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { refusal } from "../notices.js";
import { jobTitle, loanTag, placeInWords } from "./place.js";

/** The queue of the block, one physical thing at a time, and what is out now. */

/** @param {any} stage */
export function show(stage) {
  const list = html("div", { class: "jobs" });
  stage.root.append(html("h1", {}, say("panel.jobs.title")), list);
  let mark = "";

  async function load() {
    try {
      const { queue, out } = await get("requests");
      list.replaceChildren(
        html("h2", {}, say("panel.jobs.queue", { count: queue.length })),
        queue.length
          ? html("ol", { class: "job-list" }, queue.map(row))
          : html("p", { class: "card soft" }, say("panel.jobs.none")),
        html("h2", {}, say("panel.jobs.out", { count: out.length })),
        out.length
          ? html("ul", { class: "job-list" }, out.map(row))
          : html("p", { class: "card soft" }, say("panel.jobs.none_out")),
      );
    } catch (error) {
      refusal(error);
    }
  }

  return {
    update: (/** @type {any} */ snapshot) => {
      const now = JSON.stringify([snapshot.queue, snapshot.out]);
      if (now === mark) return;
      mark = now;
      load();
    },
  };
}

/** @param {any} job */
function row(job) {
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
