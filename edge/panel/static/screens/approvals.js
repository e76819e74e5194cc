// @ts-check
import { post } from "../api.js";
import { html } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { button, chosen, notice } from "../notices.js";
import { may } from "../rights.js";
import { row } from "./job-row.js";
import { jobTitle } from "./place.js";

/** Requests that wait for somebody's word, and those that were lately denied: sections of the list of requests. */

const DENIALS = ["not_entitled", "purpose_unclear", "use_scan", "needed_here"];

/** @param {any} stage @param {any[]} asked @param {any[]} denied @param {() => Promise<void>} again */
export function waitingForWord(stage, asked, denied, again) {
  const drawn = [];
  if (asked.length)
    drawn.push(
      html("h2", {}, say("panel.approval.waiting", { count: asked.length })),
      html("ol", { class: "job-list" }, asked.map((job) => decidable(stage, job, again))),
    );
  if (denied.length)
    drawn.push(
      html("h2", {}, say("panel.approval.denied", { count: denied.length })),
      html("ul", { class: "job-list" }, denied.map(row)),
    );
  return drawn;
}

/** @param {any} stage @param {any} job @param {() => Promise<void>} again */
function decidable(stage, job, again) {
  const line = row(job);
  if (may(stage, "approve_loan") && job.person_id !== stage.session.person.id)
    line.append(
      html(
        "div",
        { class: "row end" },
        button(say("panel.approval.deny"), () => deny(job, again), { quiet: true }),
        button(say("panel.approval.approve"), () => decide(job, { approved: true }, again)),
      ),
    );
  return line;
}

/** @param {any} job @param {() => Promise<void>} again */
async function deny(job, again) {
  const reasons = DENIALS.map((why) => html("button", { class: "act", value: why }, say(`panel.approval.why.${why}`)));
  const why = await chosen(say("panel.approval.why_deny"), html("p", {}, `${jobTitle(job)} · ${job.person_name}`), reasons);
  if (why) await decide(job, { approved: false, why }, again);
}

/** @param {any} job @param {any} said @param {() => Promise<void>} again */
async function decide(job, said, again) {
  await post(`requests/${job.id}/decision`, said);
  notice(say(said.approved ? "panel.approval.approved" : "panel.approval.denied_now"), jobTitle(job), false);
  await again();
}

/** What was decided, in one paragraph; empty where the rule asked nobody. @param {any} job @returns {any[]} */
export function decisionWords(job) {
  const told = job.decision;
  if (!told) return [];
  const why = told.approved ? "" : say(`panel.approval.why.${job.reason}`);
  const by = say(told.at_centre ? "panel.approval.by_centre" : "panel.approval.by", { name: told.by });
  return [html("p", { class: "now-more" }, [by, why, told.opinion].filter(Boolean).join(" · "))];
}
