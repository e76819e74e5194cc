// @ts-check
import { get, post } from "../api.js";
import "../elements/block-plan.js";
import { html, setText } from "../elements/draw.js";
import "../elements/shelf-face.js";
import { listed, say, sayOr } from "../elements/words.js";
import { button, confirmed, refusal } from "../notices.js";
import { may } from "../rights.js";
import { faultsOf, isClear, opening, standsOpen } from "./job-phase.js";
import { agreed, crankNow, faultNow, howToWalk, readByPerson, startWords, steps, verdictCard, whileMoving } from "./job-parts.js";
import { jobTitle, placeInWords } from "./place.js";

/** One request from the queue to the hand-over: a screen that says the one next thing to do. */

const ASK_AGAIN_MS = 1000;
const STEPS = ["choose", "start", "moving", "take", "check", "hand_over", "leave"];

/** @param {any} stage */
export function show(stage) {
  const id = stage.path[1];
  const head = html("div", { class: "job-head" });
  const bar = html("ol", { class: "steps" });
  const plan = html("block-plan", { class: "job-plan" });
  const body = html("div", { class: "job-body" });
  stage.root.append(head, bar, plan, body);
  /** @type {any} */ let job = null;
  /** @type {any} */ let verdict = null;
  /** @type {any} */ let preview = null;
  let atCamera = false;
  let drawn = "";
  let asked = 0;
  /** @type {(snapshot: any) => void} */ let live = () => {};

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
    const cancel = mine && ["approved", "pulling", "verified"].includes(job.state);
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
    const told = mine ? mine.state : job.state;
    if (told !== job.state && performance.now() - asked > ASK_AGAIN_MS) {
      asked = performance.now(); // somebody else, or the node itself, moved this request on
      load();
    }
    const now = phase(snapshot);
    const facePhase = ["take"].includes(now);
    plan.hidden = facePhase || ["check", "refused", "hand_over"].includes(now);
    if (!plan.hidden) {
      plan.show(snapshot.block);
      plan.mark(job.place);
      plan.preview(now === "choose" && preview ? preview.pose_mm : null);
    }
    const key = `${now}/${job.state}/${verdict ? verdict.look_id : ""}/${["walk", "power_up"].includes(now) ? snapshot.walk : ""}/${now === "fault" ? JSON.stringify(faultsOf(snapshot.block)[0]) : ""}/${now === "choose" ? preview?.duration_s : ""}`;
    if (key !== drawn) {
      drawn = key;
      live = () => {};
      bar.replaceChildren(...steps(STEPS, now, snapshot.block.drive));
      body.replaceChildren(...draw(now, snapshot));
      body.dataset.phase = now;
    }
    live(snapshot);
  }

  /** @param {string} now @param {any} snapshot @returns {any[]} */
  function draw(now, snapshot) {
    const words = (/** @type {string} */ name, /** @type {any} */ params = {}) => [
      html("h2", { class: "now" }, say(`panel.job.${name}`, params)),
      html("p", { class: "now-more" }, say(`panel.job.${name}_more`, params)),
    ];
    const place = { ...job.place, aisle: job.aisle, box_no: job.box.box_no };
    const side = (/** @type {any[]} */ text, /** @type {any[]} */ acts) => [
      html("div", { class: "grow" }, text),
      html("div", { class: "job-acts" }, acts),
    ];
    switch (now) {
      case "fault":
        return faultNow(snapshot.block);
      case "crank_first":
      case "power_up":
        return side(words(now), [html("a", { class: "act", href: "#/block" }, say("panel.job.power_up_go"))]);
      case "walk":
        return side(
          [...words("walk", { aisles: listed(snapshot.walk) }), howToWalk(snapshot.block)],
          [html("a", { class: "act quiet", href: "#/block" }, say("panel.nav.block"))],
        );
      case "wait":
        return side(words("wait"), []);
      case "staff":
        return side(words("staff"), []);
      case "collect":
        return side(words("collect"), []);
      case "choose":
        return side(
          [
            ...words("choose_now", {
              aisle: job.aisle,
              seconds: preview?.duration_s ?? "–",
              count: preview?.moves.length ?? "–",
            }),
            job.reason
              ? html(
                  "p",
                  { class: "tag warn" },
                  say("panel.job.again", { how: sayOr(`end.${job.reason}`, job.reason) }),
                )
              : null,
          ],
          [button(say("panel.job.choose", { aisle: job.aisle }), choose, { moves: true })],
        );
      case "proving":
        return side(words("proving"), []);
      case "crank":
        return crankNow(snapshot.block);
      case "start": {
        const seconds = html("output", { class: "seconds" });
        live = (later) => setText(seconds, String(later.block.move?.seconds_left ?? ""));
        return [
          html("div", { class: "start-lamp", "aria-hidden": "true" }),
          startWords(snapshot.block),
          html("div", { class: "countdown" }, seconds, html("span", {}, say("panel.job.seconds"))),
        ];
      }
      case "warning":
      case "moving": {
        const where = html("p", { class: "now-more" });
        live = (later) => {
          const moving = later.block.columns.filter((/** @type {any} */ column) => column.speed_mm_s !== 0);
          setText(
            where,
            moving
              .map((/** @type {any} */ column) =>
                say("panel.job.moving_column", {
                  column: column.no,
                  position: column.position_mm ?? "–",
                  target: column.target_mm ?? "–",
                }),
              )
              .join("  "),
          );
        };
        return side(
          [
            html("h2", { class: "now" }, say(`panel.job.${now}`, { aisle: job.aisle })),
            whileMoving(snapshot.block),
            where,
          ],
          [],
        );
      }
      case "ended": {
        const how = snapshot.block.move.ended;
        return side(
          [
            html("h2", { class: "now" }, say(`end.${how}`)),
            html("p", { class: "now-more" }, say("panel.job.ended_more")),
          ],
          [html("a", { class: "act", href: "#/block" }, say("panel.nav.block"))],
        );
      }
      case "take": {
        const face = html("shelf-face", { class: "job-face" });
        face.show(job.place);
        return [
          html(
            "div",
            { class: "job-take" },
            words("take", place),
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
          html("div", { class: "grow" }, words("check", place)),
          html(
            "div",
            { class: "job-acts" },
            button(say("panel.job.check_now"), check),
            button(
              say("panel.back"),
              async () => {
                atCamera = false;
                update(stage.snapshot);
              },
              { quiet: true },
            ),
          ),
        ];
      case "refused":
        return [
          verdictCard(verdict),
          html("div", { class: "job-acts" }, button(say("panel.job.check_again"), check)),
          ...(verdict.cannot_tell ? [readByPerson("box", confirm)] : []),
        ];
      case "hand_over":
        return [
          verdict ? verdictCard(verdict) : html("div", { class: "grow" }, words("verified", place)),
          html("div", { class: "job-acts" }, button(say("panel.job.hand_over"), handOver)),
        ];
      case "leave":
        return side(
          [
            ...words(job.state === "handed_over" && job.kind !== "box" ? "put_back" : "leave", {
              ...place,
              due: job.due,
            }),
            howToWalk(snapshot.block),
          ],
          [],
        );
      case "done":
        return side(words("done", { due: job.due }), [
          job.kind === "box" || !may(stage, "shelve")
            ? null
            : html("a", { class: "act", href: `#/reshelving/${job.box.id}` }, say("panel.job.shelve")),
          html("a", { class: job.kind === "box" ? "act" : "act quiet", href: "#/search" }, say("panel.job.next")),
        ]);
      default:
        return side(
          [html("h2", { class: "now" }, say(`panel.loan.${job.state}`))],
          [html("a", { class: "act quiet", href: "#/jobs" }, say("panel.back"))],
        );
    }
  }

  load();
  return { update };
}
