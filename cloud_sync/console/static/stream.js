// @ts-check
/** The page's one stream of snapshots, with a watchdog: silence is shown, never mistaken for calm. */

import { byId } from "./draw.js";
import "./log-out.js";
import { say } from "./words.js";

const SILENT_MS = 4000;
const RETRY_MS = 2000;

/** @param {string} room  '' = all rooms @param {(snapshot: any) => void} show @param {string} [page] what the snapshot is to show instead */
export function follow(room, show, page = "") {
  /** @type {EventSource | null} */
  let source = null;
  let heard = Date.now();
  const address = room ? `/events?room=${encodeURIComponent(room)}` : page ? `/events?page=${page}` : "/events";

  const open = () => {
    source?.close();
    source = new EventSource(address);
    source.onmessage = (message) => {
      heard = Date.now();
      const snapshot = JSON.parse(message.data);
      if (snapshot.build !== document.documentElement.dataset.build) location.reload();
      banner(snapshot.broker ? "" : say("console.broker_away"));
      show(snapshot);
    };
    source.addEventListener("ended", () => location.assign("/login"));
  };

  // A hidden tab gives its connection back: a browser has only six of them for one server.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) source?.close();
    else open();
  });
  setInterval(() => {
    if (document.hidden || Date.now() - heard < SILENT_MS) return;
    banner(say("console.lost"));
    if (Date.now() - heard > SILENT_MS + RETRY_MS) {
      heard = Date.now() - SILENT_MS;
      fetch("/api/v1/rooms").then((answer) => (answer.status === 401 ? location.assign("/login") : open()), () => {});
    }
  }, 500);
  open();
}

/** @param {string} text */
function banner(text) {
  const element = byId("banner");
  if (element.textContent !== text) element.textContent = text;
  element.hidden = !text;
}
