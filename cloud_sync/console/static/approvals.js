// @ts-check
import { byId, keep, make } from "./draw.js";
import { what } from "./said.js";
import { follow } from "./stream.js";
import { age, moment, number, say, sayFirst, shortMoment } from "./words.js";

/** Requests of all rooms that wait for somebody's word, and what became of each answer that was asked for here. */

const DENIALS = ["not_entitled", "purpose_unclear", "use_scan", "needed_here"];

follow("", (snapshot) => {
  const { waiting, withheld, decided } = snapshot.approvals;
  const nowMs = snapshot.now_ms;
  keep(byId("withheld"), withheld, (one) => `${one.node}/${one.count}`, (one) =>
    make("li", {}, make("b", {}, one.room), make("span", {}, say("console.approval.withheld", { count: number(one.count) }))));
  // A form somebody is filling in stays while only the clock goes on: the key holds what the drawing depends on.
  keep(byId("waiting"), waiting, (one) => [one.node, one.loan, one.room_state, one.may_ask, one.question?.id, one.question?.became].join("/"), (one) => request(one, nowMs));
  if (!waiting.length) byId("waiting").replaceChildren(make("li", { class: "empty" }, say("console.approval.none")));
  keep(byId("decided"), decided, (one) => `${one.id}/${one.became}/${one.loan_state}`, (one) => decision(one, nowMs));
  if (!decided.length) byId("decided").replaceChildren(make("li", { class: "empty" }, say("console.none")));
}, "approvals");

/** @param {any} one @param {number} nowMs */
function request(one, nowMs) {
  const line = make("li", {},
    make("b", {}, what(one)), make("span", {}, make("a", { href: `/rooms/${one.node}` }, one.room), ` · ${one.slot}`),
    make("small", { title: moment(one.asked_ms) }, `${say("console.approval.asked_by", { person: one.person_name || `…${one.person.slice(-6)}` })} · ${age(one.asked_ms, nowMs)}`));
  const question = one.question;
  if (question) line.append(make("p", { class: question.became === "sent" ? "small" : "small bad", role: "status" }, becameWords(question)));
  if (question?.became === "sent" || question?.became === "done") return line;
  if (one.room_state !== "online") line.append(make("p", { class: "small bad" }, say("console.approval.silent")));
  else if (!one.may_ask) line.append(make("p", { class: "small" }, say("console.approval.too_old")));
  else line.append(form(one));
  return line;
}

/** @param {any} one */
function form(one) {
  const named = (/** @type {string} */ text) => `${text}: ${what(one)} ${one.room}`;
  const why = /** @type {HTMLSelectElement} */ (make("select", { name: "why", "aria-label": say("console.approval.why") },
    make("option", { value: "" }, say("console.approval.choose_why")), ...DENIALS.map((code) => make("option", { value: code }, say(`panel.approval.why.${code}`)))));
  const opinion = /** @type {HTMLInputElement} */ (make("input", { name: "opinion", maxlength: "200", placeholder: say("console.approval.opinion"), "aria-label": say("console.approval.opinion") }));
  const told = make("p", { class: "refused small", role: "alert" });
  const approve = make("button", { type: "button", class: "primary", "aria-label": named(say("console.approval.approve")), onclick: () => ask(true) }, say("console.approval.approve"));
  const deny = make("button", { type: "button", "aria-label": named(say("console.approval.deny")), onclick: () => ask(false) }, say("console.approval.deny"));
  const buttons = /** @type {HTMLButtonElement[]} */ ([approve, deny]);

  /** @param {boolean} approved */
  async function ask(approved) {
    if (!approved && !why.value) {
      told.textContent = say("console.approval.why_first");
      return why.focus();
    }
    for (const button of buttons) button.disabled = true;
    const body = JSON.stringify({ approved, why: approved ? "" : why.value, opinion: opinion.value });
    try {
      const answer = await fetch(`/api/v1/rooms/${one.node}/loans/${one.loan}/decision`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
      if (answer.ok) return; // the next snapshot says what became of it
      const error = await answer.json();
      told.textContent = `${say(`error.${error.code}`)} ${say(`recovery.${error.recovery}`)}`;
    } catch {
      told.textContent = say("console.login.unreachable");
    }
    for (const button of buttons) button.disabled = false;
  }
  return make("div", { class: "deciding" }, opinion, make("div", { class: "asking" }, approve), make("div", { class: "asking" }, why, deny), told);
}

/** @param {any} one @param {number} nowMs */
function decision(one, nowMs) {
  const wanted = say(one.kind === "approve_loan" ? "console.approval.approve" : "console.approval.deny");
  const why = [one.reason ? say(`panel.approval.why.${one.reason}`) : "", one.text].filter(Boolean).join(" · ");
  return make("li", {},
    make("b", { class: one.became === "done" ? "" : "bad" }, `${wanted} · ${say(`console.became.${one.became}`)}`),
    make("span", {}, `${one.thing ? what({ ...one, kind: one.thing }) : "–"} · ${one.room}`),
    make("small", {}, [becameMore(one), why, one.author, shortMoment(one.asked_ms, nowMs)].filter(Boolean).join(" · ")));
}

/** @param {any} question */
const becameWords = (question) => [say(`console.became.${question.became}`), becameMore(question), question.author].filter(Boolean).join(" · ");

/** @param {any} one */
const becameMore = (one) => (one.became === "refused" ? sayFirst(`remote.${one.code}`, `error.${one.code}`) : one.became === "expired" ? say("console.became.expired_more") : "");
