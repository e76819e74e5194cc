// @ts-check
import { get, post } from "../api.js";
import "../elements/block-plan.js";
import { html, setText } from "../elements/draw.js";
import "../elements/shelf-face.js";
import { say } from "../elements/words.js";
import { button, confirmed, refusal } from "../notices.js";
import { may } from "../rights.js";
import { faultsOf, isClear, opening, standsOpen } from "./job-phase.js";
import { agreed, beside, howItEnded, howToWalk, lampWords, lastTime, nowWords, readByPerson, readWords, verdictCard } from "./job-parts.js";
import { decisionWords } from "./approvals.js";
import { jobTitle, placeInWords } from "./place.js";
import { stepByStep } from "./way-to-aisle.js";

/** One request from the queue to the hand-over: a screen that says the one next thing to do. */

const ASK_AGAIN_MS = 1000;
const STEPS = ["choose", "start", "moving", "take", "check", "hand_over", "leave"];

/** @param {any} stage */
export function show(stage) {
  const id = stage.path[1];
  const head = html("div", { class: "job-head" });
  const plan = html("block-plan", { class: "job-plan" });
  const lamp = html("p", { class: "now-more" });
  const todo = stepByStep(STEPS, draw);
  stage.root.append(head, todo.bar, plan, todo.body);
  /** @type {any} */ let job = null;
  /** @type {any} */ let verdict = null;
  /** @type {any} */ let preview = null;
  let atCamera = false;
  let asked = 0;

  async function load() {
    try {
      job = await get(`requests/${id}`);
      drawHead();
      if (job.state === "approved") await look();
      if (stage.snapshot) update(stage.snapshot);
    } catch (error) {
      refusal(error);
    }
  }

  /** What would move: shown beforehand where a plan can be made. */
  async function look() {
    try {
      preview = await get(`requests/${id}/preview`);
    } catch {
      preview = null; // positions unknown, or aisles to walk first: the steps below say so
    }
  }

  function drawHead() {
    const mine = may(stage, job.person_id === stage.session.person?.id ? "cancel" : "cancel_any");
    const cancel = mine && ["asked", "approved", "pulling", "verified"].includes(job.state);
    head.replaceChildren(
      html(
        "div",
        { class: "grow" },
        html("h1", {}, jobTitle(job)),
        html(
          "p",
          { class: "soft" },
          `${job.ref_code ? `${job.ref_code} · ` : ""}${say("panel.box.no", { box_no: job.box.box_no })} · ${placeInWords(job.slot)}`,
        ),
      ),
      cancel ? button(say("panel.job.cancel"), cancelIt, { quiet: true }) : "",
    );
  }

  async function cancelIt() {
    if (
      !(await confirmed(
        say("panel.job.cancel_ask"),
        html("p", {}, say("panel.job.cancel_what")),
        say("panel.job.cancel"),
      ))
    )
      return;
    await post(`requests/${id}/cancel`, { reason: "not_needed" });
    await load();
  }

  async function choose() {
    if (!(await agreed(await get(`requests/${id}/preview`), stage.snapshot.block))) return;
    await post(`requests/${id}/choose`);
    verdict = null;
    atCamera = false;
    await load();
  }

  async function check() {
    verdict = await post(`requests/${id}/check`);
    await load();
  }

  /** @param {string} number */
  async function confirm(number) {
    await post(`requests/${id}/confirm`, { look_id: verdict.look_id, number });
    verdict = null;
    await load();
  }

  async function handOver() {
    await post(`requests/${id}/hand-over`);
    await load();
  }

  /** What somebody sees who asked for it and does not fetch it. */
  function readersPhase() {
    if (job.state === "verified") return "collect";
    if (job.state === "handed_over") return "done";
    return ["approved", "pulling"].includes(job.state) ? "staff" : "over";
  }

  /** @param {any} snapshot */
  function phase(snapshot) {
    if (!may(stage, "choose")) return readersPhase();
    if (job.state === "verified") return "hand_over";
    if (!snapshot.block.alive) return "fault";
    if (job.state === "handed_over") return isClear(snapshot.block, job.aisle) ? "done" : "leave";
    if (!["approved", "pulling"].includes(job.state))
      return standsOpen(snapshot.block, job.aisle) && !isClear(snapshot.block, job.aisle) ? "leave" : "over";
    const step = opening(snapshot, job.aisle, job.state === "pulling");
    if (step !== "open") return step;
    return verdict && !verdict.ok ? "refused" : atCamera ? "check" : "take";
  }

  /** @param {any} snapshot */
  function update(snapshot) {
    if (!job) return;
    const mine = snapshot.queue.find((/** @type {any} */ one) => one.loan === id);
    const decided = job.state === "asked" && !snapshot.asked.includes(id);
    const told = mine ? mine.state : decided ? "" : job.state;
    if (told !== job.state && performance.now() - asked > ASK_AGAIN_MS) {
      asked = performance.now(); // somebody else, or the node itself, moved this request on
      load();
    }
    const now = phase(snapshot);
    todo.bar.hidden = ["asked", "denied"].includes(job.state); // none of these steps was taken, and none is yet to come
    const facePhase = ["take"].includes(now);
    plan.hidden = facePhase || ["check", "refused", "hand_over"].includes(now);
    if (!plan.hidden) {
      plan.show(snapshot.block);
      plan.mark(job.place);
      plan.preview(now === "choose" && preview ? preview.pose_mm : null);
    }
    const key = `${now}/${job.state}/${job.reason}/${verdict ? verdict.look_id : ""}/${["walk", "power_up"].includes(now) ? snapshot.walk : ""}/${now === "fault" ? JSON.stringify(faultsOf(snapshot.block)[0]) : ""}/${now === "choose" ? preview?.duration_s : ""}`;
    setText(lamp, lampWords(snapshot, job.slot));
    todo.show(now, key, job.aisle, snapshot, job);
  }

  /** @param {string} now @param {any} snapshot @returns {any[]} */
  function draw(now, snapshot) {
    const place = { ...job.place, aisle: job.aisle, box_no: job.box.box_no };
    switch (now) {
      case "staff":
        return beside(nowWords("panel.job.staff"));
      case "collect":
        return beside(nowWords("panel.job.collect"));
      case "choose": {
        const still = preview?.moves.length === 0;
        const told = { aisle: job.aisle, seconds: preview?.duration_s ?? "–", count: preview?.moves.length ?? "–" };
        return beside(
          [...nowWords(still ? "panel.job.stands_open" : "panel.job.choose_now", told), lastTime(job)],
          [button(still ? say("panel.job.go_in") : say("panel.job.choose", { aisle: job.aisle }), choose, { moves: true })],
        );
      }
      case "ended":
        return beside(howItEnded(snapshot.block), [html("a", { class: "act", href: "#/block" }, say("panel.nav.block"))]);
      case "take": {
        const face = html("shelf-face", { class: "job-face" });
        face.show(job.place);
        return [
          html(
            "div",
            { class: "job-take" },
            nowWords("panel.job.take", place),
            lamp,
            job.kind === "box"
              ? null
              : html("p", { class: "now-more" }, say("panel.job.take_part", { title: job.title })),
            button(say("panel.job.taken"), async () => {
              atCamera = true;
              update(stage.snapshot);
            }),
          ),
          face,
        ];
      }
      case "check":
        return [
          html("div", { class: "camera-spot", "aria-hidden": "true" }),
          ...beside(nowWords("panel.job.check", place), [
            button(say("panel.job.check_now"), check),
            button(
              say("panel.back"),
              async () => {
                atCamera = false;
                update(stage.snapshot);
              },
              { quiet: true },
            ),
          ]),
        ];
      case "refused":
        return [
          verdictCard(verdict),
          html("div", { class: "job-acts" }, button(say("panel.job.check_again"), check)),
          ...(verdict.cannot_tell ? [readByPerson("box", confirm)] : []),
        ];
      case "hand_over":
        return [
          verdict ? verdictCard(verdict) : html("div", { class: "grow" }, nowWords("panel.job.verified", place), readWords(job)),
          html("div", { class: "job-acts" }, button(say("panel.job.hand_over"), handOver)),
        ];
      case "leave":
        return beside([
          ...nowWords(job.state === "handed_over" && job.kind !== "box" ? "panel.job.put_back" : "panel.job.leave", {
            ...place,
            due: job.due,
          }),
          howToWalk(snapshot.block),
        ]);
      case "done":
        return beside(nowWords("panel.job.done", { due: job.due }), [
          job.kind === "box" || !may(stage, "shelve")
            ? null
            : html("a", { class: "act", href: `#/reshelving/${job.box.id}` }, say("panel.job.shelve")),
          html("a", { class: job.kind === "box" ? "act" : "act quiet", href: "#/search" }, say("panel.job.next")),
        ]);
      default:
        return beside(
          [html("h2", { class: "now" }, say(`panel.loan.${job.state}`)), ...(job.state === "asked" ? [html("p", { class: "now-more" }, say("panel.approval.wait"))] : decisionWords(job))],
          [html("a", { class: "act quiet", href: "#/jobs" }, say("panel.back"))],
        );
    }
  }

  load();
  return { update };
}
