// @ts-check
import { get, post } from "../api.js";
import { html } from "../elements/draw.js";
import { worded } from "../elements/key-board.js";
import { inWords } from "../elements/value-tile.js";
import { say, sayOr } from "../elements/words.js";
import { button, chosen, notice, refusal } from "../notices.js";
import { may, missing } from "../rights.js";

/** Every alarm that is not over: what, where, since when, who knows. Acknowledging says "I know", and silences; it mends nothing. */

const MARK = /** @type {Record<string, string>} */ ({ advice: "△", alarm: "▲", emergency: "◆" });
const MEASURED = /** @type {Record<string, string>} */ ({
  temp_high: "temp_cc",
  temp_low: "temp_cc",
  rh_high: "rh_cpct",
  rh_low: "rh_cpct",
  light_on: "lux",
  leak: "leak",
});

/** @param {any} stage */
export function show(stage) {
  const list = html("ul", { class: "alarms" });
  stage.root.append(html("h1", {}, say("panel.alarm.title")), list);
  let drawn = "";
  let asked = "";
  /** @type {Record<string, any[]>} */ let found = {};

  /** What the nightly upkeep found, for whoever answers its alarm. @param {any} snapshot */
  async function askFound(snapshot) {
    const own = snapshot.alarms.filter((/** @type {any} */ alarm) => alarm.rule.startsWith("upkeep_"));
    const key = JSON.stringify([own, stage.session.person?.id]);
    if (key === asked || !own.length || !may(stage, "acknowledge")) return;
    asked = key;
    found = await get("upkeep");
    drawn = "";
  }

  return {
    update: (/** @type {any} */ snapshot) => {
      askFound(snapshot).catch(refusal);
      const key = JSON.stringify([snapshot.alarms, stage.session.person?.id, found]);
      if (key === drawn) return;
      drawn = key;
      const clock = new Intl.DateTimeFormat(stage.language, {
        month: "numeric",
        day: "numeric",
        hour: "2-digit",
        minute: "2-digit",
        second: "2-digit",
        hour12: false,
        timeZone: snapshot.room.zone,
      });
      list.replaceChildren(
        ...(snapshot.alarms.length
          ? snapshot.alarms.map((/** @type {any} */ alarm) => row(alarm, clock, stage, found[alarm.rule] ?? []))
          : [html("li", { class: "card soft" }, `✓ ${say("panel.alarm.none")}`)]),
      );
    },
  };
}

/** @param {any} alarm @param {Intl.DateTimeFormat} clock @param {any} stage @param {any[]} found */
function row(alarm, clock, stage, found) {
  const measured = MEASURED[alarm.rule];
  const value = measured
    ? measured === "leak"
      ? ""
      : say("panel.alarm.value", { value: inWords(measured, alarm.value), limit: inWords(measured, alarm.limit) })
    : "";
  const state = alarm.active ? (alarm.acked ? "known" : "new") : alarm.latched ? "latched" : "gone";
  return html(
    "li",
    { class: `alarm ${alarm.acked ? "" : "open"} ${alarm.severity}` },
    html("span", { class: "alarm-mark", "aria-hidden": "true" }, MARK[alarm.severity] ?? "▲"),
    html(
      "div",
      { class: "grow" },
      html("h2", {}, sayOr(`panel.rule.${alarm.rule}`, alarm.rule), " · ", sayOr(`panel.place.${alarm.place}`, alarm.place)),
      html(
        "p",
        {},
        html("b", {}, sayOr(`panel.severity.${alarm.severity}`, alarm.severity)),
        " · ",
        say(`panel.alarm.state_${state}`),
        value ? " · " : "",
        value,
      ),
      html(
        "p",
        { class: "soft" },
        say("panel.alarm.since", { time: clock.format(alarm.raised_ms) }),
        alarm.acked_by_name ? ` · ${say("panel.alarm.by", { person: alarm.acked_by_name })}` : "",
        " · ",
        sayOr(`panel.rule_next.${alarm.rule}`, ""),
      ),
      found.slice(0, 3).map(finding),
      found.length > 3 ? html("details", {}, html("summary", { class: "soft" }, say("panel.alarm.found_more", { count: found.length - 3 })), found.slice(3).map(finding)) : null,
      found.some((one) => one.outside) && may(stage, "void") ? button(say("panel.outside.accept"), acceptOutside, { quiet: true }) : null,
    ),
    alarm.acked
      ? null
      : stage.session.person
        ? may(stage, "acknowledge")
          ? button(say("panel.alarm.acknowledge"), () => post(`alarms/${alarm.id}/acknowledge`))
          : missing("acknowledge", "span")
        : html("a", { class: "act quiet", href: "#/home" }, say("panel.alarm.sign_in")),
    !(alarm.acked && alarm.latched && !alarm.active)
      ? null
      : !stage.session.person
      ? html("a", { class: "act quiet", href: "#/home" }, say("panel.alarm.sign_in_reset"))
      : may(stage, "reset_alarm")
        ? button(say("panel.alarm.reset"), () => post(`alarms/${alarm.id}/reset`), { quiet: true })
        : missing("reset_alarm", "span"),
  );
}

const finding = (/** @type {any} */ one) => html("p", { class: "path" }, one.said);

/** What was changed outside the system stays as it is, for a reason: the archive's word, in the trace. */
async function acceptOutside() {
  const reason = worded(say("panel.outside.reason"), { maxlength: 500 });
  const acts = html("button", { class: "act", value: "yes" }, say("panel.outside.accept"));
  /** @type {any} */ let told;
  const accepting = async () => (told = await post("records/outside/accept", { reason: reason.value }));
  if (!(await chosen(say("panel.outside.ask"), html("div", { class: "form single" }, html("p", {}, say("panel.outside.more")), reason), [acts], accepting))) return;
  notice(say(told.accepted ? "panel.outside.accepted" : "panel.outside.none", { count: told.accepted }), "", false);
}
