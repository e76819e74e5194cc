// @ts-check
import { get, post } from "../api.js";
import { html } from "../elements/draw.js";
import { keyed } from "../elements/key-board.js";
import { say } from "../elements/words.js";
import { button, notice, refusal } from "../notices.js";
import { slotParts } from "./place.js";

/** Counting one bay, blind: with the hand scanner, from pictures, or by looking. Nothing here says what should be there. */

const SCAN_MS = 1000;
const TO_LOOK_AT = 40;
const BEEP_HZ = { good: 880, bad: 220 };

/** A short sound, so that who pushes the trolley need not look at the screen. @param {"good" | "bad"} how */
function beep(how) {
  const sound = new AudioContext();
  const tone = sound.createOscillator();
  tone.frequency.value = BEEP_HZ[how];
  tone.connect(sound.destination);
  tone.start();
  tone.stop(sound.currentTime + (how === "good" ? 0.12 : 0.5));
  tone.addEventListener("ended", () => sound.close());
}

/** @param {any} stage @param {string} id @param {string} bay */
export function show(stage, id, bay) {
  const where = `stocktakes/${id}/bays/${bay}`;
  const head = html("div", { class: "job-head" });
  const body = html("div", { class: "stock-count" });
  stage.root.append(head, body);
  /** @type {any} */ let scanning = 0;
  /** @type {any} */ let last = null;

  head.append(
    html("div", { class: "grow" }, html("h1", {}, say("panel.stock.counting", { bay })), html("p", { class: "soft" }, say("panel.stock.frozen"))),
    html("a", { class: "act quiet", href: `#/stocktake/${id}` }, say("panel.back")),
  );

  async function open() {
    try {
      const sheet = await get(`stocktakes/${id}`);
      const state = sheet.bays.find((/** @type {any} */ one) => one.bay === bay)?.state;
      if (state === "counting") return draw(await get(where), true);
      body.replaceChildren(
        html(
          "div",
          { class: "card" },
          html("h2", { class: "now" }, say("panel.stock.begin_bay", { bay })),
          html("p", { class: "now-more" }, say("panel.stock.begin_bay_more")),
          html("div", { class: "row end" }, button(say("panel.stock.begin"), async () => draw(await post(`${where}/begin`), true))),
        ),
      );
    } catch (error) {
      refusal(error);
    }
  }

  async function scans() {
    try {
      draw(await post(`${where}/scans`), false);
    } catch (error) {
      beep("bad");
      refusal(error);
    }
  }

  /** @param {any} now @param {boolean} whole */
  function draw(now, whole) {
    if (!scanning) scanning = setInterval(scans, SCAN_MS);
    const mark = JSON.stringify(now);
    if (mark === last && !whole) return;
    if (last !== null && !whole) beep("good");
    last = mark;
    const left = now.slots.filter((/** @type {string} */ slot) => !now.seen[slot] || now.seen[slot] === "unread");
    body.replaceChildren(grid(now), side(now, left));
  }

  /** @param {any} now */
  function grid(now) {
    const glyph = /** @type {Record<string, string>} */ ({ box: "■", empty: "□", unread: "?" });
    const positions = Math.max(...now.slots.map((/** @type {string} */ slot) => slotParts(slot).position));
    const slots = html("ol", { class: "stock-slots" });
    slots.style.gridTemplateColumns = `repeat(${positions}, minmax(0, 1fr))`;
    slots.append(
      ...now.slots.map((/** @type {string} */ slot) => {
        const part = slotParts(slot);
        const seen = now.seen[slot] ?? "unseen";
        return html(
          "li",
          { class: `stock-slot ${seen}${slot === now.at_slot ? " here" : ""}`, title: slot },
          html("small", {}, `${part.level}-${part.position}`),
          html("b", {}, glyph[seen] ?? "·"),
        );
      }),
    );
    return html(
      "section",
      { class: "stock-grid" },
      now.picture ? html("img", { class: "stock-picture", src: `/api/v1/looks/${now.picture}.jpg`, alt: say("panel.stock.picture") }) : null,
      slots,
    );
  }

  /** @param {any} now @param {string[]} left */
  function side(now, left) {
    const { field, keys } = keyed(say("panel.stock.type"));
    const typed = async () => {
      if (field.value.trim()) draw(await post(`${where}/typed`, { text: field.value.trim() }), false);
    };
    field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter") typed().catch(refusal);
    });
    const shoot = async () => {
      try {
        draw(await post(`${where}/photograph`), true);
        beep("good");
        notice(say("panel.stock.shot", { shots: last ? JSON.parse(last).shots : 0 }), say("panel.stock.shot_next"), false);
      } catch (error) {
        beep("bad");
        throw error;
      }
    };
    return html(
      "section",
      { class: "stock-side" },
      html("h2", { class: "now" }, now.at_slot ? say("panel.stock.scan_box", { slot: now.at_slot }) : say("panel.stock.scan_slot")),
      html("p", { class: "soft" }, say("panel.stock.scan_more")),
      html("div", { class: "row" }, html("div", { class: "grow" }, field), button(say("panel.stock.enter"), typed, { quiet: true })),
      keys,
      html(
        "div",
        { class: "row" },
        button(say("panel.stock.photograph"), shoot, { quiet: true }),
        now.shots ? button(say("panel.stock.read", { shots: now.shots }), async () => draw(await post(`${where}/read`), true), { quiet: true }) : null,
      ),
      html("h3", {}, say("panel.stock.to_see", { count: left.length })),
      html("ul", { class: "pull-rows" }, left.slice(0, TO_LOOK_AT).map((slot) => toSee(now, slot))),
      html(
        "div",
        { class: "row end" },
        button(say("panel.stock.give_up"), async () => {
          await post(`${where}/give-up`);
          stage.go(`stocktake/${id}`);
        }, { quiet: true }),
        button(say("panel.stock.finish"), async () => {
          await post(`${where}/finish`);
          stage.go(`stocktake/${id}`);
        }),
      ),
    );
  }

  /** @param {any} now @param {string} slot */
  function toSee(now, slot) {
    const looked = (/** @type {string} */ what) => async () => draw(await post(`${where}/looked`, { slot, what }), true);
    const part = slotParts(slot);
    return html(
      "li",
      { class: "row stock-look" },
      html("b", { class: "grow" }, `${part.level}-${part.position}`, now.seen[slot] ? ` ? ${say("panel.stock.unread")}` : ""),
      button(say("panel.stock.is_empty"), looked("empty"), { quiet: true }),
      button(say("panel.stock.no_label"), looked("unread"), { quiet: true }),
    );
  }

  open();
  return { leave: () => clearInterval(scanning) };
}
