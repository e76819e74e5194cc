// @ts-check
/** Words of the page's language, and numbers, times and ages as people read them. */

const catalogue = JSON.parse(document.getElementById("words")?.textContent ?? "{}");
const language = document.documentElement.lang;
const zone = document.documentElement.dataset.zone;

/** @param {string} msgid @param {Record<string, string | number>} [params] */
export function say(msgid, params = {}) {
  const text = catalogue[msgid];
  if (text === undefined) return msgid.slice(msgid.indexOf(".") + 1);
  return text.replace(/\{(\w+)(?::([^{}|]*)\|([^{}|]*))?\}/g, (/** @type {string} */ whole, /** @type {string} */ name, /** @type {string} */ one, /** @type {string} */ many) => {
    const value = String(params[name] ?? whole);
    return many === undefined ? value : `${value} ${value === "1" ? one : many}`; // {count:alarm|alarms}
  });
}

/** Whether whoever is signed in was given this right; the server judges again. @param {string} right */
export const may = (right) => (document.documentElement.dataset.rights ?? "").split(" ").includes(right);

/** @param {string} msgid */
export const known = (msgid) => msgid in catalogue;

/** The words of the first of ``msgids`` that has any. @param {...string} msgids */
export const sayFirst = (...msgids) => say(msgids.find((msgid) => msgid in catalogue) ?? msgids[0]);

const clock = new Intl.DateTimeFormat(language, { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(language, { timeZone: zone, month: "short", day: "numeric" });
const full = new Intl.DateTimeFormat(language, { timeZone: zone, dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" });
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "narrow" });
const whole = new Intl.NumberFormat(language);

/** @param {number} value */
export const number = (value) => whole.format(value);
/** @param {number} ms */
export const moment = (ms) => full.format(ms);
/** @param {number} ms @param {number} nowMs */
export const shortMoment = (ms, nowMs) => (day.format(ms) === day.format(nowMs) ? clock.format(ms) : `${day.format(ms)} ${clock.format(ms)}`);

const date = new Intl.DateTimeFormat("sv", { timeZone: zone, dateStyle: "short" }); // YYYY-MM-DD
/** The site's own day, as due dates are written. @param {number} ms */
export const dateOf = (ms) => date.format(ms);

/** @param {number} ms @param {number} nowMs */
export function age(ms, nowMs) {
  const seconds = Math.round((ms - nowMs) / 1000);
  if (seconds > -60) return relative.format(Math.min(0, seconds), "second");
  if (seconds > -3600) return relative.format(Math.round(seconds / 60), "minute");
  if (seconds > -86400) return relative.format(Math.round(seconds / 3600), "hour");
  return relative.format(Math.round(seconds / 86400), "day");
}

/** A value of the wire (integer, unit in its name) for people. @param {string} measurand @param {number | null} value */
export function measured(measurand, value) {
  if (value === null) return "–";
  if (measurand === "temp_cc") return `${(value / 100).toFixed(1)} °C`;
  if (measurand === "rh_cpct") return `${(value / 100).toFixed(1)} %`;
  if (measurand === "lux") return `${whole.format(value)} lx`;
  if (measurand === "leak") return say(value ? "leak.wet" : "leak.dry");
  return whole.format(value);
}
