// @ts-check
import { directory } from "./directory.js";
import { byId, keep, make } from "./draw.js";
import { state } from "./glance.js";
import { follow } from "./stream.js";
import { say, sayFirst, shortMoment } from "./words.js";

/** Who may do what in which room, whom the centre enrols there, and the asking to take a card or a person away. */

const WHY = ["card_lost", "left_service", "other_post", "misuse"];

follow("", (snapshot) => {
  const rooms = snapshot.people;
  if (!rooms.length) return byId("people").replaceChildren(make("p", { class: "empty" }, say("console.no_rooms")));
  directory(snapshot.directory, rooms, snapshot.now_ms);
  // A reason somebody is choosing stays while only the clock goes on.
  keep(byId("people"), rooms, (room) => JSON.stringify([room.node, room.state, room.may_ask, room.people, room.asked.map((/** @type {any} */ one) => [one.id, one.became])]), (room) => card(room, snapshot.now_ms));
}, "people");

/** @param {any} room @param {number} nowMs */
function card(room, nowMs) {
  const asked = room.asked.slice(0, 5).map((/** @type {any} */ one) => make("li", {},
    make("b", { class: one.became === "done" ? "" : "bad" }, `${say(`console.person.${one.kind}`)} · ${say(`console.became.${one.became}`)}`), make("span", {}, tail(one.subject)),
    make("small", {}, [one.became === "refused" ? sayFirst(`remote.${one.code}`, `error.${one.code}`) : "", say(`revocation.${one.reason}`), one.author, shortMoment(one.asked_ms, nowMs)].filter(Boolean).join(" · "))));
  return make("section", { class: "card" },
    make("div", { class: "taking" }, make("h2", {}, room.room), state(room)),
    room.state === "online" ? (room.may_ask ? null : make("p", { class: "small" }, say("console.approval.too_old"))) : make("p", { class: "small bad" }, say("console.person.silent")),
    make("ul", { class: "rows" }, ...(room.people.length ? room.people.map((/** @type {any} */ one) => person(room, one)) : [make("li", { class: "empty" }, say("console.none"))])),
    asked.length ? make("h3", {}, say("console.person.asked")) : null, make("ul", { class: "rows" }, ...asked));
}

/** @param {any} room @param {any} one */
function person(room, one) {
  const may = room.state === "online" && room.may_ask;
  const roles = one.roles.map((/** @type {string} */ role) => say(`role.${role}`)).join(", ") || say("console.person.no_role");
  const line = make("li", {},
    make("b", { class: one.locked ? "bad" : "" }, tail(one.id)), make("span", {}, one.locked ? `${say("console.person.locked")} · ${roles}` : roles),
    make("details", {}, make("summary", {}, say("console.person.rights")), make("p", { class: "small" }, one.rights.map((/** @type {string} */ right) => say(`right.${right}`)).join(" · "))));
  for (const held of one.cards)
    line.append(make("p", { class: "asking" }, make("span", {}, `${say("console.person.card")} ${tail(held.id)}${held.active ? "" : ` · ${say("console.person.revoked")}`}`),
      ...(held.active && may && !one.locked ? revoking(room, "card", held.id) : [])));
  if (!one.locked && may) line.append(make("p", { class: "asking" }, ...revoking(room, "person", one.id)));
  return line;
}

/** Why, and the button. @param {any} room @param {"card" | "person"} what @param {string} about */
function revoking(room, what, about) {
  const label = say(`console.person.revoke_${what}`);
  const why = /** @type {HTMLSelectElement} */ (make("select", { "aria-label": `${say("console.person.why")}: ${label} ${tail(about)}` },
    make("option", { value: "" }, say("console.approval.choose_why")), ...WHY.map((code) => make("option", { value: code }, say(`revocation.${code}`)))));
  const told = make("span", { class: "refused small", role: "alert" });
  const button = /** @type {HTMLButtonElement} */ (make("button", { type: "button", "aria-label": `${label} ${tail(about)}`, onclick: ask }, label));
  async function ask() {
    if (!why.value) {
      told.textContent = say("console.person.why_first");
      return why.focus();
    }
    button.disabled = true;
    try {
      const body = JSON.stringify({ what, about, why: why.value });
      const answer = await fetch(`/api/v1/rooms/${room.node}/revocations`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
      if (answer.ok) return; // the next snapshot says what became of it
      const error = await answer.json();
      told.textContent = `${say(`error.${error.code}`)} ${say(`recovery.${error.recovery}`)}`;
    } catch {
      told.textContent = say("console.login.unreachable");
    }
    button.disabled = false;
  }
  return [why, button, told];
}

/** @param {string} id */
const tail = (id) => `…${id.slice(-6)}`;
