// @ts-check
/** What is left of a snapshot whose source is silent: a stale value is not a value, and nothing looks clear or ready. */

/** The block, when nobody is heard of it: last places, drawn as unknown. ``silent``: who does not answer, as faults name it.
 * @param {any} block @param {"motion_silent" | "node_away"} silent */
function unheardBlock(block, silent) {
  const columns = block.columns.map((/** @type {any} */ column) =>
    column.fixed
      ? column
      : { ...column, online: false, state: "offline", speed_mm_s: 0, target_mm: null, faults: [], open_inputs: [] },
  );
  const aisles = block.aisles.map((/** @type {any} */ aisle) => ({
    no: aisle.no,
    state: "unknown",
    why: "",
    gap_mm: null,
    too_narrow: false,
  }));
  return { ...block, alive: false, silent, doubtful: true, move: null, held: [], columns, aisles };
}

/** As the node sent it, but for a block that it cannot hear itself. @param {any} snapshot */
export function heard(snapshot) {
  if (snapshot.block.alive) return snapshot;
  return { ...snapshot, block: unheardBlock(snapshot.block, "motion_silent"), walk: [], power_up: false };
}

/** The newest snapshot, when the node itself is silent. @param {any} snapshot */
export function unheard(snapshot) {
  const readings = snapshot.readings.map((/** @type {any} */ one) => ({ ...one, quality: "stale", age_ms: null }));
  const door = snapshot.door && { ...snapshot.door, unknown: true };
  return { ...snapshot, block: unheardBlock(snapshot.block, "node_away"), walk: [], power_up: false, readings, door, patrol: { ...snapshot.patrol, unknown: true } };
}
