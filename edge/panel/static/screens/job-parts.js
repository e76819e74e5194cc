// @ts-check
import { html } from "../elements/draw.js";
import { keyed } from "../elements/key-board.js";
import { listed, say, sayOr } from "../elements/words.js";
import { post } from "../api.js";
import { button, confirmed, overcome } from "../notices.js";
import { faultsOf } from "./job-phase.js";

/** Pieces that requests, returns and reshelving show alike. */

const STEP_OF = /** @type {Record<string, string>} */ ({
  fault: "choose",
  power_up: "choose",
  crank_first: "choose",
  walk: "choose",
  wait: "choose",
  choose: "choose",
  ended: "choose",
  proving: "start",
  crank: "moving",
  start: "start",
  warning: "moving",
  moving: "moving",
  take: "take",
  check: "check",
  refused: "check",
  hand_over: "hand_over",
  staff: "choose",
  collect: "hand_over",
  leave: "leave",
});

/** The one next thing to do, and more about it: words `msgid` and `<msgid>_more`. @param {string} msgid @param {any} [params] */
export const nowWords = (msgid, params = {}) => [
  html("h2", { class: "now" }, say(msgid, params)),
  html("p", { class: "now-more" }, say(`${msgid}_more`, params)),
];

/** Whether the lamp at the place is on: without one the drawing shows it. @param {any} snapshot @param {string} slot */
export const lampWords = (snapshot, slot) => (snapshot.lit === slot ? `☀ ${say("panel.job.lamp_on")}` : say("panel.job.lamp_off"));

/** What to do, and beside it what to touch. @param {any[]} text @param {any[]} [acts] */
export const beside = (text, acts = []) => [html("div", { class: "grow" }, text), html("div", { class: "job-acts" }, acts)];

/** Nobody presses Start at a block that is cranked, or walks for its sake. @param {string[]} names @param {string} now @param {string} [drive] */
export function steps(names, now, drive = "motors") {
  if (drive === "crank") names = names.filter((name) => name !== "start" && name !== "leave");
  const at = now === "done" || now === "over" ? names.length : names.indexOf(STEP_OF[now] ?? now);
  return names.map((name, i) =>
    html(
      "li",
      { class: i < at ? "past" : i === at ? "here" : "", "aria-current": i === at ? "step" : null },
      html("span", {}, i < at ? "✓" : String(i + 1)),
      say(drive === "crank" && name === "moving" ? "panel.step.crank" : `panel.step.${name}`),
    ),
  );
}

/** How its last move ended, where it has to be chosen again. @param {any} [job] */
export const lastTime = (job) =>
  job?.reason ? html("p", { class: "tag warn" }, say("panel.job.again", { how: sayOr(`end.${job.reason}`, job.reason) })) : null;

/** Deep button first, then the mouth; only the mouth where an aisle is shut; and the way out where one stands open too
 * little for a person. @param {any} block */
export function howToWalk(block) {
  const narrow = block.aisles.filter((/** @type {any} */ aisle) => aisle.too_narrow);
  const occupied = block.aisles.filter((/** @type {any} */ aisle) => aisle.state === "occupied");
  const shut = occupied.filter((/** @type {any} */ aisle) => aisle.steps.includes("mouth"));
  return html(
    "div",
    {},
    occupied.length && shut.length === occupied.length
      ? null
      : html(
          "ol",
          { class: "walk" },
          ["in", "deep", "out", "mouth"].map((step, i) =>
            html("li", {}, html("b", {}, String(i + 1)), say(`panel.walk.${step}`)),
          ),
        ),
    shut.map((/** @type {any} */ aisle) =>
      html("p", { class: "narrow" }, say("panel.walk.shut", { aisle: aisle.no, gap_mm: aisle.gap_mm })),
    ),
    narrow.map((/** @type {any} */ aisle) =>
      html("p", { class: "narrow" }, say("panel.walk.narrow", { aisle: aisle.no, gap_mm: aisle.gap_mm })),
    ),
  );
}

/** What to do at the lit Start; where the site wants it, held until everything stands. @param {any} block */
export function startWords(block) {
  const name = block.hold_last_mm ? "panel.hold.start" : "panel.job.start";
  return html("div", { class: "grow" }, nowWords(name, { mm: block.hold_last_mm }));
}

/** What a person does while carriages move. @param {any} block @param {string} title where nothing is to be held */
export const whileMoving = (block, title) => [
  html("h2", { class: "now" }, block.hold_last_mm ? say("panel.hold.keep") : title),
  html("p", { class: "now-more" }, say(block.hold_last_mm ? "panel.hold.moving" : "panel.job.moving_more", { mm: block.hold_last_mm })),
];

/** What is wrong with the block, and where its remedy stands. @param {any} block */
export function faultNow(block) {
  const [fault] = faultsOf(block)[0];
  return beside(
    [
      html("h2", { class: "now" }, `⚠ ${sayOr(`fault.${fault}`, fault)}`),
      html("p", { class: "now-more" }, sayOr(`remedy.${fault}`, "")),
    ],
    [html("a", { class: "act", href: "#/block" }, say("panel.nav.block"))],
  );
}

/** Why a move ended before its aisle stood open. @param {any} block */
export const howItEnded = (block) => [
  html("h2", { class: "now" }, say(`end.${block.move.ended}`)),
  html("p", { class: "now-more" }, say("panel.job.ended_more")),
];

/** A block without motors: which carriages to crank, in which order and way, and the word that it is done. @param {any} block */
export function crankNow(block) {
  const { aisle, pose } = block.move;
  const turns = block.columns.filter((/** @type {any} */ column) => column.target_mm !== null && column.target_mm !== column.position_mm);
  const way = (/** @type {any} */ column) => (column.target_mm > column.position_mm ? "right" : "left");
  turns.sort((/** @type {any} */ a, /** @type {any} */ b) => (way(a) === "right" ? b.no - a.no : a.no - b.no));
  return [
    html(
      "div",
      { class: "grow" },
      html("h2", { class: "now" }, pose === "open" ? say("panel.crank.now", { aisle }) : say("panel.crank.pose")),
      html("ol", { class: "crank-turns" }, turns.map((/** @type {any} */ column) => html("li", {}, html("b", {}, way(column) === "right" ? "→ " : "← "), say(`panel.crank.${way(column)}`, { columns: column.no })))),
      html("p", { class: "now-more" }, say("panel.crank.look")),
    ),
    html("div", { class: "job-acts" }, button(say("panel.crank.done"), () => post("crank/opened"))),
  ];
}

/** Shows what would move and asks for the one tap that chooses it. @param {any} plan @param {any} block @returns {Promise<boolean>} */
export function agreed(plan, block) {
  const { aisle } = plan;
  if (!plan.moves.length) return confirmed(say("panel.job.stands_open", { aisle }), stillAsk(), say("panel.job.go_in"));
  return confirmed(say("panel.job.choose_ask", { aisle }), moveAsk(plan, block), say("panel.job.choose", { aisle }));
}

const stillAsk = () => html("p", {}, say("panel.job.stands_open_more"));

/** @param {any} plan @param {any} block */
function moveAsk(plan, block) {
  if (block.drive === "crank") return html("p", {}, say("panel.crank.safe"));
  return html(
    "div",
    {},
    html(
      "p",
      {},
      say("panel.job.choose_what", {
        columns: listed(plan.moves.map((/** @type {any} */ move) => move.column)),
        seconds: plan.duration_s,
      }),
    ),
    html("p", { class: "soft" }, say("panel.job.choose_safe")),
  );
}

/** Right, wrong or not to be told: expected and seen side by side, with what the camera saw; what is expected does not
 * stand beside the field into which a person reads the label. @param {any} verdict */
export function verdictCard(verdict) {
  const side = (
    /** @type {string} */ name,
    /** @type {string} */ number,
    /** @type {string} */ label,
    /** @type {boolean} */ good,
  ) =>
    html(
      "div",
      { class: good ? "seen good" : verdict.cannot_tell ? "seen unsure" : "seen bad" },
      html("small", {}, say(name)),
      html("strong", {}, number || say(label ? "panel.verdict.unknown" : "panel.verdict.nothing")),
      html("span", { class: "soft" }, label),
    );
  return html(
    "div",
    { class: `verdict ${verdict.ok ? "ok" : verdict.cannot_tell ? "unsure" : "wrong"}`, role: "status" },
    html("h2", { class: "now" }, `${verdict.ok ? "✓" : verdict.cannot_tell ? "?" : "✕"} ${sayOr(`verdict.${verdict.why}`, verdict.why)}`),
    html(
      "div",
      { class: "verdict-sides" },
      verdict.expected && !verdict.cannot_tell ? side("panel.verdict.expected", verdict.expected_no, verdict.expected, true) : null,
      verdict.cannot_tell && verdict.seen ? null : side("panel.verdict.seen", verdict.seen_no, verdict.seen, verdict.ok),
      verdict.look_id
        ? html("img", { class: "look", src: `/api/v1/looks/${verdict.look_id}.jpg`, alt: say("panel.verdict.picture") })
        : null,
    ),
    verdict.ok ? null : html("p", { class: "now-more" }, sayOr(`verdict_next.${verdict.why}`, "")),
  );
}

/** Who read the label where the camera could not, and what. @param {any} job */
export const readWords = (job) => (job.read ? html("p", { class: "tag info" }, say("panel.by_person.read", job.read)) : null);

/** The camera cannot tell: the person reads the label and types its number, which is kept with the picture.
 * @param {string} what words `panel.by_person.<what>` ask for @param {(number: string) => Promise<any>} confirm */
export function readByPerson(what, confirm) {
  const named = say(`panel.by_person.${what}_field`);
  const { field, keys } = keyed(named);
  const read = async () => {
    try {
      await confirm(field.value.trim());
      overcome();
    } catch (error) {
      setTimeout(() => field.scrollIntoView({ block: "center" })); // when the notice stands below it
      throw error;
    }
  };
  const act = button(say("panel.by_person.confirm"), read, { quiet: true });
  return html(
    "div",
    { class: "job-type" },
    html("p", {}, say(`panel.by_person.${what}`)),
    html("div", { class: "row" }, html("div", { class: "grow" }, field), act),
    keys,
  );
}
