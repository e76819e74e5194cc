// @ts-check
import { get } from "../api.js";
import { html } from "../elements/draw.js";
import { listed, say, sayOr } from "../elements/words.js";
import { button, refusal } from "../notices.js";

/** For technicians: what every board says of its program, and what to do about it. The same as `storeroom firmware check`. */

const HEADS = ["board", "version", "image", "config", "boot", "faults", "verdict"];

/** @param {any} stage */
export function show(stage) {
  const told = html("p", { role: "status" });
  const table = html("table", { class: "rows boards" });
  stage.root.append(
    html("div", { class: "row" }, html("h1", { class: "grow" }, say("panel.boards.title")), button(say("panel.boards.look"), load, { quiet: true })),
    told,
    table,
  );

  async function load() {
    told.textContent = say("panel.boards.reading");
    try {
      const { boards } = await get("boards");
      const bad = boards.filter((/** @type {any} */ board) => board.verdict !== "good").length;
      told.textContent = bad ? `⚠ ${say("panel.boards.some_bad", { count: bad })}` : `✓ ${say("panel.boards.all_good", { count: boards.length })}`;
      table.replaceChildren(
        html("thead", {}, html("tr", {}, HEADS.map((name) => html("th", { scope: "col" }, say(`panel.boards.head_${name}`))))),
        html("tbody", {}, boards.map(row)),
      );
    } catch (error) {
      told.textContent = "";
      refusal(error);
    }
  }

  load();
  return {};
}

/** @param {number} number */
const version = (number) => `${number >> 8}.${number & 255}`;

/** @param {number} number @param {number} digits */
const hex = (number, digits) => number.toString(16).padStart(digits, "0");

/** @param {any} board */
function row(board) {
  const where = board.column ? say("panel.proof.column", { no: board.column }) : say("panel.boards.sensors");
  const good = board.verdict === "good";
  const config = board.crc_wanted === null || board.crc_wanted === board.config_crc;
  return html(
    "tr",
    {},
    html("th", { scope: "row" }, where, html("div", { class: "soft" }, say("panel.boards.address", { address: board.address }))),
    html("td", { class: "numbers" }, board.heard ? `${version(board.firmware_version)} · ${version(board.map_version)}` : "?"),
    html("td", { class: "numbers" }, board.heard ? `${hex(board.image, 8)} · ${board.slot || "–"}` : "?"),
    html("td", {}, board.heard ? html("span", { class: "numbers" }, hex(board.config_crc, 4)) : "?", board.heard && !config ? html("div", { class: "tag warn" }, say("firmware.config_other")) : null),
    html("td", {}, board.heard ? sayOr(`firmware.boot.${board.boot_reason}`, board.boot_reason) : "?", board.heard ? html("div", { class: "soft" }, say("panel.boards.boots", { count: board.boot_count })) : null),
    html("td", {}, faults(board.log)),
    html("td", {}, html("span", { class: `tag ${good ? "good" : "warn"}` }, sayOr(`firmware.verdict.${board.verdict}`, board.verdict))),
  );
}

/** The newest three, with the start in which they came. @param {any[]} log */
function faults(log) {
  const found = log.filter((entry) => entry.kind === "fault").slice(0, 3);
  if (!found.length) return "–";
  return found.map((entry) => html("div", {}, listed(entry.what.map((/** @type {string} */ name) => sayOr(`fault.${name}`, name))), html("span", { class: "soft" }, ` #${entry.boot_count}`)));
}
