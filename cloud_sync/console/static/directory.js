// @ts-check
import { byId, keep, make } from "./draw.js";
import { say, sayFirst, shortMoment } from "./words.js";

/** People whom the centre enrols: what each may do where, what waits for a second person's word, and the form. */

const ROLES = ["reader", "archivist", "technician"];
const own = document.querySelector(".bar .person")?.textContent ?? "";

/** @param {any} directory @param {any[]} rooms @param {number} nowMs */
export function directory(directory, rooms, nowMs) {
  const named = new Map(rooms.map((room) => [room.node, room.room]));
  const key = JSON.stringify([directory, [...named]]);
  // A form somebody is filling in stays while only the clock goes on.
  keep(byId("directory"), [key], (one) => one, () => make("div", {},
    make("ul", { class: "rows" }, ...directory.wishes.slice(0, 12).map((/** @type {any} */ one) => wish(one, named, nowMs))),
    make("ul", { class: "rows" }, ...directory.rooms.map((/** @type {any} */ one) => make("li", {},
      make("b", { class: one.became === "done" ? "" : "bad" }, named.get(one.node) ?? one.node),
      make("span", {}, say(`console.directory.${one.became}`)),
      make("small", {}, [one.code && sayFirst(`remote.${one.code}`, `error.${one.code}`), one.at_ms ? shortMoment(one.at_ms, nowMs) : ""].filter(Boolean).join(" · "))))),
    ...directory.people.map((/** @type {any} */ one) => asking(one, named)), asking(null, named)));
}

/** @param {string[]} roles */
const told = (roles) => roles.map((role) => say(`role.${role}`)).join(", ") || say("console.person.no_role");

/** @param {any} one @param {Map<string, string>} named @param {number} nowMs */
function wish(one, named, nowMs) {
  const state = one.decided_ms === null ? "waits" : one.confirmed ? "confirmed" : "declined";
  const line = make("li", {}, make("b", {}, one.name), make("span", {}, `${told(one.roles)} · ${one.rooms.map((/** @type {string} */ node) => named.get(node) ?? node).join(", ")}`),
    make("small", {}, [say(`console.directory.${state}`), one.author, one.decided_by, shortMoment(one.decided_ms ?? one.asked_ms, nowMs)].filter(Boolean).join(" · ")));
  if (one.decided_ms !== null) return line;
  const refused = make("span", { class: "refused small", role: "alert" });
  const word = (/** @type {boolean} */ confirmed) => () => ask(`/api/v1/directory/wishes/${one.id}/word`, { confirmed }, refused);
  line.append(make("p", { class: "asking" },
    ...(one.author === own ? [] : [make("button", { type: "button", onclick: word(true) }, say("console.directory.confirm"))]),
    make("button", { type: "button", class: "quiet", onclick: word(false) }, say(one.author === own ? "console.directory.withdraw" : "console.directory.decline")), refused));
  return line;
}

/** The form for one person; null: somebody new. @param {any} person @param {Map<string, string>} named */
function asking(person, named) {
  const name = /** @type {HTMLInputElement} */ (make("input", { name: "name", maxlength: "80", "aria-label": say("console.directory.name"), placeholder: say("console.directory.name") }));
  const where = /** @type {HTMLSelectElement} */ (make("select", { "aria-label": say("register.room") }, make("option", { value: "" }, say("register.all")),
    ...[...named].map(([node, room]) => make("option", { value: node }, room))));
  const boxes = ROLES.map((role) => /** @type {HTMLInputElement} */ (make("input", { type: "checkbox", value: role })));
  // What is held there stands ticked, so that a press alone takes nothing away.
  const held = () => {
    const rooms = Object.entries(person?.rooms ?? {}).filter(([node]) => !where.value || node === where.value);
    for (const box of boxes) box.checked = rooms.some(([, roles]) => roles.includes(box.value));
  };
  if (person) {
    where.addEventListener("change", held);
    held();
  }
  const refused = make("span", { class: "refused small", role: "alert" });
  const form = make("form", { class: "user", onsubmit: (event) => {
    event.preventDefault();
    const roles = boxes.filter((box) => box.checked).map((box) => box.value);
    ask("/api/v1/directory/wishes", { person: person?.id ?? "", name: name.value, roles, rooms: where.value ? [where.value] : [] }, refused);
  } },
  make("h3", {}, person ? person.name : say("console.directory.enrol")),
  person ? make("p", { class: "small" }, Object.entries(person.rooms).map(([node, roles]) => `${named.get(node) ?? node}: ${told(roles)}`).join(" · ") || say("console.person.no_role")) : name,
  make("p", { class: "asking" }, where, ...boxes.map((box) => make("label", { class: "right" }, box, say(`role.${box.value}`))),
    make("button", { type: "submit" }, say("console.directory.ask")), refused));
  return form;
}

/** @param {string} path @param {object} body @param {HTMLElement} refused */
async function ask(path, body, refused) {
  try {
    const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const error = answer.ok ? null : await answer.json();
    refused.textContent = error ? `${say(`error.${error.code}`, error.params)} ${say(`recovery.${error.recovery}`, error.params)}` : "";
  } catch {
    refused.textContent = say("console.login.unreachable");
  }
}
