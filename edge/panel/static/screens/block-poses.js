// @ts-check
import { get, post } from "../api.js";
import { html } from "../elements/draw.js";
import { listed, say } from "../elements/words.js";
import { button, chosen, confirmed } from "../notices.js";

/** Poses that no request asks for: patrol and stocktake of an aisle, parking, ventilation. Chosen here, started on the block. */

/** @param {any} stage */
export function poseActs(stage) {
  const acts = html("div", { class: "pose-acts" });
  for (const purpose of ["patrol", "stocktake", "park", "ventilate"])
    acts.append(button(say(`panel.pose.${purpose}`), () => choose(stage, purpose), { quiet: true, moves: true }));
  return html("div", { class: "card" }, html("h2", {}, say("panel.pose.title")), acts);
}

/** @param {any} stage @param {string} purpose */
async function choose(stage, purpose) {
  const inAisle = ["patrol", "stocktake"].includes(purpose);
  const aisle = inAisle ? await whichAisle(stage.snapshot.block, say(`panel.pose.${purpose}`)) : null;
  if (inAisle && aisle === null) return;
  const plan = await get(`poses/${purpose}/preview${aisle === null ? "" : `?aisle=${aisle}`}`);
  const ask = say(`panel.pose.${purpose}_ask`, { aisle });
  if (!(await confirmed(ask, what(plan, stage.snapshot.block), say("panel.pose.choose")))) return;
  await post(`poses/${purpose}/choose`, aisle === null ? {} : { aisle });
}

/** What would move, the gaps it leaves, and whether a walk follows. @param {any} plan @param {any} block */
function what(plan, block) {
  if (!plan.moves.length) return html("p", {}, say("panel.pose.stands"));
  const edges = block.columns.map((/** @type {any} */ column, /** @type {number} */ i) => [plan.pose_mm[i], plan.pose_mm[i] + column.width_mm]);
  const gaps = block.aisles.map((/** @type {any} */ aisle) => (edges[aisle.no]?.[0] ?? block.rail_mm) - (edges[aisle.no - 1]?.[1] ?? 0));
  const columns = plan.moves.map((/** @type {any} */ move) => move.column).sort((/** @type {number} */ a, /** @type {number} */ b) => a - b);
  return html(
    "div",
    {},
    html("p", {}, say("panel.pose.what", { columns: listed(columns), seconds: plan.duration_s })),
    html("p", {}, say("panel.pose.gaps", { gaps: gaps.join(" · ") })),
    html("p", { class: plan.aisle === null ? "" : "walk-after" }, plan.aisle === null ? say("panel.pose.no_walk") : say("panel.pose.walk_after", { aisle: plan.aisle })),
    html("p", { class: "soft" }, say(block.drive === "crank" ? "panel.crank.safe" : "panel.job.choose_safe")),
  );
}

/** @param {any} block @param {string} title @returns {Promise<number | null>} */
export async function whichAisle(block, title) {
  const keys = block.aisles.map((/** @type {any} */ aisle) =>
    html("button", { class: "act quiet", value: String(aisle.no) }, String(aisle.no)),
  );
  const answer = await chosen(`${title} · ${say("panel.pose.which_aisle")}`, "", keys);
  return answer === "" ? null : Number(answer);
}
