// @ts-check
import { get } from "../api.js";
import { html, under } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { button } from "../notices.js";
import { saveFile } from "../save-file.js";
import { keptUp } from "./kept-up.js";

/** The register of entries: who came in, with whom and why, when in and when out. */

const HEADS = ["came", "left", "who", "from", "papers", "escort", "approved", "reason"];

/** @param {any} stage */
export function show(stage) {
  const table = html("table", { class: "rows entries" });
  const name = () => `${say("panel.entries.title")} ${stage.snapshot.room.name}`;
  stage.root.append(
    html(
      "div",
      { class: "row" },
      html("h1", { class: "grow" }, say("panel.entries.title")),
      button(say("panel.moves.paper"), () => saveFile("entries/paper", `${name()}.pdf`), { quiet: true }),
      button(say("panel.moves.sheet"), () => saveFile("entries/sheet", `${name()}.csv`), { quiet: true }),
      html("a", { class: "act quiet", href: "#/door" }, say("panel.door.title")),
    ),
    table,
  );

  async function load() {
    const { entries } = await get("entries?limit=100");
    const clock = new Intl.DateTimeFormat(stage.language, { dateStyle: "short", timeStyle: "short", hour12: false, timeZone: stage.zone });
    table.replaceChildren(
      ...under(
        HEADS.map((head) => say(`panel.entries.head_${head}`)),
        entries.length ? entries.map((/** @type {any} */ one) => row(one, clock)) : [html("tr", {}, html("td", { colspan: HEADS.length }, say("panel.entries.none")))],
      ),
    );
  }

  return keptUp((/** @type {any} */ snapshot) => snapshot.trace_seq, load);
}

/** @param {any} one @param {Intl.DateTimeFormat} clock */
function row(one, clock) {
  const said = one.state === "left" && one.left_how === "said" ? "left" : ["left", "inside"].includes(one.state) ? "" : one.state;
  return html(
    "tr",
    {},
    html("td", {}, clock.format(one.came_ms ?? one.let_in_ms)),
    html("td", {}, one.left_ms ? clock.format(one.left_ms) : "", said || one.state === "inside" ? html("div", { class: "soft" }, say(`panel.entries.state_${said || "inside"}`)) : null),
    [one.name, one.organisation, one.papers, one.escort, one.approved_by].map((text) => html("td", {}, text)),
    html("td", {}, say(`panel.entries.reason_${one.reason}`)),
  );
}
