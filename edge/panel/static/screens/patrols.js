// @ts-check
import { get } from "../api.js";
import { html, under } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { button } from "../notices.js";
import { saveFile } from "../save-file.js";
import { keptUp } from "./kept-up.js";
import { pointInWords } from "./patrol-point.js";

/** The register of patrols: each round, who walked and signed it, what was found and what became of it. */

const HEADS = ["begun", "ended", "kind", "by", "points", "found", "signed"];

/** @param {any} stage */
export function show(stage) {
  const table = html("table", { class: "rows patrols" });
  const name = (/** @type {string} */ what) => `${say(what)} ${stage.snapshot.room.name}`;
  stage.root.append(
    html(
      "div",
      { class: "row" },
      html("h1", { class: "grow" }, say("panel.patrol.register")),
      button(say("panel.moves.paper"), () => saveFile("patrols/paper", `${name("panel.patrol.register")}.pdf`), { quiet: true }),
      button(say("panel.moves.sheet"), () => saveFile("patrols/sheet/patrols", `${name("panel.patrol.register")}.csv`), { quiet: true }),
      button(say("panel.patrol.sheet_findings"), () => saveFile("patrols/sheet/patrol_findings", `${name("panel.patrol.findings")}.csv`), { quiet: true }),
      html("a", { class: "act quiet", href: "#/patrol" }, say("panel.patrol.title")),
    ),
    table,
  );

  async function load() {
    const { rounds } = await get("patrols?limit=60");
    const clock = new Intl.DateTimeFormat(stage.language, { dateStyle: "short", timeStyle: "short", hour12: false, timeZone: stage.zone });
    table.replaceChildren(
      ...under(
        HEADS.map((head) => say(`panel.patrol.head_${head}`)),
        rounds.length ? rounds.map((/** @type {any} */ one) => row(one, (ms) => clock.format(ms))) : [html("tr", {}, html("td", { colspan: HEADS.length }, say("panel.patrol.none")))],
      ),
    );
  }

  return keptUp((/** @type {any} */ snapshot) => snapshot.trace_seq, load);
}

/** @param {any} one @param {(ms: number) => string} time */
function row(one, time) {
  return html(
    "tr",
    {},
    html("td", {}, time(one.begun_ms)),
    html("td", {}, one.ended_ms ? time(one.ended_ms) : say("panel.patrol.round_open"), one.state === "given_up" ? html("div", { class: "soft" }, say("panel.patrol.round_given_up", one)) : null),
    html("td", {}, say(`panel.patrol.kind.${one.kind}`)),
    html("td", {}, one.begun_by),
    html("td", {}, `${one.answered}/${one.points}`),
    html("td", {}, one.findings.length ? one.findings.map((/** @type {any} */ found) => finding(found, time)) : one.state === "signed" ? `✓ ${say("panel.patrol.in_order")}` : ""),
    html("td", {}, one.state === "signed" ? one.ended_by : ""),
  );
}

/** @param {any} one @param {(ms: number) => string} time */
const finding = (one, time) =>
  html(
    "p",
    {},
    `${pointInWords(one)} · ${say(`panel.patrol.found.${one.kind}`)} ${one.words}`,
    html("small", { class: "soft block" }, one.closed_ms ? say("panel.patrol.closed_by", { name: one.closed_by, time: time(one.closed_ms), done: one.done }) : one.owner ? say("panel.patrol.owner", { name: one.owner, until: one.until }) : say("panel.patrol.nobody")),
  );
