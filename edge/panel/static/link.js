// @ts-check
/** The one snapshot stream, and its watchdog: a screen that no longer hears the node says so and offers no movement. */

const SILENT_MS = 4000;
const RETRY_MS = 1500;

/**
 * @param {(snapshot: any) => void} onSnapshot
 * @param {(alive: boolean) => void} onLink called when the link is lost and when it is back
 */
export function follow(onSnapshot, onLink) {
  let heard = performance.now();
  let opened = performance.now();
  let alive = true;
  /** @type {EventSource} */ let source;
  const open = () => {
    source?.close();
    opened = performance.now();
    source = new EventSource("/events");
    source.addEventListener("snapshot", (event) => {
      heard = performance.now();
      if (!alive) onLink((alive = true));
      onSnapshot(JSON.parse(event.data));
    });
  };
  setInterval(() => {
    const now = performance.now();
    if (now - heard < SILENT_MS) return;
    if (alive) onLink((alive = false));
    if (now - opened > RETRY_MS) open();
  }, 500);
  open();
}
