// @ts-check
import { post } from "../api.js";
import { html } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { button } from "../notices.js";
import { may, missing } from "../rights.js";
import * as round from "./patrol-round.js";

/** Patrols: which round is due or late, the one that is under way, open matters. Nothing begins by itself. */

/** In a few words, for the bar. @param {any} now @returns {[string, string]} text and class of the chip */
export function patrolInWords(now) {
  if (now.unknown) return [`? ${say("panel.patrol.title")}`, ""];
  const states = now.kinds.map((/** @type {any} */ one) => one.state);
  const late = states.includes("late");
  if (now.round_id) return [`${late ? "▲" : "☑"} ${say("panel.patrol.chip_going", now)}`, late ? "bad" : "known"];
  if (late) return [`▲ ${say("panel.patrol.chip_late")}`, "bad"];
  if (states.includes("due")) return [`☐ ${say("panel.patrol.chip_due")}`, ""];
  if (now.findings) return [`☐ ${say("panel.patrol.chip_findings", { count: now.findings })}`, now.overdue ? "bad" : ""];
  return [`✓ ${say("panel.patrol.title")}`, ""];
}

const MARK = /** @type {Record<string, string>} */ ({ late: "▲", due: "☐", done: "✓" });
const TAG = /** @type {Record<string, string>} */ ({ late: "bad", due: "warn", done: "good" });
const TODO = ["late", "due"];

/** @param {any} stage */
export function show(stage) {
  if (stage.path[1]) return round.show(stage, stage.path[1]);
  const body = html("div", { class: "patrol" });
  stage.root.append(
    html(
      "div",
      { class: "row" },
      html("h1", { class: "grow" }, say("panel.patrol.title")),
      may(stage, "plan_patrols") ? html("a", { class: "act quiet", href: "#/patrol-list" }, say("panel.patrol.list")) : null,
      may(stage, "read_patrols") ? html("a", { class: "act quiet", href: "#/patrols" }, say("panel.patrol.register")) : null,
    ),
    body,
  );
  let drawn = "";

  /** @param {string} kind */
  async function begin(kind) {
    const { id } = await post("patrol/rounds", { kind });
    stage.go(`patrol/${id}`);
  }

  /** @param {any} one @param {any} now @param {(ms: number) => string} time */
  function line(one, now, time) {
    const kept = one.due_ms !== null || one.kind === "after_alarm";
    const due =
      one.state === "late"
        ? say("panel.patrol.late_since", { time: time(one.due_ms), missed: one.missed })
        : one.state === "due"
          ? say("panel.patrol.due_by", { time: time(one.due_ms) })
          : one.due_ms !== null
            ? say("panel.patrol.next_due", { time: time(one.due_ms) })
            : kept ? say("panel.patrol.no_alarm") : "";
    const last = one.walked_ms === null ? say("panel.patrol.never") : say("panel.patrol.walked", { time: time(one.walked_ms) });
    return html(
      "li",
      { class: `patrol-kind ${one.state}` },
      html("span", { class: `tag ${kept ? TAG[one.state] : ""}` }, kept ? `${MARK[one.state]} ${say(`panel.patrol.state_${one.walked_ms === null && one.state === "done" ? "none" : one.state}`)}` : say("panel.patrol.state_off")),
      html("div", { class: "grow" }, html("b", {}, say(`panel.patrol.kind.${one.kind}`)), html("small", { class: "soft block" }, [due, last].filter(Boolean).join(" · "))),
      now.round_id || !may(stage, "patrol") ? null : button(say("panel.patrol.begin"), () => begin(one.kind), { quiet: one.kind !== now.urgent }),
    );
  }

  /** @param {any} now */
  function going(now) {
    const params = { kind: say(`panel.patrol.kind.${now.round_kind}`), answered: now.answered, points: now.points };
    return html(
      "section",
      { class: "card row patrol-going" },
      html("div", { class: "grow" }, html("h2", {}, say("panel.patrol.going", params)), html("p", { class: "soft" }, say("panel.patrol.going_more"))),
      may(stage, "patrol") ? html("a", { class: "act", href: `#/patrol/${now.round_id}` }, say("panel.patrol.go_on")) : null,
    );
  }

  /** @param {any} now */
  const matters = (now) =>
    html(
      "section",
      { class: "card row" },
      html("p", { class: "grow" }, now.findings ? say("panel.patrol.open_matters", { count: now.findings }) : `✓ ${say("panel.patrol.nothing_open")}`, now.overdue ? html("b", { class: "tag bad" }, `▲ ${say("panel.patrol.overdue_matters", { count: now.overdue })}`) : null),
      may(stage, "read_patrols") ? html("a", { class: "act quiet", href: "#/findings" }, say("panel.patrol.findings")) : null,
    );

  return {
    update: (/** @type {any} */ snapshot) => {
      const now = snapshot.patrol;
      const key = JSON.stringify([now, stage.session.person?.id]);
      if (key === drawn) return;
      drawn = key;
      if (now.unknown) return body.replaceChildren(html("p", { class: "card" }, patrolInWords(now)[0]));
      const clock = new Intl.DateTimeFormat(stage.language, { month: "numeric", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", hour12: false, timeZone: snapshot.room.zone });
      const order = [...now.kinds].sort((one, other) => Number(TODO.includes(other.state)) - Number(TODO.includes(one.state)));
      const who = stage.session.person
        ? may(stage, "patrol") ? "" : missing("patrol")
        : html("p", { class: "row" }, html("span", { class: "grow" }, say("panel.patrol.sign_in")), html("a", { class: "act", href: "#/home" }, say("panel.session.sign_in")));
      body.replaceChildren(
        now.round_id ? going(now) : "",
        who,
        html("ul", { class: "card patrol-kinds" }, order.map((one) => line(one, now, (ms) => clock.format(ms)))),
        matters(now),
      );
    },
  };
}
