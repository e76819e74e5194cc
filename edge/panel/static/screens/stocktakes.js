// @ts-check
import { get, post } from "../api.js";
import { html } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { button, refusal } from "../notices.js";
import { keptUp } from "./kept-up.js";

/** Stocktakes: begin one, go on with one, and which bays are due. */

const SAMPLE_BOXES = 5;

/** @param {any} stage */
export function show(stage) {
  const begin = html("div", { class: "row stock-begin" });
  const due = html("div", { class: "stock-due" });
  const list = html("ul", { class: "job-list" });
  stage.root.append(html("h1", {}, say("panel.stock.title")), begin, due, list);
  const mayCount = Boolean(stage.session.person?.rights.includes("count"));

  /** @param {string} kind @param {any} [more] */
  async function start(kind, more = {}) {
    begin.inert = due.inert = true; // a second tap begins no second one
    try {
      const made = await post("stocktakes", { kind, ...more });
      stage.go(more.bay ? `stocktake/${made.id}/bay/${more.bay}` : `stocktake/${made.id}`);
    } finally {
      begin.inert = due.inert = false;
    }
  }

  async function load() {
    try {
      const told = await get("stocktakes");
      const day = new Intl.DateTimeFormat(stage.language, { dateStyle: "medium", timeZone: stage.zone });
      if (mayCount)
        begin.replaceChildren(
          button(say("panel.stock.begin_full"), () => start("full"), { quiet: true }),
          button(say("panel.stock.begin_sample", { boxes: SAMPLE_BOXES }), () => start("sample", { boxes: SAMPLE_BOXES }), {
            quiet: !told.sample_due,
          }),
          ...(told.sample_due ? [html("p", { class: "soft" }, say("panel.stock.sample_due"))] : []),
        );
      if (mayCount && told.due.length)
        due.replaceChildren(
          html("h2", {}, say("panel.stock.due")),
          html(
            "div",
            { class: "stock-bays" },
            told.due.map((/** @type {any} */ one) => {
              const key = html(
                "button",
                { type: "button", class: one.open_now ? "bay-key open" : "bay-key" },
                html("b", {}, one.bay),
                html(
                  "small",
                  {},
                  one.open_now
                    ? `● ${say("panel.stock.open_now", { aisle: one.aisle })}`
                    : one.counted_ms
                      ? say("panel.stock.last", { day: day.format(one.counted_ms) })
                      : say("panel.stock.never"),
                ),
              );
              key.addEventListener("click", () => start("rolling", { bay: one.bay }).catch(refusal));
              return key;
            }),
          ),
        );
      list.replaceChildren(
        ...told.stocktakes.map((/** @type {any} */ one) =>
          html(
            "li",
            {},
            html(
              "a",
              { class: "hit", href: `#/stocktake/${one.id}` },
              html("span", { class: "hit-title" }, `${say(`panel.stock.kind.${one.kind}`)} · ${day.format(one.begun_ms)}`),
              html(
                "span",
                { class: "hit-state" },
                html("span", { class: one.closed_ms ? "tag good" : "tag info" }, say(one.closed_ms ? "panel.stock.closed" : "panel.stock.open")),
              ),
              html(
                "span",
                { class: "hit-where" },
                html("span", {}, say("panel.stock.parts", { counted: one.counted, parts: one.parts })),
                one.open_differences ? html("span", {}, say("panel.stock.left", { count: one.open_differences })) : null,
              ),
            ),
          ),
        ),
      );
    } catch (error) {
      refusal(error);
    }
  }
  return keptUp((/** @type {any} */ snapshot) => snapshot.room.zone, load);
}
