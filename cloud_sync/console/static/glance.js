// @ts-check
/** One room at a glance: its state as word, shape and colour, and its figures. Shared by both pages. */

import { make } from "./draw.js";
import { age, moment, number, say, sayFirst } from "./words.js";

/** @param {any} room */
export const state = (room) => make("span", { class: `state ${room.state}` }, say(`console.state.${room.state}`));

/** @param {any} room @param {number} nowMs */
export function figures(room, nowMs) {
  return [
    figure("heard", room.heard_ms ? age(room.heard_ms, nowMs) : "–", room.heard_ms ? moment(room.heard_ms) : ""),
    figure("newest", room.newest_ms ? age(room.newest_ms, nowMs) : "–", room.newest_ms ? moment(room.newest_ms) : ""),
    figure("backlog", room.backlog === null ? say("console.room.backlog_unknown") : number(room.backlog), "", room.backlog > 0 ? "waits" : ""),
    figure("patrol", room.patrol_ms ? age(room.patrol_ms, nowMs) : "–", room.patrol_ms ? moment(room.patrol_ms) : "", room.patrols_late ? "waits" : ""),
    figure("held", number(room.events_held)),
  ];
}

/** @param {string} name @param {string} value @param {string} title @param {string} mark */
function figure(name, value, title = "", mark = "") {
  return make("div", {}, make("dt", {}, say(`console.room.${name}`)), make("dd", { title, class: mark }, value));
}

/** Marks for what wants a person: faults, alarms, quarantine. @param {any} room */
export function marks(room) {
  const shown = [];
  if (room.alarms_open) shown.push(make("span", { class: room.alarms_unacked ? "chip bad" : "chip known" }, `${say("console.room.alarms")} ${number(room.alarms_open)}`));
  if (room.forks) shown.push(make("span", { class: "chip bad" }, say("quarantine.fork")));
  else if (room.quarantined) shown.push(make("span", { class: "chip known" }, `${say("console.room.quarantine")} ${number(room.quarantined)}`));
  for (const fault of room.faults) shown.push(make("span", { class: "chip known" }, sayFirst(`node_fault.${fault}`, `fault.${fault}`)));
  if (room.loans_asked) shown.push(make("span", { class: "chip known" }, say("console.approval.count", { count: number(room.loans_asked) })));
  if (room.loans_overdue) shown.push(make("span", { class: "chip bad" }, `${say("console.room.overdue")} ${number(room.loans_overdue)}`));
  if (room.patrols_late) shown.push(make("span", { class: "chip bad" }, `${say("rule.patrol_late")} ${number(room.patrols_late)}`));
  if (room.findings_open) shown.push(make("span", { class: room.findings_overdue ? "chip bad" : "chip known" }, `${say("console.room.findings")} ${number(room.findings_open)}`));
  if (room.loans_open) shown.push(make("span", { class: "chip" }, `${say("console.room.loans")} ${number(room.loans_open)}`));
  return shown;
}
