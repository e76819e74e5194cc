// @ts-check
import { get, post } from "../api.js";
import { html, present } from "../elements/draw.js";
import { listed, say } from "../elements/words.js";
import { button, chosen } from "../notices.js";
import { keptUp } from "./kept-up.js";
import * as bay from "./stocktake-bay.js";
import * as box from "./stocktake-box.js";
import * as found from "./stocktake-found.js";
import * as right from "./stocktake-right.js";

/** One stocktake: what is counted, the difference sheet, its two signatures, and what becomes of each difference. */

/** @param {any} stage */
export function show(stage) {
  const [, id, part, what] = stage.path;
  if (!id) {
    location.replace("#/stocktakes"); // one of which nobody said the name: begin or choose it there
    return {};
  }
  if (part === "bay") return bay.show(stage, id, what);
  if (part === "found") return found.show(stage, id, what);
  if (part === "box") return box.show(stage, id, what);
  if (part === "right") return right.show(stage, id, what);
  const head = html("div", { class: "job-head" });
  const body = html("div", { class: "stock" });
  stage.root.append(head, body);

  /** @param {any} sheet */
  function draw(sheet) {
    const time = new Intl.DateTimeFormat(stage.language, { dateStyle: "short", timeStyle: "short", hour12: false, timeZone: stage.zone });
    head.replaceChildren(
      html(
        "div",
        { class: "grow" },
        html("h1", {}, `${say("panel.stock.sheet")} · ${say(`panel.stock.kind.${sheet.kind}`)}`),
        html("p", { class: "soft" }, [time.format(sheet.begun_ms), away(sheet)].filter(Boolean).join(" · ")),
      ),
      ...present([
        stage.session.person?.rights.includes("take_out")
          ? html("a", { class: "act quiet", href: `#/printing?kind=stocktake.sheet&stocktake=${id}` }, say("panel.stock.print"))
          : null,
      ]),
      html("a", { class: "act quiet", href: "#/stocktakes" }, say("panel.back")),
    );
    const what = html("section", {}, html("h2", {}, say("panel.stock.what")), html("div", { class: "stock-bays" }, parts(sheet)));
    const differences = html(
      "section",
      {},
      html("h2", {}, say("panel.stock.differences", { count: sheet.lines.length })),
      sheet.lines.length
        ? html("ul", { class: "pull-rows" }, sheet.lines.map((/** @type {any} */ line) => row(sheet, line)))
        : html("p", { class: "soft" }, say(sheet.counted ? "panel.stock.no_differences" : "panel.stock.not_yet")),
    );
    body.replaceChildren(
      ...(sheet.counted ? [differences] : [what, differences]), // what is left to do comes first
      html(
        "div",
        { class: "row end stock-sign" },
        html(
          "p",
          { class: "grow" },
          sheet.signatures.length
            ? say("panel.stock.signed", { names: listed(sheet.signatures.map((/** @type {any} */ one) => one.name)) })
            : say("panel.stock.two_sign"),
          next(sheet),
        ),
        sheet.may_sign ? button(say("panel.stock.sign"), async () => draw(await post(`stocktakes/${id}/sign`))) : null,
      ),
      ...(sheet.counted ? [what] : []),
    );
  }

  /** What is away with the index's knowledge: while it is counted, nobody knows that it is nothing. @param {any} sheet */
  function away(sheet) {
    if (sheet.accounted.length) return say("panel.stock.accounted", { count: sheet.accounted.length });
    return sheet.counted ? say("panel.stock.none_away") : "";
  }

  /** Whose turn it is, where it is somebody else's. @param {any} sheet */
  function next(sheet) {
    if (sheet.signatures.length && !sheet.closed_ms) return html("b", { class: "stock-next" }, say("panel.stock.one_more_signs"));
    const waits = sheet.closed_ms && sheet.lines.some((/** @type {any} */ line) => line.state === "open");
    return waits && !sheet.may_decide ? html("b", { class: "stock-next" }, say("panel.stock.others_decide")) : "";
  }

  /** @param {any} sheet */
  function parts(sheet) {
    const key = (/** @type {string} */ where, /** @type {string} */ name, /** @type {boolean} */ counted, /** @type {string} */ state, /** @type {string} */ by) => {
      const inside = [html("b", {}, name), html("small", {}, `${counted ? "✓ " : ""}${state}${by ? ` · ${by}` : ""}`)];
      return !sheet.may_count || (where.startsWith("box") ? counted || sheet.closed_ms : sheet.closed_ms && !counted)
        ? html("div", { class: "bay-key still" }, inside)
        : html("a", { class: "bay-key", href: `#/stocktake/${id}/${where}` }, inside);
    };
    return [
      ...sheet.bays.map((/** @type {any} */ one) =>
        key(`${one.state === "counted" ? "found" : "bay"}/${one.bay}`, one.bay, one.state === "counted", say(`panel.stock.bay.${one.state}`), one.counted_by),
      ),
      ...sheet.boxes.map((/** @type {any} */ one) =>
        key(
          `box/${one.box_id}`,
          `${say("panel.box.no", { box_no: one.box_no })}\n${one.slot}`,
          Boolean(one.counted_ms),
          say(one.counted_ms ? "panel.stock.bay.counted" : "panel.stock.bay.waiting"),
          one.counted_by,
        ),
      ),
    ];
  }

  /** @param {any} sheet @param {any} line */
  function row(sheet, line) {
    const decide = (/** @type {boolean} */ correct) => async () => draw(await post(`differences/${line.id}/decide`, { correct }));
    const correct = async () => {
      const what = say(`panel.stock.correct_to.${line.kind}`, { box: line.box_no, item: line.ref_code, slot: line.slot, counted: line.counted });
      const yes = html("button", { class: "act", value: "yes" }, say("panel.stock.correct"));
      if (await chosen(say("panel.stock.correct_ask"), html("p", {}, what), [yes])) await decide(true)();
    };
    const correctable = ["misplaced", "missing", "index_says_out", "item_missing", "pages_differ"].includes(line.kind);
    const waits = line.state === "open";
    return html(
      "li",
      { class: "card stock-line" },
      html("b", {}, say(`panel.stock.difference.${line.kind}`)),
      html("span", {}, line.slot),
      html("span", {}, line.ref_code || (line.box_no ? say("panel.box.no", { box_no: line.box_no }) : "")),
      line.belongs ? html("span", {}, say("panel.stock.belongs", { slot: line.belongs })) : null,
      line.counted !== null ? html("span", {}, say(line.pages === null ? "panel.stock.pages_new" : "panel.stock.pages", { counted: line.counted, pages: line.pages })) : null,
      html("span", { class: "tag" }, `${say(`panel.stock.state.${line.state}`)}${line.decided_by ? ` · ${line.decided_by}` : ""}`),
      html(
        "div",
        { class: "row end stock-acts" },
        sheet.may_count && line.kind === "misplaced" && (waits || line.state === "in_hand")
          ? html("a", { class: "act quiet", href: `#/stocktake/${id}/right/${line.id}` }, say("panel.stock.put_right"))
          : null,
        sheet.may_decide && waits && correctable ? button(say("panel.stock.correct"), correct, { quiet: true }) : null,
        sheet.may_decide && waits ? button(say("panel.stock.leave"), decide(false), { quiet: true }) : null,
      ),
    );
  }

  return keptUp((/** @type {any} */ snapshot) => snapshot.room.zone, async () => draw(await get(`stocktakes/${id}`)));
}
