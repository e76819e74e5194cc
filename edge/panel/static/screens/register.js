// @ts-check
import { get, post } from "../api.js";
import { html } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { button, notice, refusal } from "../notices.js";

/** One run of numbers: while it is provisional, records go up and down; saving numbers them in this order. */

/** @param {any} stage */
export function show(stage) {
  const head = html("div", { class: "row" });
  const body = html("ol", { class: "number-list" });
  stage.root.append(head, body);
  /** @type {any[]} */ let records = [];
  /** @type {any} */ let told = null;
  let touched = false;

  async function load() {
    try {
      told = await get(`registers/${stage.path[1]}`);
      records = told.records;
      touched = false;
      draw();
    } catch (error) {
      refusal(error);
    }
  }

  function draw() {
    const { series, register } = told;
    const movable = register.state !== "sealed";
    const run = [register.year || "", register.retention, register.org].filter(Boolean).join(" · ");
    head.replaceChildren(
      html("a", { class: "act quiet", href: "#/describe" }, `‹ ${say("panel.back")}`),
      html("h1", { class: "grow" }, `${series.name} ${run}`),
      movable ? button(say(touched ? "panel.register.save" : "panel.register.close_gaps"), save, { quiet: !touched }) : html("span", { class: "tag good" }, say("panel.describe.state_sealed")),
    );
    body.replaceChildren(
      ...records.map((record, place) =>
        html(
          "li",
          { class: record.state === "void" ? "gone" : "" },
          html("a", { class: "grow", href: `#/record/${record.subject}/${record.id}` }, html("b", {}, String(record.no)), ` ${record.title || say("panel.register.hidden")}`, html("small", { class: "soft" }, ` ${record.ref_code}`)),
          record.state === "void" ? html("span", { class: "tag bad" }, say("panel.record.void_tag")) : null,
          movable && record.state !== "void" ? [move(place, -1, "↑"), move(place, 1, "↓")] : null,
        ),
      ),
    );
  }

  /** @param {number} place @param {number} by @param {string} mark */
  function move(place, by, mark) {
    const live = (/** @type {number} */ at) => records[at] && records[at].state !== "void";
    let to = place + by;
    while (records[to] && !live(to)) to += by;
    return html(
      "button",
      {
        type: "button",
        class: "act quiet square",
        disabled: !live(to),
        "aria-label": say(by < 0 ? "panel.register.up" : "panel.register.down"),
        onclick: () => {
          [records[place], records[to]] = [records[to], records[place]];
          touched = true;
          draw();
        },
      },
      mark,
    );
  }

  async function save() {
    const order = records.filter((record) => record.state !== "void").map((record) => record.id);
    const { changed } = await post(`registers/${stage.path[1]}/renumber`, { order });
    notice(say("panel.register.saved", { changed }), "", false);
    await load();
  }

  load();
  return {};
}
