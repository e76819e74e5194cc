// @ts-check
import { attended, get, post } from "../api.js";
import { html, present } from "../elements/draw.js";
import { keyed } from "../elements/key-board.js";
import { listed, say } from "../elements/words.js";
import { button, overcome, refusal } from "../notices.js";
import { slotParts } from "./place.js";
import { wayCard } from "./way-to-aisle.js";

/** Counting one bay, blind: with the hand scanner, from pictures, or by looking. Nothing here says what should be there. */

const SCAN_MS = 1000;
const TO_LOOK_AT = 40;
const SLOTS_NAMED = 6;

/** Frequency in Hz and length in s of each tone: on with it, push the trolley on, the section is read, once more. */
const SOUNDS = { good: [[880, 0.12]], push: [[660, 0.15], [880, 0.15]], done: [[660, 0.12], [880, 0.12], [1175, 0.3]], bad: [[220, 0.5]] };

const BLOCKED_AFTER_MS = 300;

/** So that who pushes the trolley need not look at the screen. @param {keyof typeof SOUNDS} how @param {() => void} blocked
 * the browser plays nothing before the page was touched */
function play(how, blocked) {
  const sound = new AudioContext();
  setTimeout(() => {
    if (sound.state !== "suspended") return;
    blocked();
    sound.close(); // or it would sound with the next touch, when it means nothing any more
  }, BLOCKED_AFTER_MS);
  let at = sound.currentTime;
  SOUNDS[how].forEach(([hz, seconds], number) => {
    const tone = sound.createOscillator();
    tone.frequency.value = hz;
    tone.connect(sound.destination);
    tone.start(at);
    at += seconds;
    tone.stop(at);
    if (number === SOUNDS[how].length - 1) tone.addEventListener("ended", () => sound.close());
  });
}

/** @param {any} stage @param {string} id @param {string} bay */
export function show(stage, id, bay) {
  const where = `stocktakes/${id}/bays/${bay}`;
  const head = html("div", { class: "job-head" });
  const body = html("div", { class: "stock-count" });
  const way = wayCard(stage, "stocktake");
  const mute = html("p", { class: "tag warn stock-mute", role: "status", hidden: true }, say("panel.stock.no_sound"));
  stage.root.append(head, mute, way.card, body);
  stage.root.addEventListener("pointerdown", () => (mute.hidden = true));
  const beep = (/** @type {keyof typeof SOUNDS} */ how) => play(how, () => (mute.hidden = false));
  let aisle = 0; // that the bay lies in, once the node has said it
  /** @type {any} */ let scanning = 0;
  /** @type {any} */ let last = null;
  /** @type {any} */ let shown = null;
  let reading = false;
  /** @type {string[]} what was wrong with the pictures of the last reading */ let wrong = [];
  let asking = false;

  head.append(
    html("div", { class: "grow" }, html("h1", {}, say("panel.stock.counting", { bay })), html("p", { class: "soft" }, say("panel.stock.frozen"))),
    html("a", { class: "act quiet", href: `#/stocktake/${id}` }, say("panel.back")),
  );

  async function open() {
    try {
      const sheet = await get(`stocktakes/${id}`);
      const of = sheet.bays.find((/** @type {any} */ one) => one.bay === bay);
      aisle = of?.aisle ?? 0;
      if (stage.snapshot) update(stage.snapshot);
      if (of?.state === "counting") return draw(await get(where), true);
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

  /** @param {any} snapshot */
  function update(snapshot) {
    if (aisle) way.update(aisle, snapshot);
  }

  async function scans() {
    if (asking) return; // a room that is busy is not asked again before it answered
    asking = true;
    try {
      draw(await post(`${where}/scans`), false);
    } catch (error) {
      beep("bad");
      refusal(error);
    } finally {
      asking = false;
    }
  }

  /** @param {any} now @param {boolean} whole */
  function draw(now, whole) {
    if (!scanning) scanning = setInterval(scans, SCAN_MS);
    const mark = JSON.stringify(now);
    if (mark === last && !whole) return;
    if (last !== null && !whole) {
      attended();
      overcome();
      beep("good");
    }
    last = mark;
    shown = now;
    const left = now.slots.filter((/** @type {string} */ slot) => !now.seen[slot] || now.seen[slot] === "unread");
    body.replaceChildren(grid(now), side(now, left));
  }

  /** @param {any} now */
  function grid(now) {
    const glyph = /** @type {Record<string, string>} */ ({ box: "■", empty: "□", unread: "?", no_label: "■?" });
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
      slots,
      now.picture ? html("img", { class: "stock-picture", src: `/api/v1/looks/${now.picture}.jpg`, alt: say("panel.stock.picture") }) : null,
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
    return html(
      "section",
      { class: "stock-side" },
      html("h2", { class: "now" }, now.at_slot ? say("panel.stock.scan_box", { slot: now.at_slot }) : say("panel.stock.scan_slot")),
      html("p", { class: "soft" }, say("panel.stock.scan_more")),
      html("div", { class: "row" }, html("div", { class: "grow" }, field), button(say("panel.stock.enter"), typed, { quiet: true })),
      keys,
      walk(now),
      html("h3", {}, say("panel.stock.to_see", { count: left.length })),
      html("ul", { class: "pull-rows" }, left.slice(0, TO_LOOK_AT).map((slot) => toSee(now, slot))),
      html(
        "div",
        { class: "row end" },
        button(say("panel.stock.give_up"), async () => {
          await post(`${where}/give-up`);
          stage.go(`stocktake/${id}`);
        }, { quiet: true }),
        button(say("panel.stock.finish"), finish),
      ),
    );
  }

  /** The walk with the trolley, one thing to do at a time: stand, take, push on, take; then it reads by itself. @param {any} now */
  function walk(now) {
    if (!now.stops_needed && !now.shots) return null;
    const at = Math.min(now.stops + 1, now.stops_needed);
    const all = now.stops >= now.stops_needed;
    const stand = now.stops_needed === 1 ? "panel.stock.walk_fixed" : at === 1 ? "panel.stock.walk_first" : "panel.stock.walk_next";
    const taken = reading ? "panel.stock.walk_reading" : now.picture ? "panel.stock.walk_read" : "panel.stock.walk_unread";
    const next = all || reading ? say(taken, { shots: now.shots }) : say(stand, { at, of: now.stops_needed });
    return html(
      "div",
      { class: "card stock-walk" },
      wrong.map((words) => html("p", { class: "stock-wrong" }, `✕ ${words}`)),
      html("b", {}, next),
      html(
        "div",
        { class: "row" },
        now.stops_needed ? button(say("panel.stock.photograph"), shoot, { quiet: all }) : null,
        now.shots ? button(say("panel.stock.read", { shots: now.shots }), read, { quiet: !all || Boolean(now.picture) }) : null,
      ),
    );
  }

  async function shoot() {
    wrong = [];
    try {
      const { progress: now, refused } = await post(`${where}/photograph`);
      overcome();
      wrong = refused.map(asideInWords);
      draw(now, true);
      if (wrong.length) return beep("bad"); // the trolley stays: this stop is taken again
      if (now.stops < now.stops_needed) return beep("push");
      beep("good");
      await read();
    } catch (error) {
      beep("bad");
      throw error;
    }
  }

  async function read() {
    reading = true;
    draw(shown, true);
    const { progress: now, refused, missed } = await post(`${where}/read`).finally(() => {
      reading = false;
      draw(shown, true);
    });
    wrong = [
      ...refused.map(asideInWords),
      ...(missed.length ? [say("panel.stock.missed", { count: missed.length, slots: someOf(missed) })] : []),
    ];
    draw(now, true);
    const left = now.slots.filter((/** @type {string} */ slot) => !now.seen[slot] || now.seen[slot] === "unread").length;
    beep(left || wrong.length ? "bad" : "done");
  }

  /** @param {{why: string, count: number, bay: string}} one */
  const asideInWords = (one) => say(`panel.stock.shot.${one.why}`, { count: one.count, bay: one.bay, here: bay });

  /** @param {string[]} slots */
  const someOf = (slots) =>
    listed(slots.slice(0, SLOTS_NAMED).map((slot) => `${slotParts(slot).level}-${slotParts(slot).position}`)) + (slots.length > SLOTS_NAMED ? "…" : "");

  /** To the next bay of the same face, or back to the sheet. */
  async function finish() {
    await post(`${where}/finish`);
    beep("done");
    const face = bay.slice(0, bay.lastIndexOf("-"));
    const { bays } = await get(`stocktakes/${id}`);
    const next = bays.find((/** @type {any} */ one) => one.state === "waiting" && one.bay.startsWith(`${face}-`));
    stage.go(next ? `stocktake/${id}/bay/${next.bay}` : `stocktake/${id}`);
  }

  /** @param {any} now @param {string} slot */
  function toSee(now, slot) {
    const looked = (/** @type {string} */ what) => async () => {
      draw(await post(`${where}/looked`, { slot, what }), true);
      overcome();
    };
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
  return { update, leave: () => clearInterval(scanning) };
}
