// @ts-check
import { get, post } from "../api.js";
import { clockField } from "../elements/clock-field.js";
import { html } from "../elements/draw.js";
import { worded } from "../elements/key-board.js";
import { say } from "../elements/words.js";
import { button, chosen, notice, refusal } from "../notices.js";
import { pointInWords } from "./patrol-point.js";

/** The site's own list of points, in the order of walking, and its dates: who may changes them here. */

/** @param {any} stage */
export function show(stage) {
  const list = html("ol", { class: "patrol-points" });
  stage.root.append(
    html(
      "div",
      { class: "row" },
      html("h1", { class: "grow" }, say("panel.patrol.list")),
      button(say("panel.patrol.dates"), askDates, { quiet: true }),
      button(say("panel.patrol.add_point"), () => change(told.points.length), { quiet: true }),
      html("a", { class: "act quiet", href: "#/patrol" }, say("panel.patrol.title")),
    ),
    html("p", { class: "soft" }, say("panel.patrol.points_more")),
    list,
  );
  /** @type {any} */ let told = { points: [] };

  async function load() {
    told = await get("patrol/list");
    list.replaceChildren(...told.points.map(line));
  }

  /** @param {any[]} points */
  async function keep(points) {
    await post("patrol/points", points);
    await load();
  }

  /** @param {any} point @param {number} at */
  const line = (point, at) =>
    html(
      "li",
      { class: "row" },
      html("div", { class: "grow" }, html("b", {}, pointInWords(point)), html("small", { class: "soft block" }, point.rounds.map((/** @type {string} */ kind) => say(`panel.patrol.kind.${kind}`)).join(" · "))),
      at ? button(say("panel.patrol.up"), () => keep(told.points.toSpliced(at, 1).toSpliced(at - 1, 0, point)), { quiet: true }) : null,
      button(say("panel.patrol.edit_point"), () => change(at), { quiet: true }),
    );

  /** One point: changed, added behind the last one, or removed. @param {number} at */
  async function change(at) {
    const point = told.points[at] ?? { id: "", what: "other", aisle: null, place: "", name: "", rounds: ["daily"] };
    const what = choice(told.whats.map((/** @type {string} */ one) => [one, say(`panel.patrol.what.${one}`)]), point.what);
    const aisle = choice([["", "–"], ...told.aisles.map((/** @type {number} */ no) => [String(no), String(no)])], point.aisle === null ? "" : String(point.aisle));
    const place = choice([["", say("panel.patrol.any_place")], ...told.places.map((/** @type {string} */ one) => [one, one])], point.place);
    const name = worded(say("panel.patrol.own_name"), { maxlength: 60, value: point.name });
    const rounds = ticks(told.kinds, (kind) => say(`panel.patrol.kind.${kind}`), point.rounds);
    const form = html(
      "div",
      { class: "form dialog-form" },
      html("label", {}, say("panel.patrol.what_kind"), what),
      html("label", {}, say("panel.patrol.own_name"), name),
      html("label", {}, say("panel.patrol.in_aisle"), aisle),
      html("label", {}, say("panel.patrol.at_place"), place),
      html("div", { class: "wide door-days" }, rounds.labels),
    );
    const acts = [
      at < told.points.length ? html("button", { class: "act quiet", value: "remove" }, say("panel.patrol.remove_point")) : "",
      html("button", { class: "act", value: "keep" }, say("panel.patrol.save")),
    ];
    const changed = () => ({ ...point, what: what.value, aisle: what.value === "aisle" && aisle.value ? Number(aisle.value) : null, place: place.value, name: name.value, rounds: rounds.chosen() });
    const title = say(at < told.points.length ? "panel.patrol.edit_point" : "panel.patrol.add_point");
    await chosen(title, form, acts, (answer) => keep(answer === "remove" ? told.points.toSpliced(at, 1) : told.points.toSpliced(at, 1, changed())));
  }

  async function askDates() {
    const { plan } = told;
    const weekday = new Intl.DateTimeFormat(stage.language, { weekday: "short", timeZone: "UTC" });
    const days = [0, 1, 2, 3, 4, 5, 6];
    const named = (/** @type {number} */ day) => weekday.format(Date.UTC(2024, 0, 1 + day)); // 1 January 2024 was a Monday
    const kept = ticks(told.kinds, (kind) => say(`panel.patrol.kind.${kind}`), plan.kinds);
    const daily = ticks(days, named, plan.days);
    const by = clockField(plan.by_minute);
    const weekly = choice(days.map((day) => [String(day), named(day)]), String(plan.weekly_day));
    const monthly = html("input", { type: "number", min: 1, max: 28, value: plan.monthly_day });
    const after = html("input", { type: "number", min: 10, max: 2880, step: 10, value: plan.after_alarm_minutes });
    const holidays = html("textarea", { rows: 4 });
    holidays.value = plan.holidays.map((/** @type {any} */ one) => (one.first === one.last ? one.first : `${one.first}..${one.last}`)).join("\n");
    const form = html(
      "div",
      { class: "form dialog-form" },
      html("div", { class: "wide door-days" }, kept.labels),
      html("label", {}, say("panel.patrol.by_time"), by.field),
      html("label", {}, say("panel.patrol.weekly_day"), weekly),
      html("label", {}, say("panel.patrol.monthly_day"), monthly),
      html("label", {}, say("panel.patrol.after_alarm"), after),
      html("div", { class: "wide door-days" }, html("span", {}, say("panel.patrol.daily_days")), daily.labels),
      html("label", { class: "wide" }, say("panel.patrol.holidays"), holidays, html("small", { class: "soft" }, say("panel.patrol.holidays_more"))),
    );
    const acts = html("button", { class: "act", value: "yes" }, say("panel.patrol.save"));
    const wanted = () => ({
      kinds: kept.chosen(),
      days: daily.chosen(),
      by_minute: by.minute(),
      weekly_day: Number(weekly.value),
      monthly_day: Number(monthly.value),
      after_alarm_minutes: Number(after.value),
      holidays: holidays.value.split(/\s+/).filter(Boolean).map((/** @type {string} */ one) => one.split("..")),
    });
    if (!(await chosen(say("panel.patrol.dates"), form, [acts], () => post("patrol/plan", wanted())))) return;
    notice(say("panel.patrol.saved"), "", false);
    await load();
  }

  load().catch(refusal);
  return {};
}

/** @param {string[][]} options @param {string} value */
function choice(options, value) {
  return html("select", {}, options.map(([name, said]) => html("option", { value: name, selected: name === value }, said)));
}

/** @param {any[]} names @param {(name: any) => string} say @param {any[]} ticked */
function ticks(names, say, ticked) {
  const boxes = names.map((name) => {
    const box = html("input", { type: "checkbox" });
    box.checked = ticked.includes(name);
    return { name, box, label: html("label", { class: "tick" }, say(name), box) };
  });
  return { labels: boxes.map((one) => one.label), chosen: () => boxes.filter((one) => one.box.checked).map((one) => one.name) };
}
