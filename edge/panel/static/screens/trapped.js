// @ts-check
import { get, post } from "../api.js";
import { html } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { button, confirmed, refusal } from "../notices.js";
import { may, missing } from "../rights.js";

/** Somebody is trapped: how to free a person, in order. Readable without a login and without the node. */

const STEPS = ["sure", "talk", "release", "push", "crank"];
const SITE = ["release", "crank", "call", "call_out_of_hours"];

/** STOP and the report. Rejects where it did not get through. */
export const report = () => post("entrapment");

/** @param {any} stage */
export function show(stage) {
  const head = html("h1", { class: "trapped-title" }, say("panel.trapped.title"));
  const told = html("p", { class: "soft", role: "status" });
  const steps = html("ol", { class: "trapped-steps" });
  const call = html("div", { class: "trapped-call" });
  const acts = html("div", { class: "row end" });
  stage.root.append(head, told, html("div", { class: "trapped" }, steps, call), acts);
  /** @type {Record<string, string>} */ let help = {};
  let drawn = "";

  const said = (/** @type {string} */ name) => (SITE.includes(name) && help[name]) || say(`panel.trapped.${name}`);

  function draw() {
    steps.replaceChildren(...STEPS.map((name) => html("li", {}, said(name))));
    call.replaceChildren(html("p", {}, said("call")), html("p", {}, said("call_out_of_hours")));
  }

  async function freed() {
    const what = html("p", {}, say("panel.trapped.freed_what"));
    if (!(await confirmed(say("panel.trapped.freed_ask"), what, say("panel.trapped.freed")))) return;
    await post("entrapment/end");
  }

  async function again() {
    try {
      await report();
    } catch {
      told.replaceChildren(html("b", {}, `⚠ ${say("panel.trapped.failed")}`));
    }
  }

  draw();
  get("entrapment")
    .then((known) => {
      help = known.help;
      draw();
    })
    .catch(refusal);
  return {
    update: (/** @type {any} */ snapshot) => {
      const since = snapshot.trapped_since_ms;
      const key = `${since}/${stage.session.person?.id}`;
      if (key === drawn) return;
      drawn = key;
      const time = since && new Intl.DateTimeFormat(stage.language, { timeStyle: "short", timeZone: snapshot.room.zone }).format(since);
      told.replaceChildren(since ? say("panel.trapped.reported", { time }) : "");
      acts.replaceChildren(
        button(say("panel.trapped.again"), again, { quiet: true }),
        !since
          ? ""
          : may(stage, "end_entrapment")
            ? button(say("panel.trapped.freed"), freed)
            : missing("end_entrapment", "span"),
      );
    },
  };
}
