// @ts-check
import { get, post } from "../api.js";
import { html } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { button, refusal } from "../notices.js";
import { may } from "../rights.js";
import { waitingForWord } from "./approvals.js";
import { row } from "./job-row.js";

/** The queue of the block, and what is out now. Several requests may be ticked and fetched as one pull list. */

/** @param {any} stage */
export function show(stage) {
  const list = html("div", { class: "jobs" });
  const mayImport = may(stage, "import");
  const mayDigitise = may(stage, "digitise");
  stage.root.append(
    html(
      "div",
      { class: "row" },
      html("h1", { class: "grow" }, say("panel.jobs.title")),
      stage.session.person?.rights.includes("describe") ? html("a", { class: "act quiet", href: "#/describe" }, say("panel.describe.title")) : null,
      may(stage, "hand_over") ? html("a", { class: "act quiet", href: "#/slip" }, say("panel.slip.title")) : null,
      mayImport ? html("a", { class: "act quiet", href: "#/imports" }, say("panel.imports.title")) : null,
      mayDigitise ? html("a", { class: "act quiet", href: "#/digitise" }, say("panel.digitise.title")) : null,
    ),
    list,
  );
  const making = html("div", { class: "row pull-make" });
  /** @type {Set<string>} */ const picked = new Set();
  const mayPull = may(stage, "choose");
  let mark = "";

  async function begin() {
    await post("pull-list", { loan_ids: [...picked] });
    stage.go("pull");
  }

  /** @param {boolean} open @param {number} waiting */
  function drawMaking(open, waiting) {
    if (open) return making.replaceChildren(html("a", { class: "act", href: "#/pull" }, say("panel.pull.go_on")));
    if (!mayPull || waiting < 2) return making.replaceChildren();
    making.replaceChildren(
      picked.size
        ? button(say("panel.pull.begin", { count: picked.size }), begin)
        : html("span", { class: "soft" }, say("panel.pull.make_more")),
    );
  }

  /** @param {any} job @param {number} waiting */
  function pickable(job, waiting) {
    const line = row(job);
    if (job.state !== "approved" || !mayPull || waiting < 2) return line;
    const box = html("input", { type: "checkbox", "aria-label": say("panel.pull.pick"), checked: picked.has(job.id) });
    box.addEventListener("change", () => {
      if (box.checked) picked.add(job.id);
      else picked.delete(job.id);
      drawMaking(false, waiting);
    });
    line.prepend(html("label", { class: "pick" }, box));
    line.classList.add("pickable");
    return line;
  }

  async function load() {
    try {
      const { asked, denied, queue, out } = await get("requests");
      const open = mayPull && (await get("pull-list")).list !== null;
      const waiting = open ? 0 : queue.filter((/** @type {any} */ job) => job.state === "approved").length;
      for (const id of picked)
        if (!queue.some((/** @type {any} */ job) => job.id === id && job.state === "approved")) picked.delete(id);
      drawMaking(open, waiting);
      list.replaceChildren(
        ...waitingForWord(stage, asked, denied, load),
        html("h2", {}, say("panel.jobs.queue", { count: queue.length })),
        making,
        queue.length
          ? html(
              "ol",
              { class: "job-list" },
              queue.map((/** @type {any} */ job) => pickable(job, waiting)),
            )
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
      const now = JSON.stringify([snapshot.asked, snapshot.queue, snapshot.out]);
      if (now === mark) return;
      mark = now;
      load();
    },
  };
}
