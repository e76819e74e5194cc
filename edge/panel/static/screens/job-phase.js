// @ts-check
/** Which step a request stands at, from its state and what the boards report. Pure: the same for requests and reshelving. */

/** @typedef {"fault" | "power_up" | "crank_first" | "walk" | "wait" | "choose" | "proving" | "crank" | "start" | "warning" | "moving" | "ended" | "open"} Opening */

const OPEN_SHARE = 0.95; // a move that stopped short of it is walked and chosen again, not worked in

/** The aisle is as wide open as was asked for, and nothing drives. @param {any} block @param {number} aisle */
export function standsOpen(block, aisle) {
  const found = block.aisles.find((/** @type {any} */ one) => one.no === aisle);
  const driving = block.move && ["warning", "moving"].includes(block.move.phase);
  return Boolean(found && found.gap_mm !== null && found.gap_mm > block.aisle_mm * OPEN_SHARE && !driving);
}

/** @param {any} snapshot @param {number} aisle @param {boolean} chosen whether this job was chosen already @returns {Opening} */
export function opening(snapshot, aisle, chosen) {
  const { block } = snapshot;
  if (!block.alive) return "fault";
  const move = block.move;
  const running = move && move.phase !== "ended";
  if (chosen && running && move.aisle === aisle && block.drive === "crank") return "crank";
  if (chosen && running && move.aisle === aisle) {
    const phases = /** @type {Record<string, Opening>} */ ({
      arming: "proving",
      armed: "start",
      warning: "warning",
      moving: "moving",
    });
    return phases[move.phase];
  }
  if (chosen && standsOpen(block, aisle)) return "open";
  if (faultsOf(block).length) return "fault";
  if (chosen && move && move.phase === "ended" && move.aisle === aisle && move.ended !== "reached") return "ended";
  if (snapshot.power_up) return block.drive === "crank" ? "crank_first" : "power_up";
  if (running) return "wait";
  if (snapshot.walk.length) return "walk";
  return "choose";
}

/** Whether the aisle has been walked and reset. @param {any} block @param {number} aisle */
export function isClear(block, aisle) {
  return block.aisles.find((/** @type {any} */ one) => one.no === aisle)?.state === "clear";
}

const EFFECTS = ["chain_open"]; // seen by every board because of another fault

/** What the boards report: fault name and the columns that report it, causes first, then key and padlock; of a silent
 * block only who is silent.
 * @param {any} block @returns {[string, number[]][]} */
export function faultsOf(block) {
  if (!block.alive) return [[block.silent, []]];
  /** @type {[string, number[]][]} */ const held = block.held.map((/** @type {string} */ name) => [name, []]);
  /** @type {Record<string, number[]>} */ const found = {};
  for (const column of block.columns) for (const fault of column.faults) (found[fault] ??= []).push(column.no);
  const faults = Object.entries(found);
  faults.sort(([a, x], [b, y]) => EFFECTS.indexOf(a) - EFFECTS.indexOf(b) || x.length - y.length);
  return [...faults, ...held];
}
