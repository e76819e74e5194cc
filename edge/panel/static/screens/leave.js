// @ts-check
import { html } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { button } from "../notices.js";

/** Gas pre-alarm and fire: over every screen while the contact is open, in the banner until Reset at the block. */

const WHAT = /** @type {const} */ (["gas", "fire"]);

/** What one must leave for, the worse first, and whether it lasts; of a silent block what it said last.
 * @param {any} block @returns {{what: "gas" | "fire", now: boolean, since_ms: number} | null} */
export function leaving(block) {
  for (const what of WHAT) {
    const now = block.columns.some((/** @type {any} */ column) => column.online && column.open_inputs.includes(`${what}_ok`));
    const since_ms = block.fault_since[what];
    if (now || since_ms) return { what, now: now || !block.alive, since_ms: since_ms ?? 0 };
  }
  return null;
}

/** @param {HTMLElement} over @param {any} block */
export function drawLeave(over, block) {
  const found = leaving(block);
  const key = found?.now ? found.what : "";
  if (over.dataset.what === key) return;
  over.dataset.what = key;
  over.hidden = !key;
  if (!key) return over.replaceChildren();
  over.replaceChildren(
    html("h1", {}, `⚠ ${say(`panel.leave.${key}`)}`),
    html("p", {}, say("panel.leave.how")),
    html("p", { class: "after" }, say(`panel.leave.${key}_after`)),
    // Until the contact closes and opens again: whoever is outside goes on; the banner stays.
    html("div", { class: "row end" }, button(say("panel.leave.outside"), async () => void (over.hidden = true), { quiet: true })),
  );
}
