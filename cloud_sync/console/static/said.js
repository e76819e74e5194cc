// @ts-check
import { known, measured, say, sayFirst } from "./words.js";

/** An event's body in one line of words: what a person looks for first, opaque ids and hashes shortened or left out. */

/** @type {Record<string, string>} */
export const MEASURAND_OF_RULE = { temp_high: "temp_cc", temp_low: "temp_cc", rh_high: "rh_cpct", rh_low: "rh_cpct", light_on: "lux", leak: "leak" };
const MEASURED = new Set(["value", "limit", "bound", "deadband"]); // integers whose unit follows from the rule
const FIRST = ["rule", "place", "aisle", "slot", "box_no", "box", "item", "kind", "due", "reason", "ended", "fault", "why", "ok", "expected", "seen", "value", "limit"];
/** Ids that lead nowhere from here, what the action's own name says already, and details that the trace export has. */
const LEFT_OUT = new Set([
  "alarm", "loan", "look", "state", "active", "acked", "latched", "block", "move_no", "movers", "at_mm", "faults", "unproved", "inspection",
  "import", "sha256", "first", "last", "previous_head", "second", "doing",
  "patrol", "finding", "point", "points", "readings", "look", "text", "entry", "entries", "people", "at_ms",
  "page", "file", "image", "measures", "batch", "before", "line", "stocktake", "difference", "kept", "into", "order", "register", "registers",
  "root", "tallies", "named",
]);
/** Fields whose values are codes, and the tables that have words for them. @type {Record<string, string[]>} */
const CODES = {
  rule: ["rule"], severity: ["severity"], kind: ["console.room", "panel.patrol.kind", "panel.patrol.found"], what: ["panel.patrol.what"], verdict: ["panel.patrol"], ended: ["end"], fault: ["fault"], code: ["remote"],
  reason: ["end", "reason", "revocation", "panel.approval.why"], asks: ["approval_rule"], why: ["verdict", "why_value", "why", "end"], right: ["right"], role: ["role"], source: ["source"],
  job: ["upkeep"], outcome: ["upkeep"],
};

/** @param {Record<string, unknown>} body */
export function said(body) {
  return Object.entries(body).filter(([name, value]) => told(name, value) && !(body.box_no && (name === "box" || name === "item")))
    .sort(([one], [other]) => rank(one) - rank(other))
    .map(([name, value]) => (name === "ok" ? say(`ok.${value}`) : `${say(`field.${name}`)} ${inUnits(body, name, value)}`)).join(" · ");
}

/** @param {string} name @param {unknown} value */
function told(name, value) {
  if (LEFT_OUT.has(name) || !(name === "ok" || known(`field.${name}`)) || value === "" || value === null || (Array.isArray(value) && !value.length)) return false;
  return name !== "why" || !/[0-9a-f]{8}-/.test(String(value)); // a reason that only names another id
}

/** @param {Record<string, unknown>} body @param {string} name @param {unknown} value */
function inUnits(body, name, value) {
  const measurand = MEASURAND_OF_RULE[String(body.rule)];
  return MEASURED.has(name) && measurand && typeof value === "number" ? measured(measurand, value) : plain(value, name);
}

/** @param {string} name */
const rank = (name) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);

/** @param {unknown} value @param {string} [name] @returns {string} */
export function plain(value, name = "") {
  if (Array.isArray(value)) return value.map((part) => plain(part, name)).join(", ");
  if (typeof value === "object" && value !== null) return said(/** @type {Record<string, unknown>} */ (value));
  const text = String(value);
  if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(text)) return `…${text.slice(-6)}`;
  if (/^[0-9a-f]{16,}$/.test(text)) return `${text.slice(0, 8)}…`;
  return name in CODES ? sayFirst(`.${text}`, ...CODES[name].map((table) => `${table}.${text}`)) : text;
}

/** The box by the number written on it; what is in it has no name outside the room. @param {any} loan */
export const what = (loan) =>
  [loan.kind === "box" ? "" : say(`console.room.${loan.kind}`), loan.box_no || loan.kind === "box" ? `${say("console.room.box")} ${loan.box_no || plain(loan.box)}` : plain(loan.item)].filter(Boolean).join(" · ");
