// @ts-check
import { get, post } from "../api.js";
import { html } from "../elements/draw.js";
import { worded } from "../elements/key-board.js";
import { say } from "../elements/words.js";
import { button, chosen } from "../notices.js";
import { may } from "../rights.js";
import { keptUp } from "./kept-up.js";
import { pointInWords } from "./patrol-point.js";

/** What patrols found: open until somebody says what was done; who sees to it, by which day. */

/** @param {any} stage */
export function show(stage) {
  const open = html("ul", { class: "findings" });
  const closed = html("ul", { class: "findings" });
  const heading = html("h2", {}, say("panel.patrol.closed"));
  stage.root.append(
    html("div", { class: "row" }, html("h1", { class: "grow" }, say("panel.patrol.findings")), html("a", { class: "act quiet", href: "#/patrol" }, say("panel.patrol.title"))),
    open,
    heading,
    closed,
  );
  /** @type {any[]} */ let people = [];

  const time = (/** @type {number} */ ms) => new Intl.DateTimeFormat(stage.language, { dateStyle: "short", timeStyle: "short", hour12: false, timeZone: stage.zone }).format(ms);

  /** @param {any} one */
  const what = (one) => [
    one.look ? html("a", { href: `/api/v1/patrol/pictures/${one.look}.jpg`, target: "_blank" }, html("img", { class: "finding-picture", src: `/api/v1/patrol/pictures/${one.look}.jpg`, alt: say("panel.patrol.picture") })) : null,
    html(
      "div",
      { class: "grow" },
      html("b", {}, `${pointInWords(one)} · ${say(`panel.patrol.found.${one.kind}`)}`),
      one.words ? html("p", {}, one.words) : null,
      html("small", { class: "soft block" }, say("panel.patrol.found_by", { name: one.found_by, time: time(one.found_ms) })),
    ),
  ];

  /** @param {any} one */
  const line = (one) =>
    html(
      "li",
      { class: `card row finding ${one.overdue ? "late" : ""}` },
      what(one),
      html("div", {}, one.owner ? html("p", {}, say("panel.patrol.owner", { name: one.owner, until: one.until })) : html("p", { class: "soft" }, say("panel.patrol.nobody")), one.overdue ? html("b", { class: "tag bad" }, `▲ ${say("panel.patrol.past")}`) : null),
      may(stage, "close_finding") ? [button(say("panel.patrol.assign"), () => assign(one), { quiet: true }), button(say("panel.patrol.close"), () => close(one))] : null,
    );

  /** @param {any} one */
  async function assign(one) {
    const who = html("select", {}, people.map((person) => html("option", { value: person.id, selected: person.name === one.owner }, person.name)));
    const until = html("input", { type: "date", value: one.until || today() });
    const form = html("div", { class: "form" }, html("label", {}, say("panel.patrol.who"), who), html("label", {}, say("panel.patrol.until"), until));
    const acts = html("button", { class: "act", value: "yes" }, say("panel.patrol.save"));
    await chosen(say("panel.patrol.assign_ask"), form, [acts], () => post(`patrol/findings/${one.id}/assign`, { owner: who.value, until: until.value }));
  }

  const today = () => new Intl.DateTimeFormat("en-CA", { timeZone: stage.zone }).format(stage.snapshot.utc_ms);

  /** @param {any} one */
  async function close(one) {
    const field = worded(say("panel.patrol.done"), { maxlength: 200 });
    const form = html("div", { class: "form single" }, html("label", {}, say("panel.patrol.done"), field));
    const acts = html("button", { class: "act", value: "yes" }, say("panel.patrol.close"));
    await chosen(say("panel.patrol.close_ask"), form, [acts], () => post(`patrol/findings/${one.id}/close`, { words: field.value }));
  }

  async function load() {
    const told = await get("patrol/findings");
    people = told.people;
    open.replaceChildren(...(told.open.length ? told.open.map(line) : [html("li", { class: "card soft" }, `✓ ${say("panel.patrol.nothing_open")}`)]));
    heading.hidden = !told.closed.length;
    closed.replaceChildren(
      ...told.closed.map((/** @type {any} */ one) =>
        html("li", { class: "card row finding" }, what(one), html("p", { class: "grow" }, `✓ ${say("panel.patrol.closed_by", { name: one.closed_by, time: time(one.closed_ms), done: one.done })}`)),
      ),
    );
  }

  return keptUp((/** @type {any} */ snapshot) => snapshot.trace_seq, load);
}
