// @ts-check
import { post } from "../api.js";
import { html } from "../elements/draw.js";
import { inWords } from "../elements/value-tile.js";
import { say } from "../elements/words.js";
import { button } from "../notices.js";
import { worded } from "../elements/key-board.js";

/** One point of a patrol: its name, what the room itself says there, and the form of a finding. */

/** @param {any} point */
export const pointInWords = (point) =>
  [point.name || say(`panel.patrol.what.${point.what}`), point.aisle, point.place].filter((part) => part !== null && part !== "").join(" ");

/** What the sensors say, as it will be kept; a stale value is none. @param {any[]} readings */
export function evidence(readings) {
  if (!readings.length) return "";
  return html(
    "section",
    { class: "patrol-evidence" },
    html("small", { class: "soft block" }, say("panel.patrol.taken_along")),
    readings.map((one) =>
      html(
        "span",
        { class: one.value == null ? "soft" : one.measurand === "leak" && one.value ? "bad" : "" },
        html("small", {}, `${one.place} ${say(`panel.measurand.${one.measurand}`)}`),
        html("b", {}, one.value == null ? say("panel.patrol.no_value") : inWords(one.measurand, one.value)),
      ),
    ),
  );
}

/** What was found: its kind, words, and a picture where there is a camera.
 * @param {any} sheet @param {(found: {kind: string, words: string, look: string}) => Promise<void>} keep @param {() => void} back */
export function findingForm(sheet, keep, back) {
  let kind = "";
  let look = "";
  const words = worded(say("panel.patrol.words"), { maxlength: 200 });
  const shown = html("div", { class: "patrol-picture" });
  const done = button(say("panel.patrol.keep_finding"), () => keep({ kind, words: words.value, look }));
  done.disabled = true;
  const kinds = html("div", { class: "patrol-found", role: "group", "aria-label": say("panel.patrol.what_found") });
  for (const name of sheet.found) {
    const one = html("button", { type: "button", class: "filter", "aria-pressed": "false" }, say(`panel.patrol.found.${name}`));
    one.addEventListener("click", () => {
      kind = name;
      done.disabled = false;
      for (const other of kinds.children) other.setAttribute("aria-pressed", String(other === one));
    });
    kinds.append(one);
  }

  /** @param {string} camera */
  async function photograph(camera) {
    ({ look } = await post("patrol/pictures", { camera }));
    shown.replaceChildren(html("img", { src: `/api/v1/patrol/pictures/${look}.jpg`, alt: say("panel.patrol.picture") }));
  }

  const cameras = sheet.cameras.map((/** @type {string} */ camera) =>
    button(sheet.cameras.length > 1 ? `${say("panel.patrol.photograph")} · ${camera}` : say("panel.patrol.photograph"), () => photograph(camera), { quiet: true }),
  );
  return html(
    "section",
    { class: "card patrol-form" },
    html("div", { class: "row" }, html("h2", { class: "grow" }, say("panel.patrol.what_found")), html("button", { type: "button", class: "act quiet", onclick: back }, say("panel.back"))),
    kinds,
    html("div", { class: "row" }, html("div", { class: "grow" }, words), cameras, done),
    cameras.length ? html("p", { class: "soft" }, say("panel.patrol.camera_more")) : null,
    shown,
  );
}
