// @ts-check
import { get, post } from "../api.js";
import { html } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { button, chosen, notice, refusal } from "../notices.js";

/** The fonds file: papers about the fonds itself, by kind, each with its number within the kind. */

/** @param {any} stage */
export function show(stage) {
  const fonds_no = stage.path[1];
  const list = html("div", { class: "series-list" });
  stage.root.append(
    html(
      "div",
      { class: "row" },
      html("a", { class: "act quiet", href: "#/describe" }, `‹ ${say("panel.back")}`),
      html("h1", { class: "grow" }, `${say("panel.describe.fonds_file")} · ${fonds_no}`),
      button(say("panel.describe.file_paper"), add),
    ),
    list,
  );
  /** @type {string[]} */ let kinds = [];

  async function load() {
    const told = await get(`fonds/${fonds_no}/papers`);
    kinds = told.kinds;
    list.replaceChildren(
      ...kinds.map((kind) => {
        const papers = told.papers.filter((/** @type {any} */ one) => one.kind === kind);
        return html(
          "section",
          { class: "card" },
          html("h2", {}, say(`fonds_paper.${kind}`), html("small", { class: "soft" }, papers.length ? ` ${papers.length}` : "")),
          papers.length
            ? html("ul", { class: "number-list" }, papers.map((/** @type {any} */ one) => html("li", {}, html("b", {}, String(one.no)), html("span", { class: "grow" }, one.title), html("span", { class: "soft" }, [one.date, one.responsible].filter(Boolean).join(" · ")))))
            : null,
        );
      }),
    );
  }

  async function add() {
    const kind = html("select", {}, kinds.map((one) => html("option", { value: one }, say(`fonds_paper.${one}`))));
    const names = ["title", "date", "responsible", "pages", "remark"];
    const fields = Object.fromEntries(names.map((name) => [name, html("input", { type: "text", autocomplete: "off" })]));
    const details = html(
      "div",
      { class: "form single" },
      html("label", {}, html("span", {}, say("panel.describe.paper_kind")), kind),
      names.map((name) => html("label", {}, html("span", {}, say(`field.${name}`)), fields[name])),
    );
    const acts = html("button", { class: "act", value: "yes" }, say("panel.describe.save"));
    const keeping = () => post(`fonds/${fonds_no}/papers`, { kind: kind.value, values: Object.fromEntries(names.map((name) => [name, fields[name].value])) });
    if (!(await chosen(say("panel.describe.file_paper"), details, [acts], keeping))) return;
    notice(say("panel.record.saved"), "", false);
    await load();
  }

  load().catch(refusal);
  return {};
}
