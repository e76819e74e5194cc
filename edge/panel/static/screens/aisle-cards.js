// @ts-check
import { html } from "../elements/draw.js";
import { say, sayOr } from "../elements/words.js";

/** What each occupied aisle waits for: since when, why, which sensor, and the steps to clear it. */

/** @param {any} snapshot @param {string} language */
export function aisleCards(snapshot, language) {
  const clock = new Intl.DateTimeFormat(language, { timeStyle: "short", hour12: false, timeZone: snapshot.room.zone });
  return snapshot.block.aisles
    .filter((/** @type {any} */ aisle) => aisle.state === "occupied")
    .map((/** @type {any} */ aisle) =>
      html(
        "div",
        { class: "card aisle-card" },
        html("h3", {}, `! ${say("panel.aisle_panel.title", { aisle: aisle.no })}`),
        html(
          "p",
          { class: "soft" },
          `${sayOr(`why.${aisle.why}`, aisle.why)} · ${aisle.gap_mm === null ? "?" : `${aisle.gap_mm} mm`} · ${since(aisle.since_ms, snapshot.utc_ms, clock)}`,
        ),
        aisle.sensors.length
          ? html("p", { class: "sensors" }, aisle.sensors.map((/** @type {any} */ sensor) => html("span", { class: "tag warn" }, say("panel.aisle_panel.sensor", { column: sensor.column, name: sensor.name === "gap" ? say("panel.aisle_panel.gap") : sayOr(`input.${sensor.name}`, sensor.name) }))))
          : null,
        html("ol", {}, aisle.steps.map((/** @type {string} */ step) => html("li", {}, say(`panel.clear.${step}`)))),
      ),
    );
}

/** @param {number | null} since_ms @param {number} now_ms @param {Intl.DateTimeFormat} clock */
function since(since_ms, now_ms, clock) {
  if (since_ms === null || since_ms === undefined) return say("panel.aisle_panel.since_unknown");
  const minutes = Math.max(0, Math.floor((now_ms - since_ms) / 60_000));
  return say("panel.aisle_panel.since", { time: clock.format(since_ms), minutes });
}
