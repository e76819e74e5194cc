// @ts-check
import { byId, keep, make } from "./draw.js";
import { figures, marks, state } from "./glance.js";
import { MEASURAND_OF_RULE, said, what } from "./said.js";
import { follow } from "./stream.js";
import { dateOf, may, measured, moment, number, say, sayFirst, shortMoment } from "./words.js";

const node = byId("room").dataset.node ?? "";

follow(node, (snapshot) => {
  const room = snapshot.room;
  if (!room) return location.assign("/");
  const nowMs = snapshot.now_ms;
  document.title = `${room.name} · ${say("console.title")}`;
  byId("glance").replaceChildren(
    make("h1", {}, room.name, make("small", {}, room.node)), state(room), make("p", { class: "marks" }, ...marks(room)),
    make("dl", { class: "figures" }, ...figures(room, nowMs)),
  );
  byId("fork").hidden = !room.forks;
  events(room.events, nowMs);
  alarms(room.alarms, room.commands, room.takes.includes("acknowledge_alarm") && may("acknowledge"), nowMs);
  readings(room.readings, nowMs, room.state === "online");
  loans(room.loans, nowMs);
  rows("quarantine", room.quarantine, (kept) => `${kept.id}-${kept.times}`, (kept) => row(
    make("b", { class: kept.why === "fork" ? "bad" : "" }, say(`quarantine.${kept.why}`)),
    `${kept.leaf} · ${kept.epoch.slice(0, 8)} ${kept.seq || ""}`, `${say("console.room.times", { count: kept.times })} · ${moment(kept.last_ms)}`));
  rows("epochs", room.epochs, (epoch) => `${epoch.epoch}-${epoch.seq}`, (epoch) => row(
    make("b", {}, epoch.epoch.slice(0, 8)),
    epoch.previous_epoch ? say("console.room.epoch_from", { epoch: epoch.previous_epoch.slice(0, 8), seq: number(epoch.previous_seq) }) : say("console.room.epoch_first"),
    number(epoch.seq)));
});

/** @param {any[]} list @param {number} nowMs */
function events(list, nowMs) {
  keep(byId("events"), list, (event) => String(event.id), (event) => make("li", {},
    make("time", { title: moment(event.utc_ms), datetime: new Date(event.utc_ms).toISOString() }, shortMoment(event.utc_ms, nowMs)),
    make("b", { title: event.action }, sayFirst(`.${event.action}`, `panel.event.${event.action}`)),
    make("span", { class: event.body ? "said" : "said withheld" }, event.body ? said(event.body) : say("console.withheld")),
    make("small", { title: event.epoch }, `#${event.seq}`)));
  if (!list.length) byId("events").replaceChildren(make("li", { class: "empty" }, say("console.none")));
}

/** @param {any[]} list @param {any[]} commands @param {boolean} mayAsk @param {number} nowMs */
function alarms(list, commands, mayAsk, nowMs) {
  const asked = new Map(commands.filter((command) => command.kind === "acknowledge_alarm").reverse().map((command) => [command.subject, command]));
  const key = (/** @type {any} */ alarm) => {
    const command = asked.get(alarm.alarm);
    return [alarm.alarm, alarm.active, alarm.acked, alarm.value, mayAsk, command?.id, command?.ok, command && nowMs > command.expires_ms].join("/");
  };
  rows("alarms", list, key, (alarm) => {
    const measurand = MEASURAND_OF_RULE[alarm.rule] ?? "";
    const value = alarm.value === null ? "" : `${measured(measurand, alarm.value)}${alarm.bound === null ? "" : ` · ${say("console.alarm.limit", { limit: measured(measurand, alarm.bound) })}`}`;
    const shown = row(
      make("b", { class: alarm.active ? "bad" : "" }, say(`rule.${alarm.rule}`)), [alarm.place, measurand ? value : ""].filter(Boolean).join(" · "),
      `${say(alarm.active ? "console.alarm.active" : "console.alarm.over")} · ${say(alarm.acked ? "console.alarm.acked" : "console.alarm.unacked")} · ${shortMoment(alarm.changed_ms, nowMs)}`);
    if (!alarm.acked && mayAsk && alarm.severity !== "emergency") shown.append(asking(alarm, asked.get(alarm.alarm), nowMs));
    return shown;
  });
}

/** @param {any} alarm @param {any} command @param {number} nowMs */
function asking(alarm, command, nowMs) {
  const waiting = command && command.ok === null && nowMs <= command.expires_ms;
  if (waiting) return make("p", { class: "small" }, say("console.alarm.asked"));
  const line = make("p", { class: "asking" });
  if (command?.ok === 0) line.append(make("span", { class: "small" }, say("console.alarm.refused", { why: say(`remote.${command.code}`) })));
  else if (command && command.ok === null) line.append(make("span", { class: "small" }, say("console.alarm.no_answer")));
  line.append(make("button", { type: "button", onclick: (event) => ask(alarm, /** @type {HTMLButtonElement} */ (event.currentTarget)) }, say("console.alarm.acknowledge")));
  return line;
}

/** @param {any} alarm @param {HTMLButtonElement} button */
async function ask(alarm, button) {
  button.disabled = true;
  const answer = await fetch(`/api/v1/rooms/${node}/alarms/${encodeURIComponent(alarm.alarm)}/acknowledge`, { method: "POST" });
  if (answer.ok) return;
  const error = await answer.json();
  button.replaceWith(make("span", { class: "small", role: "alert" }, `${say(`error.${error.code}`)} ${say(`recovery.${error.recovery}`)}`));
}

/** A value that is old, or whose room is not heard, is no value. @param {any[]} list @param {number} nowMs @param {boolean} heard */
function readings(list, nowMs, heard) {
  const places = [...new Set(list.map((reading) => reading.place))];
  if (!places.length) return byId("readings").replaceChildren(make("p", { class: "empty" }, say("console.none")));
  byId("readings").replaceChildren(...places.map((place) => make("div", { class: "climate" }, make("h3", {}, place),
    make("dl", { class: "figures" }, ...list.filter((reading) => reading.place === place).map((reading) => {
      const quality = reading.quality === "good" && (!heard || nowMs - reading.measured_ms > 60000) ? "stale" : reading.quality;
      return make("div", {}, make("dt", {}, say(`measurand.${reading.measurand}`)),
        make("dd", { class: quality === "good" ? "" : "old", title: moment(reading.measured_ms) }, quality === "good" ? measured(reading.measurand, reading.value) : "–",
          quality === "good" ? null : make("small", {}, say(`quality.${quality}`))));
    })))));
}

/** @param {any[]} list @param {number} nowMs */
function loans(list, nowMs) {
  const today = dateOf(nowMs);
  rows("loans", list.slice(0, 30), (loan) => `${loan.loan}/${loan.state}/${loan.changed_ms}`, (loan) => {
    const late = loan.state === "handed_over" && loan.due && loan.due < today;
    const due = loan.due && loan.state === "handed_over" ? say("console.room.due", { date: loan.due }) : "";
    return row(make("b", { class: late ? "bad" : "" }, say(`loan.${loan.state}`)),
      [what(loan), loan.slot].filter(Boolean).join(" · "),
      [due, late ? say("console.room.overdue") : "", shortMoment(loan.changed_ms, nowMs)].filter(Boolean).join(" · "));
  });
}

/** @param {string} id @param {any[]} list @param {(item: any) => string} key @param {(item: any) => HTMLElement} draw */
function rows(id, list, key, draw) {
  if (list.length) keep(byId(id), list, key, draw);
  else byId(id).replaceChildren(make("li", { class: "empty" }, say("console.none")));
}

/** @param {HTMLElement} first @param {string} second @param {string} third */
const row = (first, second, third) => make("li", {}, first, make("span", {}, second), make("small", {}, third));
