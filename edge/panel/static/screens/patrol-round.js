// @ts-check
import { get, post } from "../api.js";
import { html } from "../elements/draw.js";
import { worded } from "../elements/key-board.js";
import { say } from "../elements/words.js";
import { button, chosen, notice, refusal } from "../notices.js";
import { opening } from "./job-phase.js";
import { evidence, findingForm, pointInWords } from "./patrol-point.js";
import { wayForPose } from "./way-to-aisle.js";

/** A round from point to point: in order or a finding, in two big buttons. What is answered is kept at once. */

const MARK = /** @type {Record<string, string>} */ ({ "": "·", in_order: "✓", finding: "!" });

/** @param {any} stage @param {string} id */
export function show(stage, id) {
  const title = html("h1", { class: "grow" });
  const strip = html("ol", { class: "patrol-strip" });
  const body = html("div", { class: "patrol-body" });
  stage.root.append(
    html("div", { class: "job-head" }, title, button(say("panel.patrol.give_up"), giveUp, { quiet: true }), html("a", { class: "act quiet", href: "#/patrol" }, say("panel.back"))),
    strip,
    body,
  );
  /** @type {any} */ let sheet = null;
  let at = -1; // the point that is shown; as many as there are points: the signature
  let writing = false;
  let drawn = "";
  let doorAt = 0; // since when the door stands as it was last told
  /** @type {((snapshot: any) => void) | undefined} */ let live;

  async function load(to = -1) {
    sheet = await get(`patrol/rounds/${id}`);
    if (sheet.state !== "open") return stage.go("patrol");
    const next = sheet.points.findIndex((/** @type {any} */ one) => !one.verdict);
    at = to >= 0 ? to : next < 0 ? sheet.points.length : next;
    writing = false;
    drawn = "";
    if (stage.snapshot) update(stage.snapshot);
  }

  /** @param {any} point */
  async function inOrder(point) {
    await post(`patrol/rounds/${id}/points/${point.id}/in-order`);
    await load();
  }

  /** @param {any} point @param {any} found */
  async function found(point, found) {
    await post(`patrol/rounds/${id}/points/${point.id}/found`, found);
    notice(say("panel.patrol.kept"), `${pointInWords(point)} · ${say(`panel.patrol.found.${found.kind}`)}`, false);
    await load();
  }

  async function sign() {
    await post(`patrol/rounds/${id}/sign`);
    stage.go("patrol");
    setTimeout(() => notice(say("panel.patrol.signed", { kind: say(`panel.patrol.kind.${sheet.kind}`) }), say("panel.patrol.signed_next"), false));
  }

  async function giveUp() {
    const field = worded(say("panel.patrol.reason"), { maxlength: 200 });
    const form = html("div", { class: "form single" }, html("label", {}, say("panel.patrol.reason"), field));
    const acts = html("button", { class: "act", value: "yes" }, say("panel.patrol.give_up"));
    const giving = () => post(`patrol/rounds/${id}/give-up`, { words: field.value });
    if (await chosen(say("panel.patrol.give_up_ask"), form, [acts], giving)) stage.go("patrol");
  }

  /** @param {any} one @param {number} no */
  const mark = (one, no) =>
    html(
      "li",
      {},
      html(
        "button",
        { type: "button", class: `patrol-mark ${one.verdict}`, "aria-current": no === at ? "step" : null, "aria-label": `${no + 1} ${pointInWords(one)}`, onclick: () => load(no).catch(refusal) },
        MARK[one.verdict],
        html("small", {}, String(no + 1)),
      ),
    );

  /** @param {any} point */
  const answers = (point) => [
    point.verdict === "finding"
      ? null
      : html("div", { class: "patrol-good" }, button(`✓ ${say("panel.patrol.in_order")}`, () => inOrder(point))),
    html("div", { class: "patrol-bad" }, button(`! ${say(point.verdict === "finding" ? "panel.patrol.another" : "panel.patrol.finding")}`, async () => write(), { quiet: true })),
  ];

  function write() {
    writing = true;
    drawn = "";
    update(stage.snapshot);
  }

  /** How to come into the aisle that the point lies in: the road of every box. @param {any} point @param {string} step @param {any} snapshot */
  function toAisle(point, step, snapshot) {
    if (step === "open") return html("p", { class: "tag info" }, say("panel.patrol.aisle_open", { aisle: point.aisle }));
    const way = wayForPose(stage, "patrol", step, point.aisle, snapshot);
    live = way.live;
    return way.shown;
  }

  /** @param {any} point @param {string} step @param {any} snapshot */
  function ask(point, step, snapshot) {
    if (writing) return [findingForm(sheet, (what) => found(point, what), () => load(at).catch(refusal))];
    const inAisle = point.aisle !== null;
    return [
      html(
        "section",
        { class: "card patrol-point" },
        html("small", { class: "soft" }, say("panel.patrol.point_of", { no: at + 1, points: sheet.points.length })),
        html("h2", {}, pointInWords(point)),
        html("p", {}, say(`panel.patrol.look.${point.what}`)),
        evidence(point.now),
        point.seen ? html("p", { class: point.seen === "seen" ? "tag good" : "tag info" }, say(`panel.patrol.door_${point.seen}`)) : null,
        inAisle ? toAisle(point, step, snapshot) : null,
      ),
      html("div", { class: "patrol-answers" }, inAisle && step !== "open" ? answers(point).slice(1) : answers(point)),
    ];
  }

  function toSign() {
    const count = (/** @type {string} */ verdict) => sheet.points.filter((/** @type {any} */ one) => one.verdict === verdict).length;
    return [
      html(
        "section",
        { class: "card patrol-point" },
        html("h2", {}, `✓ ${say("panel.patrol.all_answered")}`),
        html("p", {}, say("panel.patrol.all_answered_more", { good: count("in_order"), bad: count("finding") })),
      ),
      html("div", { class: "patrol-answers" }, html("div", { class: "patrol-good" }, button(say("panel.patrol.sign"), sign))),
    ];
  }

  /** @param {any} snapshot */
  function update(snapshot) {
    if (!sheet) return;
    const point = sheet.points[at];
    const step = point && point.aisle !== null ? opening(snapshot, point.aisle, true) : "";
    if (point?.seen === "waits" && !writing && snapshot.door && doorAt !== snapshot.door.since_ms) {
      if (doorAt) load(at).catch(refusal);
      doorAt = snapshot.door.since_ms;
    }
    const key = JSON.stringify([at, writing, step, snapshot.walk]); // not what was answered: a button must not be redrawn under the finger
    if (key !== drawn && !(writing && drawn)) {
      drawn = key;
      live = undefined;
      title.textContent = say(`panel.patrol.kind.${sheet.kind}`);
      strip.replaceChildren(...sheet.points.map(mark));
      strip.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
      body.replaceChildren(...(point ? ask(point, step, snapshot) : toSign()));
    }
    live?.(snapshot);
  }

  load().catch(refusal);
  return { update };
}
