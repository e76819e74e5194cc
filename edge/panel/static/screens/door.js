// @ts-check
import { get, post } from "../api.js";
import { clockField } from "../elements/clock-field.js";
import { html, present } from "../elements/draw.js";
import { worded } from "../elements/key-board.js";
import { say } from "../elements/words.js";
import { button, chosen, notice, refusal } from "../notices.js";
import { may, missing } from "../rights.js";

/** The storeroom door: how it stands, going in, who is inside, and after fire or gas who lets people in again. */

/** In a few words, for the bar and this screen. @param {any} door @param {(ms: number) => string} time */
export function doorInWords(door, time) {
  if (door.unknown) return `? ${say("panel.door.title")}`;
  if (door.barred) return `⊘ ${say("panel.door.barred")}`;
  if (door.open) return door.how === "forced" ? `▲ ${say("panel.door.forced")}` : `◧ ${say("panel.door.open", { time: time(door.since_ms) })}`;
  return door.released ? `◨ ${say("panel.door.push")}` : `▮ ${say("panel.door.closed")}`;
}

/** @param {any} stage */
export function show(stage) {
  const now = html("section", { class: "card door-now" });
  const side = html("section", { class: "card door-side" });
  stage.root.append(
    html(
      "div",
      { class: "row" },
      html("h1", { class: "grow" }, say("panel.door.title")),
      may(stage, "set_limits") ? button(say("panel.door.rules"), askRules, { quiet: true }) : null,
      may(stage, "read_entries") ? html("a", { class: "act quiet", href: "#/entries" }, say("panel.entries.title")) : null,
    ),
    html("div", { class: "door" }, now, side),
  );
  let reason = "work";
  let drawn = "";
  let asked = "";
  /** @type {any} */ let told = { inside: [], rules: null, reasons: [] };

  const time = (/** @type {number} */ ms) => new Intl.DateTimeFormat(stage.language, { timeStyle: "short", hour12: false, timeZone: stage.zone }).format(ms);

  async function goIn() {
    const { verdict } = await post("door/release", { reason });
    if (verdict === "open") return notice(say("panel.door.pushed"), say("panel.door.pushed_next"), false);
    notice(say(`panel.door.waits_${verdict}`), say("panel.door.waits_next"), false);
  }

  /** @param {any} one */
  const line = (one) =>
    html(
      "li",
      {},
      html("span", { class: "grow" }, html("b", {}, one.name), html("small", { class: "soft block" }, present([say("panel.door.came", { time: time(one.came_ms) }), one.organisation, one.escort && say("panel.door.with", { name: one.escort })]).filter(Boolean).join(" · "))),
      may(stage, "enter") ? button(say("panel.door.out"), () => post(`door/entries/${one.id}/out`), { quiet: true }) : null,
    );

  /** @param {any} door */
  function draw(door) {
    const parts = [html("p", { class: "door-state", role: "status" }, doorInWords(door, time))];
    now.classList.toggle("bad", !door.unknown && (Boolean(door.barred) || (door.open && door.how === "forced")));
    if (door.unknown) return [now, side].forEach((one) => one.replaceChildren(...(one === now ? parts : [])));
    if (door.open && door.how) parts.push(html("p", { class: "soft" }, say(`panel.door.how_${door.how}`)));
    if (door.barred) parts.push(...barred(door));
    else if (door.waits) parts.push(html("p", { class: "tag warn" }, say(`panel.door.waits_${door.waits || "escort"}`)), html("p", { class: "soft" }, say("panel.door.waits_next")));
    if (!stage.session.person) parts.push(html("p", {}, say("panel.door.sign_in")), html("a", { class: "act", href: "#/home" }, say("panel.session.sign_in")));
    else if (!door.barred) parts.push(reasons(), button(say("panel.door.go_in"), goIn, { moves: true }));
    parts.push(html("p", { class: "soft" }, say("panel.door.way_out")));
    now.replaceChildren(...parts);
    side.replaceChildren(
      html("h2", {}, say("panel.door.inside", { count: door.inside })),
      door.unnamed_ms ? html("p", { class: "tag warn" }, say("panel.door.unnamed", { time: time(door.unnamed_ms) })) : "",
      told.inside.length ? html("ul", { class: "number-list" }, told.inside.map(line)) : html("p", { class: "soft" }, say(stage.session.person || !door.inside ? "panel.door.hint" : "panel.door.who_sign_in")),
      may(stage, "enter") && !door.barred ? button(say("panel.door.visitor"), askVisitor, { quiet: true }) : "",
    );
  }

  function reasons() {
    const group = html("div", { class: "filters", role: "group", "aria-label": say("panel.entries.head_reason") });
    for (const name of told.reasons) {
      const one = html("button", { type: "button", class: "filter", "aria-pressed": String(name === reason) }, say(`panel.entries.reason_${name}`));
      one.addEventListener("click", () => {
        reason = name;
        for (const other of group.children) other.setAttribute("aria-pressed", String(other === one));
      });
      group.append(one);
    }
    return group;
  }

  /** @param {any} door */
  const barred = (door) => [
    html("p", {}, say(`panel.door.barred_${door.barred}`, { time: time(door.barred_since_ms) })),
    may(stage, "clear_entry") ? button(say("panel.door.clear"), askClear) : stage.session.person ? missing("clear_entry") : "",
  ];

  async function askClear() {
    const field = worded(say("panel.door.found"));
    const form = html("div", { class: "form single" }, html("label", {}, say("panel.door.found"), field));
    const acts = html("button", { class: "act", value: "yes" }, say("panel.door.clear"));
    await chosen(say("panel.door.clear_ask"), form, [acts], () => post("door/clear", { found: field.value }));
  }

  async function askVisitor() {
    const fields = Object.fromEntries(["name", "organisation", "papers", "approved_by"].map((name) => [name, worded(say(`panel.door.visitor_${name}`))]));
    const form = html("div", { class: "form dialog-form" }, Object.entries(fields).map(([name, field]) => html("label", {}, say(`panel.door.visitor_${name}`), field)));
    const acts = html("button", { class: "act", value: "yes" }, say("panel.door.visitor_enter"));
    const told = () => ({ ...Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.value])), reason: "visit" });
    await chosen(say("panel.door.visitor_ask"), form, [acts], () => post("door/visitors", told()));
  }

  async function askRules() {
    const { rules } = told.rules ? told : await get("door"); // pressed before the first answer came
    const two = html("input", { type: "checkbox" });
    two.checked = rules.two_persons;
    const from = clockField(rules.from_minute);
    const to = clockField(rules.to_minute % 1440);
    const names = new Intl.DateTimeFormat(stage.language, { weekday: "short", timeZone: "UTC" });
    const days = [0, 1, 2, 3, 4, 5, 6].map((day) => {
      const box = html("input", { type: "checkbox" });
      box.checked = rules.days.includes(day);
      return { day, box, label: html("label", { class: "tick" }, names.format(Date.UTC(2024, 0, 1 + day)), box) }; // 1 January 2024 was a Monday
    });
    const form = html(
      "div",
      { class: "form dialog-form" },
      html("label", { class: "tick wide" }, say("panel.door.two"), two),
      html("label", {}, say("panel.door.from"), from.field),
      html("label", {}, say("panel.door.to"), to.field),
      html("div", { class: "wide door-days" }, days.map((one) => one.label)),
    );
    const acts = html("button", { class: "act", value: "yes" }, say("panel.describe.save"));
    const wanted = () => ({
      two_persons: two.checked,
      from_minute: from.minute(),
      to_minute: to.minute() || 1440,
      days: days.filter((one) => one.box.checked).map((one) => one.day),
    });
    if (!(await chosen(say("panel.door.rules"), form, [acts], () => post("door/rules", wanted())))) return;
    asked = "";
  }

  /** Names are asked for anew when somebody comes or goes. @param {any} snapshot */
  async function ask(snapshot) {
    const key = JSON.stringify([stage.session.person?.id, snapshot.door.inside, snapshot.door.since_ms, snapshot.door.unnamed_ms]);
    if (key === asked || !stage.session.person) return;
    asked = key;
    told = await get("door");
    drawn = "";
    update(stage.snapshot);
  }

  function update(/** @type {any} */ snapshot) {
    if (!snapshot.door) return now.replaceChildren(html("p", {}, say("panel.door.none")));
    if (!snapshot.door.unknown) ask(snapshot).catch(refusal);
    const key = JSON.stringify([snapshot.door, stage.session.person?.id, told]);
    if (key === drawn) return;
    drawn = key;
    draw(snapshot.door);
  }

  return { update };
}

