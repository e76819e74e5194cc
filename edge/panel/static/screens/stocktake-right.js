// @ts-check
import { attended, get, post } from "../api.js";
import { html } from "../elements/draw.js";
import { keyed } from "../elements/key-board.js";
import { say } from "../elements/words.js";
import { button, overcome, refusal } from "../notices.js";
import { howToWalk, nowWords, steps } from "./job-parts.js";
import { isClear } from "./job-phase.js";
import { placeInWords } from "./place.js";
import { wayCard } from "./way-to-aisle.js";

/** A misplaced box goes where it belongs: take it from here, put it there; both ends are scanned. */

const SCAN_MS = 1000;
const STEPS = ["stock_take", "stock_put"];

/** @param {any} stage @param {string} id @param {string} difference_id */
export function show(stage, id, difference_id) {
  const bar = html("ol", { class: "steps" });
  const way = wayCard(stage, "stocktake");
  const body = html("div", { class: "card stock-right" });
  const leave = html("div", { class: "card", hidden: true });
  stage.root.append(
    html(
      "div",
      { class: "job-head" },
      html("div", { class: "grow" }, html("h1", {}, say("panel.stock.put_right"))),
      html("a", { class: "act quiet", href: `#/stocktake/${id}` }, say("panel.back")),
    ),
    bar,
    way.card,
    body,
    leave,
  );
  /** @type {any} */ let line = null;

  async function load() {
    try {
      const sheet = await get(`stocktakes/${id}`);
      line = sheet.lines.find((/** @type {any} */ one) => one.id === difference_id);
      if (line) draw(line.state);
    } catch (error) {
      refusal(error);
    }
  }

  /** Into the aisle where it stands, then into that where it belongs; out of it when it is done. @param {any} snapshot */
  function update(snapshot) {
    if (!line) return;
    const taking = line.state === "open";
    const done = !taking && line.state !== "in_hand";
    const aisle = taking ? line.aisle : line.belongs_aisle;
    if (!done) return way.update(aisle, snapshot);
    way.card.hidden = true;
    if (leave.hidden === isClear(snapshot.block, aisle)) return;
    leave.hidden = !leave.hidden;
    leave.replaceChildren(...nowWords("panel.job.leave", { aisle }), howToWalk(snapshot.block));
  }

  /** @param {string} state */
  function draw(state) {
    if (state !== line.state) overcome();
    line.state = state;
    if (stage.snapshot) update(stage.snapshot);
    const step = state === "open" ? "stock_take" : state === "in_hand" ? "stock_put" : "done";
    bar.replaceChildren(...steps(STEPS, step));
    if (step === "done") {
      clearInterval(scanning);
      body.replaceChildren(html("h2", { class: "now" }, `✓ ${say("panel.stock.righted", { box_no: line.box_no })}`));
      return;
    }
    const slot = step === "stock_take" ? line.slot : line.belongs;
    const { field, keys } = keyed(say("panel.stock.type"));
    const typed = async () => draw((await post(`differences/${difference_id}/typed`, { text: field.value.trim() })).state);
    field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter") typed().catch(refusal);
    });
    body.replaceChildren(
      html("h2", { class: "now" }, say(`panel.stock.${step}`, { box_no: line.box_no, slot })),
      html("p", { class: "now-more" }, `${placeInWords(slot)} · ${say(`panel.stock.${step}_more`)}`),
      html(
        "div",
        { class: "row" },
        html("div", { class: "grow" }, field),
        button(say("panel.stock.enter"), typed, { quiet: true }),
      ),
      keys,
    );
  }

  const scanning = setInterval(async () => {
    if (!line || !["open", "in_hand"].includes(line.state)) return;
    try {
      const told = await post(`differences/${difference_id}/scan`);
      if (told.state === line.state) return;
      attended();
      draw(told.state);
    } catch (error) {
      refusal(error);
    }
  }, SCAN_MS);

  load();
  return { update, leave: () => clearInterval(scanning) };
}
