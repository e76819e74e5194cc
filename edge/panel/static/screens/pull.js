// @ts-check
import { get, post } from "../api.js";
import "../elements/block-plan.js";
import { html } from "../elements/draw.js";
import { listed, say } from "../elements/words.js";
import { button, confirmed, notice, refusal } from "../notices.js";
import { agreed, crankNow, faultNow, howToWalk, nowWords, readByPerson, readWords, startWords, verdictCard, whileMoving } from "./job-parts.js";
import { opening, standsOpen } from "./job-phase.js";
import { jobTitle, placeInWords } from "./place.js";
import { countdown, startLamp } from "./way-to-aisle.js";

/** The pull list: one next thing to do on the right, the whole list by aisle on the left. It offers, it never starts. */

/** @param {any} stage */
export function show(stage) {
  const plan = html("block-plan", { class: "job-plan" });
  const side = html("div", { class: "pull-list" });
  const body = html("div", { class: "pull-now" });
  stage.root.append(plan, html("div", { class: "pull" }, side, body));
  /** @type {any} */ let list = null;
  /** @type {any} */ let verdict = null;
  let mark = "",
    drawn = "";
  /** @type {(snapshot: any) => void} */ let live = () => {};

  async function load() {
    try {
      take((await get("pull-list")).list);
    } catch (error) {
      refusal(error);
    }
  }

  /** @param {any} now */
  function take(now) {
    if (!now) return stage.go("jobs");
    list = now;
    drawn = "";
    if (stage.snapshot) draw(stage.snapshot);
  }

  async function choose() {
    const aisle = list.stops[0].aisle;
    if (!(await agreed(await get(`pull-list/preview?aisle=${aisle}`), stage.snapshot.block))) return;
    await post("pull-list/choose", { aisle });
    verdict = null;
    await load();
  }

  async function check() {
    const told = await post("pull-list/check");
    verdict = told.verdict;
    served(told, say("panel.box.no", { box_no: verdict.seen_no }));
  }

  /** @param {string} number */
  async function confirm(number) {
    const told = await post("pull-list/confirm", { look_id: verdict.look_id, number });
    verdict = null;
    served(told, say("panel.box.no", { box_no: number }));
  }

  /** @param {any} told @param {string} which */
  function served(told, which) {
    if (told.loans.length) notice(say("panel.pull.served", { count: told.loans.length }), which, false);
    take(told.list);
  }

  async function giveUp() {
    const what = html("p", {}, say("panel.pull.give_up_what"));
    if (!(await confirmed(say("panel.pull.give_up_ask"), what, say("panel.pull.give_up")))) return;
    await post("pull-list/give-up");
    stage.go("jobs");
  }

  /** @param {any} loan */
  async function light(loan) {
    await post("pull-list/light", { loan_id: loan.id });
  }

  const pulling = () => list.fetched.filter((/** @type {any} */ loan) => loan.state === "pulling");

  /** Boxes of the aisle that is about to open: they stand on their shelves still. @returns {any[]} */
  const coming = () => {
    const move = stage.snapshot.block.move;
    return pulling().filter((/** @type {any} */ loan) => move && move.phase !== "ended" && loan.aisle === move.aisle);
  };
  const inHand = () => pulling().filter((/** @type {any} */ loan) => !coming().includes(loan));

  /** @param {any} snapshot @returns {[string, number]} what to do now, and in which aisle */
  function phase(snapshot) {
    const move = snapshot.block.move;
    if (list.opened) return ["take", list.opened.aisle];
    if (coming().length)
      return [opening(snapshot, move.aisle, true), move.aisle];
    if (list.stops.length) return [opening(snapshot, list.stops[0].aisle, false), list.stops[0].aisle];
    return [pulling().length ? "check_others" : "all_fetched", 0];
  }

  /** @param {any} snapshot */
  function draw(snapshot) {
    const [now, aisle] = phase(snapshot);
    plan.hidden = ["take", "check_others", "all_fetched"].includes(now) || Boolean(verdict && !verdict.ok);
    if (!plan.hidden) plan.show(snapshot.block);
    const key = JSON.stringify([now, aisle, standsOpen(snapshot.block, aisle), verdict?.look_id, snapshot.lit, snapshot.walk, mark]);
    if (key !== drawn) {
      drawn = key;
      live = () => {};
      body.dataset.phase = now;
      body.replaceChildren(...todo(now, aisle, snapshot));
      side.replaceChildren(...listing());
    }
    live(snapshot);
  }

  /** @param {string} now @param {number} aisle @param {any} snapshot @returns {any[]} */
  function todo(now, aisle, snapshot) {
    const checking = inHand().length || list.opened ? button(say("panel.pull.check"), check, { quiet: now !== "take" && now !== "check_others" }) : null;
    const refused = verdict && !verdict.ok ? html("div", {}, verdictCard(verdict), verdict.cannot_tell ? readByPerson("box", confirm) : null) : null;
    switch (now) {
      case "take":
        return [
          refused ?? html("div", {}, nowWords("panel.pull.take", { aisle, count: list.opened.loans.length })),
          html("div", { class: "row end" }, checking),
        ];
      case "check_others":
        return [refused ?? html("div", {}, nowWords("panel.pull.check_others")), html("div", { class: "row end" }, checking)];
      case "all_fetched":
        return [
          html("div", {}, nowWords("panel.pull.all_fetched")),
          snapshot.walk.length ? howToWalk(snapshot.block) : null,
        ].filter(Boolean);
      case "fault":
        return faultNow(snapshot.block);
      case "crank_first":
      case "power_up":
        return [html("div", {}, nowWords(`panel.job.${now}`)), html("a", { class: "act", href: "#/block" }, say("panel.job.power_up_go"))];
      case "walk":
        return [html("div", {}, nowWords("panel.job.walk", { aisles: listed(snapshot.walk) }), howToWalk(snapshot.block)), html("div", { class: "row end" }, checking)].filter(Boolean);
      case "crank":
        return crankNow(snapshot.block);
      case "start": {
        const left = countdown();
        live = left.live;
        return [html("div", { class: "row" }, startLamp(), left.shown), startWords(snapshot.block)];
      }
      case "warning":
      case "moving":
        return whileMoving(snapshot.block, say(`panel.job.${now}`, { aisle }));
      case "choose": {
        const stands = standsOpen(snapshot.block, aisle);
        const head = say(stands ? "panel.job.stands_open" : "panel.job.choose", { aisle });
        return [
          html("div", {}, html("h2", { class: "now" }, head), html("p", { class: "now-more" }, planned(stands))),
          html("div", { class: "row end" }, checking, button(say(stands ? "panel.job.go_in" : "panel.job.choose", { aisle }), choose, { moves: true })),
        ];
      }
      default:
        return [html("div", {}, nowWords(`panel.job.${now}`))];
    }
  }

  /** @param {boolean} stands whether the next aisle stands open and needs no opening */
  function planned(stands) {
    const count = list.stops.length - Number(stands);
    const told = list.travel_mm === null
      ? say("panel.pull.plan_unknown", { count })
      : say("panel.pull.plan", { count, metres: (list.travel_mm / 1000).toFixed(1) });
    return list.exact || list.travel_mm === null ? told : `${told} ${say("panel.pull.not_exact")}`;
  }

  function listing() {
    const parts = [
      html("div", { class: "row" }, html("h1", { class: "grow" }, say("panel.pull.title")), button(say("panel.pull.give_up"), giveUp, { quiet: true })),
    ];
    if (list.opened)
      parts.push(html("h2", { class: "here" }, say("panel.pull.aisle", { aisle: list.opened.aisle, count: list.opened.loans.length })), rows(list.opened.loans, true));
    const fetched = inHand();
    if (fetched.length) parts.push(html("h2", {}, say("panel.pull.in_hand", { count: fetched.length })), rows(fetched, false));
    const next = coming();
    const stops = [...(next.length ? [{ aisle: next[0].aisle, loans: next }] : []), ...list.stops];
    stops.forEach((/** @type {any} */ stop, /** @type {number} */ i) =>
      parts.push(
        html("h2", {}, `${i === 0 ? `${say("panel.pull.next")} · ` : ""}${say("panel.pull.aisle", { aisle: stop.aisle, count: stop.loans.length })}`),
        rows(stop.loans, false),
      ),
    );
    const done = list.fetched.filter((/** @type {any} */ loan) => loan.state !== "pulling");
    if (done.length) parts.push(html("h2", {}, `✓ ${say("panel.pull.checked")} · ${done.length}`), rows(done, false));
    return parts;
  }

  /** @param {any[]} loans @param {boolean} lightable */
  function rows(loans, lightable) {
    return html(
      "ul",
      { class: "pull-rows" },
      loans.map((loan) => {
        const isLit = lightable && stage.snapshot.lit === loan.slot;
        const text = [
          html("b", {}, say("panel.box.no", { box_no: loan.box.box_no })),
          html("span", {}, placeInWords(loan.slot)),
          html("span", { class: "soft" }, `${jobTitle(loan)} · ${loan.person_name}`),
          isLit ? html("span", { class: "tag info" }, `☀ ${say("panel.pull.lit")}`) : null,
          loan.state === "verified" ? html("span", { class: "tag good" }, say("panel.loan.verified")) : null,
          loan.state === "verified" ? readWords(loan) : null,
        ];
        if (lightable) {
          const row = html("button", { type: "button", class: "pull-row" }, text);
          row.addEventListener("click", () => light(loan).catch(refusal));
          return html("li", {}, row);
        }
        if (loan.state === "verified") return html("li", {}, html("a", { class: "pull-row", href: `#/job/${loan.id}` }, text));
        return html("li", {}, html("div", { class: "pull-row" }, text));
      }),
    );
  }

  load();
  return {
    update: (/** @type {any} */ snapshot) => {
      const now = JSON.stringify([snapshot.queue, snapshot.block.move?.phase, snapshot.walk]);
      if (now !== mark && snapshot.block.alive) {
        mark = now;
        load();
      } else if (list) draw(snapshot);
    },
  };
}
