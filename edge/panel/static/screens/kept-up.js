// @ts-check
import { refusal } from "../notices.js";

/** A screen whose list is loaded again whenever what `mark` reads off the snapshot is another; a refusal is shown.
 * @param {(snapshot: any) => unknown} mark @param {() => Promise<void>} load */
export function keptUp(mark, load) {
  /** @type {unknown} */ let known = null;
  return {
    update: (/** @type {any} */ snapshot) => {
      const now = mark(snapshot);
      if (now === known) return;
      known = now;
      load().catch(refusal);
    },
  };
}
