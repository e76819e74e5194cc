// @ts-check
import { get, post } from "../api.js";
import { html, present } from "../elements/draw.js";
import { listed, say, sayOr } from "../elements/words.js";
import { button, chosen, notice, refusal } from "../notices.js";
import { saveFile } from "../save-file.js";
import { checkEvidence } from "./evidence-check.js";

/** Registers and labels on paper: choose what, see how many rows and pages it is, then print it here or keep it as a file. */

/** What each kind asks. @type {Record<string, string[]>} */
const ASKS = {
  "register.files": ["fonds", "year", "retention"],
  "register.volumes": ["fonds"],
  "register.contents": ["volume", "box"],
  "register.notes": ["volume", "box"],
  "label.box": ["fonds", "numbers", "reprint", "on", "skip"],
  "label.slot": ["place", "on", "skip"],
  "label.cabinet": ["place", "on", "skip"],
  "label.item": ["fonds", "numbers", "on", "skip"],
  "label.volume": ["fonds", "numbers", "on", "skip"],
  "stocktake.sheet": ["stocktake"],
  "batch.ledger": ["batch"],
};

/** @param {any} stage */
export function show(stage) {
  const stocktake = stage.query.get("stocktake");
  const batch = stage.query.get("batch");
  const from = stocktake ? `#/stocktake/${stocktake}` : batch ? `#/batch/${batch}` : "#/describe";
  const list = html("nav", { class: "print-kinds" });
  const side = html("section", { class: "card print-side" });
  stage.root.append(
    html("div", { class: "row" }, html("a", { class: "act quiet", href: from }, `‹ ${say("panel.back")}`), html("h1", { class: "grow" }, say("panel.print.title")), html("a", { class: "act quiet", href: "#/tables" }, say("panel.export.title")), checkEvidence(stage)),
    html("div", { class: "print-screen" }, list, side),
  );
  /** @type {any} */ let choices = null;
  let kind = stage.query.get("kind") ?? "register.files";
  /** @type {Record<string, any>} */ let fields = {};
  /** @type {any} */ let drawn = null;

  function draw() {
    list.replaceChildren(
      ...choices.kinds.map((/** @type {string} */ one) =>
        html(
          "button",
          {
            type: "button",
            class: "print-kind",
            "aria-pressed": String(one === kind),
            onclick: () => {
              kind = one;
              drawn = null;
              draw();
            },
          },
          say(`panel.print.kind.${one}`),
        ),
      ),
    );
    fields = make();
    drawSide();
  }

  function make() {
    const day = new Intl.DateTimeFormat(stage.language, { dateStyle: "short", timeStyle: "short", hour12: false, timeZone: stage.zone });
    const text = (name = "") => html("input", { type: "text", autocomplete: "off", value: stage.query.get(name) ?? "" });
    const select = (/** @type {string[][]} */ options) => html("select", {}, options.map(([value, label]) => html("option", { value }, label)));
    const all = {
      fonds: select([["", say("panel.print.every")], ...choices.fonds.map((/** @type {any} */ one) => [one.fonds_no, `${one.fonds_no} ${one.name}`])]),
      year: text("year"),
      retention: select([["", say("panel.print.every")], ...choices.retentions.map((/** @type {string} */ code) => [code, sayOr(`panel.search.kept.${code}`, code)])]),
      volume: text("volume"),
      box: text("box"),
      numbers: text("numbers"),
      place: text("place"),
      reprint: html("input", { type: "checkbox", checked: stage.query.get("reprint") === "1" }),
      on: select([["sheet", say("panel.print.sheet")], ["roll", say("panel.print.roll")]]),
      skip: html("input", { type: "number", min: 0, max: 500, value: 0 }),
      stocktake: select(choices.stocktakes.map((/** @type {any} */ one) => [one.id, `${day.format(one.begun_ms)} ${say(`panel.stock.kind.${one.kind}`)}`])),
      batch: select(choices.batches.map((/** @type {any} */ one) => [one.id, one.name])),
      clearance: select(choices.clearances.map((/** @type {string} */ level) => [level, say(`panel.secret.${level}`)])),
    };
    if (stocktake) all.stocktake.value = stocktake;
    if (batch) all.batch.value = batch;
    for (const field of Object.values(all)) field.addEventListener("change", () => drawn && ((drawn = null), drawSide()));
    return all;
  }

  function drawSide() {
    const names = [...ASKS[kind], ...(choices.clearances.length > 1 ? ["clearance"] : [])];
    side.replaceChildren(
      ...present([
        html("h2", {}, say(`panel.print.kind.${kind}`)),
        html("div", { class: "form" }, names.map((name) => html("label", { class: name === "reprint" ? "tick" : "" }, html("span", {}, say(`panel.print.${name}`)), fields[name]))),
        drawn
          ? html("p", { role: "status", class: "print-ready" }, html("b", {}, say("panel.print.ready", { listed: drawn.listed, pages: drawn.pages })))
          : null,
        html(
          "div",
          { class: "row end" },
          drawn ? button(say("panel.print.save"), save, { quiet: true }) : null,
          drawn ? button(say("panel.print.print"), print) : button(say("panel.print.draw"), prepare),
        ),
        drawn && !choices.printers.length ? html("p", { class: "soft" }, say("panel.print.no_printer")) : null,
      ]),
    );
  }

  async function prepare() {
    const body = {
      kind,
      clearance: fields.clearance.value,
      fonds: fields.fonds.value,
      year: Number(fields.year.value) || null,
      retention: fields.retention.value,
      volume: fields.volume.value,
      box: fields.box.value,
      numbers: fields.numbers.value.split(/[,，、;；\s]+/),
      place: fields.place.value,
      reprint: fields.reprint.checked,
      on: fields.on.value,
      skip: Number(fields.skip.value) || 0,
      stocktake: fields.stocktake.value,
      batch: fields.batch.value,
    };
    drawn = await post("print", Object.fromEntries(Object.entries(body).filter(([name]) => ["kind", "clearance", ...ASKS[kind]].includes(name))));
    drawSide();
  }

  async function print() {
    if (!choices.printers.length) return notice(say("panel.print.no_printer"), say("panel.print.no_printer_next"), true);
    const copies = html("input", { type: "number", min: 1, max: 20, value: 1 });
    const acts = choices.printers.map((/** @type {string} */ one) => html("button", { class: "act", value: one }, one));
    const details = html("div", { class: "form single" }, html("label", {}, html("span", {}, say("panel.print.copies")), copies));
    const printer = await chosen(say("panel.print.which"), details, acts, (one) => post("print/send", { printer: one, copies: Number(copies.value) }));
    if (!printer) return;
    notice(say("panel.print.sent", { printer }), "", false);
    await settleLabels();
  }

  async function save() {
    await saveFile("print/file", `${say(`panel.print.kind.${kind}`)}.pdf`);
    notice(say("panel.print.saved"), "", false);
    await settleLabels();
  }

  /** Spines that were printed anew are off the list once somebody says that they are stuck on. */
  async function settleLabels() {
    if (kind !== "label.box" || !fields.reprint.checked) return;
    const { reprint } = await get("series");
    const acts = html("button", { class: "act", value: "yes" }, say("panel.describe.reprinted"));
    if ((await chosen(say("panel.print.stuck"), html("p", {}, listed(reprint.map((/** @type {any} */ box) => `${box.fonds_no} ${box.box_no}`))), [acts])) !== "yes") return;
    await post("labels/reprinted", { box_ids: reprint.map((/** @type {any} */ box) => box.box_id) });
    stage.go("describe");
  }

  get("print")
    .then((told) => {
      choices = told;
      draw();
    })
    .catch(refusal);
  return {};
}
