// @ts-check
import { get } from "../api.js";
import "../elements/day-chart.js";
import { html } from "../elements/draw.js";
import "../elements/value-tile.js";
import { say } from "../elements/words.js";
import { refusal } from "../notices.js";

/** The air of the room: a tile for every value, and the last 24 hours of the one that was touched. */

const AGAIN_MS = 60_000;
const HOURS = 24;

/** @param {any} stage */
export function show(stage) {
  const tiles = html("div", { class: "tiles" });
  const title = html("h2", {});
  const chart = html("day-chart", { class: "climate-chart" });
  stage.root.append(tiles, title, chart);
  /** @type {Map<string, {tile: any, box: any}>} */ const made = new Map();
  /** @type {{place: string, measurand: string} | null} */ let chosen = null;
  /** @type {any} */ let newest = null;

  async function load() {
    if (!chosen || !newest) return;
    const wanted = chosen;
    try {
      const series = await get(
        `readings?place=${encodeURIComponent(wanted.place)}&measurand=${wanted.measurand}&hours=${HOURS}`,
      );
      if (wanted !== chosen) return;
      title.textContent = say("panel.chart.title", {
        measurand: say(`panel.measurand.${wanted.measurand}`),
        place: wanted.place,
        hours: HOURS,
      });
      chart.show({ ...series, zone: newest.room.zone, language: stage.language });
    } catch (error) {
      refusal(error);
    }
  }

  /** @param {any} reading */
  function choose(reading) {
    chosen = { place: reading.place, measurand: reading.measurand };
    for (const [key, { box }] of made)
      box.setAttribute("aria-pressed", String(key === `${reading.place}/${reading.measurand}`));
    load();
  }

  const again = setInterval(load, AGAIN_MS);
  return {
    update: (/** @type {any} */ snapshot) => {
      newest = snapshot;
      for (const reading of snapshot.readings) {
        const key = `${reading.place}/${reading.measurand}`;
        if (!made.has(key)) {
          const tile = html("value-tile");
          const box = html(
            "button",
            { type: "button", class: "tile-button", "aria-pressed": "false", onclick: () => choose(reading) },
            tile,
          );
          let group = [...tiles.children].find((/** @type {any} */ child) => child.dataset.place === reading.place);
          if (!group)
            tiles.append(
              (group = html(
                "section",
                { class: "tile-group", "data-place": reading.place },
                html("h2", {}, reading.place),
              )),
            );
          group.append(box);
          made.set(key, { tile, box });
        }
        made.get(key)?.tile.show(reading);
      }
      if (!chosen && snapshot.readings.length) choose(snapshot.readings[0]);
    },
    leave: () => clearInterval(again),
  };
}
