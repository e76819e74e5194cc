// @ts-check
import { byId, keep, make } from "./draw.js";
import { figures, marks, state } from "./glance.js";
import { follow } from "./stream.js";
import { number, say } from "./words.js";

const URGENCY = { offline: 0, never: 1, stopped: 2, online: 3 };

follow("", (snapshot) => {
  const rooms = snapshot.rooms;
  sums(rooms);
  const list = byId("rooms");
  if (!rooms.length) return list.replaceChildren(make("p", { class: "empty" }, say("console.no_rooms")));
  rooms.sort((/** @type {any} */ a, /** @type {any} */ b) => urgency(a) - urgency(b) || a.node.localeCompare(b.node));
  keep(list, rooms, (room) => room.node, card);
  for (const room of rooms) fill(/** @type {HTMLElement} */ (list.querySelector(`[data-key="${room.node}"]`)), room, snapshot.now_ms);
});

/** @param {any} room */
function urgency(room) {
  if (room.forks || room.alarms_unacked || room.loans_overdue || room.patrols_late) return -1;
  return URGENCY[/** @type {keyof typeof URGENCY} */ (room.state)];
}

/** @param {any} room */
const card = (room) => make("a", { class: "room", href: `/rooms/${room.node}` },
  make("header", {}, make("h2", {}), make("small", {}, room.node), make("span", { class: "where" })),
  make("dl", { class: "figures" }), make("p", { class: "marks" }));

/** @param {HTMLElement} element @param {any} room @param {number} nowMs */
function fill(element, room, nowMs) {
  element.classList.toggle("urgent", urgency(room) < 0);
  /** @type {HTMLElement} */ (element.querySelector("h2")).textContent = room.name;
  /** @type {HTMLElement} */ (element.querySelector(".where")).replaceChildren(state(room));
  /** @type {HTMLElement} */ (element.querySelector("dl")).replaceChildren(...figures(room, nowMs));
  /** @type {HTMLElement} */ (element.querySelector(".marks")).replaceChildren(...marks(room));
}

/** @param {any[]} rooms */
function sums(rooms) {
  const total = (/** @type {string} */ name) => rooms.reduce((sum, room) => sum + room[name], 0);
  const online = rooms.filter((room) => room.state === "online").length;
  byId("sums").replaceChildren(
    ...[["online", `${number(online)} / ${number(rooms.length)}`], ["alarms", number(total("alarms_open"))], ["loans", number(total("loans_open"))], ["quarantined", number(total("quarantined"))]]
      .map(([name, value]) => make("div", {}, make("dt", {}, say(`console.sum.${name}`)), make("dd", {}, value))),
  );
}
