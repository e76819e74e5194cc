// @ts-check
import { html, under } from "./draw.js";
import { figure } from "./value-tile.js";
import { say } from "./words.js";

/**
 * `<day-chart>`: the last hours of one measurand, with its limits; the same figures by the hour in a table for screen readers.
 * `show({measurand, low, high, from_ms, to_ms, zone, language, points: [[utc_ms, min, mean, max], …]})`
 */
class DayChart extends HTMLElement {
  /** @type {any} */ #series = null;
  #canvas = html("canvas", { "aria-hidden": "true" });
  #table = html("table", { class: "for-ears" });
  #resized = new ResizeObserver(() => this.#series && this.#draw());

  connectedCallback() {
    this.replaceChildren(this.#canvas, this.#table);
    this.#resized.observe(this);
  }

  disconnectedCallback() {
    this.#resized.disconnect();
  }

  /** @param {any} series */
  show(series) {
    this.#series = series;
    this.#draw();
    this.#tabulate();
  }

  #draw() {
    const { measurand, low, high, from_ms, to_ms, points, zone, language } = this.#series;
    const ratio = devicePixelRatio || 1;
    const { width, height } = this.getBoundingClientRect();
    if (!width || !height) return;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    const pen = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d"));
    pen.scale(ratio, ratio);
    const style = getComputedStyle(this);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(name);
    const values = points
      .flatMap((/** @type {number[]} */ point) => [point[1], point[3]])
      .concat([low, high].filter((limit) => limit !== null));
    const [bottom, top] = spread(values);
    const box = { left: 52, right: width - 12, top: 12, bottom: height - 26 };
    const x = (/** @type {number} */ ms) => box.left + ((ms - from_ms) / (to_ms - from_ms)) * (box.right - box.left);
    const y = (/** @type {number} */ value) =>
      box.bottom - ((value - bottom) / (top - bottom)) * (box.bottom - box.top);

    pen.font = `13px ${style.fontFamily}`;
    pen.lineWidth = 1;
    pen.strokeStyle = colour("--line");
    pen.fillStyle = colour("--ink-soft");
    for (let i = 0; i <= 4; i += 1) {
      const value = bottom + ((top - bottom) * i) / 4;
      pen.beginPath();
      pen.moveTo(box.left, y(value));
      pen.lineTo(box.right, y(value));
      pen.stroke();
      pen.textAlign = "right";
      pen.fillText(figure(measurand, value), box.left - 8, y(value) + 4);
    }
    const clock = new Intl.DateTimeFormat(language, {
      hour: "2-digit",
      minute: "2-digit",
      hour12: false,
      timeZone: zone,
    });
    pen.textAlign = "center";
    for (let i = 0; i <= 6; i += 1) {
      const ms = from_ms + ((to_ms - from_ms) * i) / 6;
      pen.fillText(clock.format(ms), Math.min(Math.max(x(ms), box.left + 14), box.right - 18), height - 7);
    }
    if (low !== null || high !== null) {
      pen.fillStyle = colour("--limit-band");
      const upper = high === null ? box.top : y(high);
      pen.fillRect(box.left, upper, box.right - box.left, (low === null ? box.bottom : y(low)) - upper);
      pen.setLineDash([6, 5]);
      pen.strokeStyle = colour("--limit");
      for (const limit of [low, high]) {
        if (limit === null) continue;
        pen.beginPath();
        pen.moveTo(box.left, y(limit));
        pen.lineTo(box.right, y(limit));
        pen.stroke();
      }
      pen.setLineDash([]);
    }
    const apart_ms = Math.max(180_000, ((to_ms - from_ms) / 1440) * 3); // a longer silence is a gap, not a straight line
    pen.strokeStyle = colour("--accent");
    pen.lineWidth = 2.2;
    pen.lineJoin = "round";
    pen.beginPath();
    points.forEach((/** @type {number[]} */ point, /** @type {number} */ i) => {
      const joined = i > 0 && point[0] - points[i - 1][0] <= apart_ms;
      if (joined) pen.lineTo(x(point[0]), y(point[2]));
      else {
        pen.moveTo(x(point[0]) - 1, y(point[2]));
        pen.lineTo(x(point[0]), y(point[2]));
      }
    });
    pen.stroke();
    if (!points.length) {
      pen.fillStyle = colour("--ink-soft");
      pen.font = `16px ${style.fontFamily}`;
      pen.fillText(say("panel.chart.empty"), (box.left + box.right) / 2, (box.top + box.bottom) / 2);
    }
  }

  #tabulate() {
    const { measurand, points, zone, language } = this.#series;
    const clock = new Intl.DateTimeFormat(language, {
      hour: "2-digit",
      minute: "2-digit",
      hour12: false,
      timeZone: zone,
    });
    const hourly = points.filter(
      (/** @type {number[]} */ point, /** @type {number} */ i) =>
        i === 0 || Math.floor(point[0] / 3_600_000) !== Math.floor(points[i - 1][0] / 3_600_000),
    );
    this.#table.replaceChildren(
      html("caption", {}, say(`panel.measurand.${measurand}`)),
      ...under(
        [say("panel.chart.time"), say(`panel.unit.${measurand}`)],
        hourly.map((/** @type {number[]} */ point) =>
          html(
            "tr",
            {},
            html("th", { scope: "row" }, clock.format(point[0])),
            html("td", {}, figure(measurand, point[2])),
          ),
        ),
      ),
    );
  }
}

/** Axis ends around all values, never closer together than a calm day needs. @param {number[]} values @returns {[number, number]} */
function spread(values) {
  if (!values.length) return [0, 1];
  const low = Math.min(...values),
    high = Math.max(...values);
  const margin = Math.max((high - low) * 0.12, Math.abs(high) * 0.02, 1);
  return [low - margin, high + margin];
}

customElements.define("day-chart", DayChart);
