// @ts-check
import { get } from "../api.js";
import { html, under } from "../elements/draw.js";
import { say, sayOr } from "../elements/words.js";
import { button, refusal } from "../notices.js";
import { may } from "../rights.js";
import { saveFile } from "../save-file.js";
import { keptUp } from "./kept-up.js";

/** The register of moves: who, why, from where to where, what the self-test and sensors said, how it ended. */

const KINDS = ["retrieve", "pull", "shelve", "patrol", "stocktake", "park", "ventilate", "find"];
const HEADS = ["time", "who", "why", "way", "test", "least", "peak", "long", "ended"];

/** @param {any} stage */
export function show(stage) {
  const table = html("table", { class: "rows moves" });
  const kinds = html("div", { class: "filters", role: "group", "aria-label": say("panel.moves.head_why") });
  stage.root.append(
    html("div", { class: "row" }, html("h1", { class: "grow" }, say("panel.moves.title")), ...files(), html("a", { class: "act quiet", href: "#/trace" }, say("panel.moves.all"))),
    kinds,
    table,
  );
  let kind = "";

  /** For an auditor: what stands here, to take along. */
  function files() {
    if (!may(stage, "read_trace")) return [];
    const name = () => `${say("panel.moves.title")} ${stage.snapshot.block.area}`;
    return [
      button(say("panel.moves.paper"), () => saveFile(`moves/paper${kind ? `?kind=${kind}` : ""}`, `${name()}.pdf`), { quiet: true }),
      button(say("panel.moves.sheet"), () => saveFile("moves/sheet", `${name()}.csv`), { quiet: true }),
    ];
  }

  for (const name of KINDS) {
    const chosen = html("button", { type: "button", class: "filter", "aria-pressed": "false" }, say(`panel.moves.why.${name}`));
    chosen.addEventListener("click", () => {
      kind = kind === name ? "" : name;
      for (const other of kinds.children) other.setAttribute("aria-pressed", String(other === chosen && kind === name));
      load().catch(refusal);
    });
    kinds.append(chosen);
  }

  async function load() {
    const { moves } = await get(`moves?limit=100${kind ? `&kind=${kind}` : ""}`);
    const clock = new Intl.DateTimeFormat(stage.language, { dateStyle: "short", timeStyle: "medium", hour12: false, timeZone: stage.zone });
    table.replaceChildren(
      ...under(
        HEADS.map((name) => say(`panel.moves.head_${name}`)),
        moves.length ? moves.map((/** @type {any} */ move) => row(move, clock)) : [html("tr", {}, html("td", { colspan: HEADS.length }, say("panel.moves.none")))],
      ),
    );
  }

  return keptUp((/** @type {any} */ snapshot) => snapshot.trace_seq, load);
}

/** @param {any} move @param {Intl.DateTimeFormat} clock */
function row(move, clock) {
  const failed = Object.entries(move.self_test).filter(([, names]) => /** @type {string[]} */ (names).length);
  const gaps = Object.values(move.least_gap_mm);
  return html(
    "tr",
    {},
    html("td", {}, clock.format(move.armed_ms)),
    html("td", {}, move.person_name),
    html(
      "td",
      {},
      say(`panel.moves.why.${move.kind}`),
      move.aisle === null ? "" : ` · ${say("panel.block.aisle", { aisle: move.aisle })}`,
      move.box_no ? ` · ${say("panel.box.no", { box_no: move.box_no })}` : "",
    ),
    html("td", { class: "numbers" }, move.movers.map((/** @type {any} */ part) => html("div", {}, `${part.column}: ${part.from_mm ?? "?"} → ${part.to_mm ?? "?"}${part.at_mm !== null && part.at_mm !== part.to_mm ? ` (${part.at_mm})` : ""}`))),
    html(
      "td",
      {},
      failed.length
        ? failed.map(([column, names]) => html("div", {}, `${column}: ${/** @type {string[]} */ (names).map((name) => sayOr(`proof.${name}`, name)).join(" ")}`))
        : Object.keys(move.self_test).length
          ? `✓ ${say("panel.moves.test_good", { count: Object.keys(move.self_test).length })}`
          : "",
    ),
    html("td", { class: "numbers" }, gaps.length ? `${Math.min(.../** @type {number[]} */ (gaps))} mm` : "", move.least_supply_mv ? html("div", {}, `${(move.least_supply_mv / 1000).toFixed(1)} V`) : null),
    html("td", { class: "numbers" }, move.peak_ma === null ? "" : `${move.peak_ma} mA`),
    html("td", { class: "numbers" }, move.duration_ms === null ? "" : `${(move.duration_ms / 1000).toFixed(1)} s`),
    html("td", {}, move.ended ? sayOr(`end.${move.ended}`, move.ended) : "…", move.fault ? html("div", {}, sayOr(`fault.${move.fault}`, move.fault)) : null),
  );
}
