// @ts-check
/** A button that is drawn anew between the finger's coming down and its lifting would swallow the touch: drawing waits. */

const LONGEST_MS = 600; // whoever rests a finger on the screen still sees the room change
const LIFTED_MS = 120; // the touch itself counts a moment after the finger is up
let down = false;
let timer = 0;
/** @type {(() => void) | null} */ let waiting = null;

/** @param {number} ms */
function until(ms) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    down = false;
    waiting?.();
    waiting = null;
  }, ms);
}

addEventListener(
  "pointerdown",
  () => {
    down = true;
    until(LONGEST_MS);
  },
  true,
);
for (const lifted of ["pointerup", "pointercancel"]) addEventListener(lifted, () => down && until(LIFTED_MS), true);

/** Now, or once no finger is down; of those that wait only the newest. @param {() => void} draw */
export function onceLifted(draw) {
  if (down) waiting = draw;
  else draw();
}
