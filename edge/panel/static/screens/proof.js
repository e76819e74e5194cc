// @ts-check
import { attended, get, post } from "../api.js";
import { html } from "../elements/draw.js";
import { pinPad } from "../elements/pin-pad.js";
import { listed, say, sayOr } from "../elements/words.js";
import { button, confirmed, refusal } from "../notices.js";

/** The monthly proof: what to touch, and what the boards have answered. Nothing can be ticked here. */

const ASK_AGAIN_MS = 700;

/** @param {any} stage */
export function show(stage) {
  const head = html("div", { class: "row" });
  const body = html("div", { class: "proof" });
  stage.root.append(head, body);
  let drawn = "",
    signing = "",
    left = false;

  async function load() {
    try {
      draw(await get("proof"));
    } catch (error) {
      refusal(error);
    }
  }

  /** @param {any} told */
  function draw(told) {
    const key = JSON.stringify([told, signing]);
    if (key === drawn || left) return;
    if (drawn) attended(); // hands at the block
    drawn = key;
    const state = told.proof ? html("span", { class: `tag ${tone(told.proof.state)}` }, say(`panel.proof.${told.proof.state}`, { days: told.proof.days })) : null;
    head.replaceChildren(html("h1", { class: "grow" }, say("panel.proof.title")), ...(state ? [state] : []));
    if (signing && told.work) return body.replaceChildren(...sign(signing));
    body.replaceChildren(...(told.work ? underWay(told.work) : before(told)));
  }

  /** @param {any} told */
  function before(told) {
    return [
      html("div", { class: "card" }, html("p", {}, say("panel.proof.how")), button(say("panel.proof.begin"), act("proof"))),
      html("h2", {}, say("panel.proof.past")),
      told.past.length ? html("ul", { class: "proof-past" }, told.past.map(past)) : html("p", { class: "soft" }, say("panel.proof.none")),
    ];
  }

  /** @param {any} one */
  function past(one) {
    const day = new Intl.DateTimeFormat(stage.language, { dateStyle: "medium", timeStyle: "short", hour12: false, timeZone: stage.zone });
    return html("li", {}, html("b", {}, day.format(one.ended_ms)), ` ${one.technician} · `, html("span", { class: `tag ${one.outcome === "good" ? "good" : "warn"}` }, say(`panel.proof.outcome.${one.outcome}`)));
  }

  /** @param {any} work */
  function underWay(work) {
    const all = work.items.reduce((/** @type {number} */ sum, /** @type {any} */ item) => sum + item.times, 0);
    const done = work.items.reduce((/** @type {number} */ sum, /** @type {any} */ item) => sum + item.answered, 0);
    const whole = done >= all;
    return [
      html("p", { class: "soft" }, say("panel.proof.how")),
      work.seen.length ? html("p", { class: "proof-seen", role: "status" }, say("panel.proof.seen", { what: listed(work.seen.map(inputs)) })) : "",
      html("div", { class: "proof-groups" }, groups(work.items).sort(([, a], [, b]) => Number(answered(a)) - Number(answered(b))).map(([name, items]) => group(name, items))),
      html(
        "div",
        { class: "row end proof-acts" },
        html("b", { class: "grow" }, say("panel.proof.count", { done, all })),
        button(say("panel.proof.give_up"), act("proof/give-up"), { quiet: true }),
        button(say("panel.proof.fail"), failing, { quiet: true }),
        whole ? button(say("panel.proof.sign"), async () => askPin("proof/sign")) : null,
      ),
    ];
  }

  async function failing() {
    if (await confirmed(say("panel.proof.fail_ask"), "", say("panel.proof.fail"))) askPin("proof/fail");
  }

  /** @param {string} where */
  function askPin(where) {
    signing = where;
    load();
  }

  /** @param {string} where */
  function sign(where) {
    const { dots, pad, keydown } = pinPad(async (pin) => {
      try {
        await post(where, { pin });
        signing = "";
      } catch (error) {
        refusal(error);
      }
      load();
    });
    pad.onkeydown = keydown;
    return [
      html("h2", {}, say("panel.proof.pin")),
      dots,
      pad,
      button(say("panel.back"), async () => askPin(""), { quiet: true }),
    ];
  }

  /** @param {string} name @param {any[]} items */
  function group(name, items) {
    const [kind, no] = name.split(" ");
    const title = kind === "aisle" ? say("panel.block.aisle", { aisle: no }) : say(`panel.proof.${kind}`);
    return html(
      "section",
      { class: "card proof-group" },
      html(
        "div",
        { class: "row" },
        html("h2", { class: "grow" }, title),
        kind === "aisle" && !answered(items)
          ? button(say("panel.proof.open", { no }), () => post("proof/aisle", { aisle: Number(no) }), { quiet: true, moves: true })
          : null,
      ),
      html("ul", {}, items.map(item)),
    );
  }

  /** @param {string} where */
  const act = (where) => async () => {
    await post(where);
    await load();
  };

  load();
  const again = setInterval(load, ASK_AGAIN_MS);
  return {
    leave: () => {
      left = true;
      clearInterval(again);
    },
  };
}

/** What is whole goes to the end. @param {any[]} items */
const answered = (items) => items.every((one) => one.answered >= one.times);

/** @param {any} item */
function item(item) {
  const whole = item.answered >= item.times;
  return html(
    "li",
    { class: whole ? "answered" : "" },
    html("span", { class: "mark", "aria-hidden": "true" }, whole ? "✓" : "○"),
    say(`panel.proof.item.${item.kind}`, { no: item.no }),
    item.times > 1 ? ` ${item.answered} / ${item.times}` : "",
  );
}

/** @type {[string, string[]][]} */
const APART = [
  ["control", ["jog_left", "jog_right"]],
  ["release", ["release"]],
];

/** Edges belong to the aisle they look into. @param {any[]} items @returns {[string, any[]][]} */
function groups(items) {
  /** @type {Map<string, any[]>} */ const found = new Map();
  for (const one of items) {
    const aisle = { beam: one.no, deep: one.no, mouth: one.no, choose: one.no, edge_left: one.no - 1, edge_right: one.no }[/** @type {string} */ (one.kind)];
    const name = aisle === undefined ? `${APART.find(([_name, kinds]) => kinds.includes(one.kind))?.[0] ?? "block"} 0` : `aisle ${aisle}`;
    found.set(name, [...(found.get(name) ?? []), one]);
  }
  return [...found];
}

/** @param {any} seen */
const inputs = (seen) => `${say("panel.proof.column", { no: seen.column })} ${sayOr(`input.${seen.input}`, seen.input)}`;

/** @param {string} state */
const tone = (state) => ({ good: "good", soon: "info" })[state] ?? "warn";
