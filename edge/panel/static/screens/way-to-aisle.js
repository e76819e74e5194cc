// @ts-check
import { get, post } from "../api.js";
import { html, present, setText } from "../elements/draw.js";
import { listed, say } from "../elements/words.js";
import { button } from "../notices.js";
import { may, missing } from "../rights.js";
import { opening } from "./job-phase.js";
import { agreed, beside, crankNow, faultNow, howItEnded, howToWalk, lastTime, nowWords, startWords, steps, whileMoving } from "./job-parts.js";

/** The way to an open aisle, alike wherever a box is fetched or put back: what stands before it, Start, the drive. */

/** @typedef {(snapshot: any) => void} Live what keeps a drawn step up to date */

/** The bar of a job's steps and what to do now: drawn when `key` changes, kept up to date in between.
 * @param {string[]} names of the bar @param {(step: string, snapshot: any) => any[]} own what a screen shows at its own steps */
export function stepByStep(names, own) {
  const bar = html("ol", { class: "steps" });
  const body = html("div", { class: "job-body" });
  let drawn = "";
  /** @type {Live | undefined} */ let live;

  /** @param {string} step @param {string} key @param {number} aisle @param {any} snapshot @param {any} [job] */
  function show(step, key, aisle, snapshot, job) {
    if (key !== drawn) {
      drawn = key;
      const way = wayToAisle(step, aisle, snapshot, job);
      live = way?.live;
      bar.replaceChildren(...steps(names, step, snapshot.block.drive));
      body.replaceChildren(...(way ? way.shown : own(step, snapshot)));
      body.dataset.phase = step;
    }
    live?.(snapshot);
  }
  return { bar, body, show };
}

/** What to show at `step`, and what keeps it up to date; null where the step is the screen's own.
 * @param {string} step of opening() @param {number} aisle @param {any} snapshot @param {any} [job] the request, where it is one
 * @returns {{ shown: any[], live?: Live } | null} */
export function wayToAisle(step, aisle, snapshot, job) {
  const { block } = snapshot;
  switch (step) {
    case "fault":
      return { shown: faultNow(block) };
    case "crank_first":
    case "power_up":
      return { shown: beside(nowWords(`panel.job.${step}`), [html("a", { class: "act", href: "#/block" }, say("panel.job.power_up_go"))]) };
    case "walk":
      return {
        shown: beside(
          [...nowWords("panel.job.walk", { aisles: listed(snapshot.walk) }), lastTime(job), howToWalk(block)],
          [html("a", { class: "act quiet", href: "#/block" }, say("panel.nav.block"))],
        ),
      };
    case "wait":
    case "proving":
      return { shown: beside(nowWords(`panel.job.${step}`)) };
    case "crank":
      return { shown: crankNow(block) };
    case "start": {
      const { shown, live } = countdown();
      return { shown: [startLamp(), startWords(block), shown], live };
    }
    case "warning":
    case "moving": {
      const where = html("p", { class: "now-more" });
      const shown = beside([...whileMoving(block, say(`panel.job.${step}`, { aisle })), where]);
      return { shown, live: (later) => setText(where, driving(later.block)) };
    }
    default:
      return null;
  }
}

/** The same for a pose that no request asks for: how far the way is, or the key that chooses it.
 * @param {any} stage @param {string} purpose of the pose @param {string} step of opening(), none where the aisle stands open
 * @param {number} aisle @param {any} snapshot @returns {{ shown: any, live?: Live }} */
export function wayForPose(stage, purpose, step, aisle, snapshot) {
  const way = wayToAisle(step, aisle, snapshot);
  if (way) return { shown: html("div", { class: "job-body", "data-phase": step }, way.shown), live: way.live };
  const open = async () => {
    if (!(await agreed(await get(`poses/${purpose}/preview?aisle=${aisle}`), stage.snapshot.block))) return;
    await post(`poses/${purpose}/choose`, { aisle });
  };
  const ended = step === "ended" ? howItEnded(snapshot.block) : html("p", { class: "grow" }, say("panel.pose.aisle_shut", { aisle }));
  const key = may(stage, "choose") ? button(say("panel.pose.open_aisle", { aisle }), open, { moves: true }) : missing("choose");
  return { shown: html("div", { class: "job-body" }, html("div", { class: "grow" }, ended), key) };
}

/** How to come into an aisle, the road of every box, on a card that is gone while the aisle stands open.
 * @param {any} stage @param {string} purpose of the pose */
export function wayCard(stage, purpose) {
  const card = html("div", { class: "card way-card", hidden: true });
  let drawn = "";
  /** @type {Live | undefined} */ let live;

  /** @param {number} aisle @param {any} snapshot */
  function update(aisle, snapshot) {
    const step = opening(snapshot, aisle, true);
    const key = JSON.stringify([aisle, step, snapshot.walk]);
    if (key !== drawn) {
      drawn = key;
      card.hidden = step === "open";
      const found = card.hidden ? null : wayForPose(stage, purpose, step, aisle, snapshot);
      live = found?.live;
      card.replaceChildren(...present([found?.shown]));
    }
    live?.(snapshot);
  }
  return { card, update };
}

export const startLamp = () => html("div", { class: "start-lamp", "aria-hidden": "true" });

/** The seconds left in which Start may be pressed. @returns {{ shown: any, live: Live }} */
export function countdown() {
  const seconds = html("output", { class: "seconds" });
  return {
    shown: html("div", { class: "countdown" }, seconds, html("span", {}, say("panel.job.seconds"))),
    live: (later) => setText(seconds, String(later.block.move?.seconds_left ?? "")),
  };
}

/** Which carriages drive, from where to where. @param {any} block */
function driving(block) {
  return block.columns
    .filter((/** @type {any} */ column) => column.speed_mm_s !== 0)
    .map((/** @type {any} */ column) =>
      say("panel.job.moving_column", {
        column: column.no,
        position: column.position_mm ?? "–",
        target: column.target_mm ?? "–",
      }),
    )
    .join("  ");
}
