// @ts-check
import { get, post } from "../api.js";
import { html } from "../elements/draw.js";
import { listed, say } from "../elements/words.js";
import { button, chosen, notice, refusal } from "../notices.js";

/** What is being described: each series with its years; a new record, the order of numbers, reviewing and sealing. */

/** @param {any} stage */
export function show(stage) {
  const body = html("div", { class: "series-list" });
  stage.root.append(
    html(
      "div",
      { class: "row" },
      html("h1", { class: "grow" }, say("panel.describe.title")),
      button(say("panel.describe.new_series"), async () => makeSeries(), { quiet: true }),
      html("a", { class: "act quiet", href: "#/placing" }, say("panel.placing.title")),
    ),
    body,
  );
  /** @type {any[]} */ let fonds = [];

  async function load() {
    try {
      const told = await get("series");
      fonds = told.fonds;
      body.replaceChildren(
        ...(told.series.length ? told.series.map(card) : [html("p", { class: "card soft" }, say("panel.describe.none"))]),
        ...(told.reprint.length ? [reprints(told.reprint)] : []),
      );
    } catch (error) {
      refusal(error);
    }
  }

  /** @param {any} one */
  function card(one) {
    const by = one.arrangement;
    const classes = [one.category, one.classes].filter(Boolean).join("·");
    return html(
      "section",
      { class: "card" },
      html(
        "div",
        { class: "row" },
        html("h2", { class: "grow" }, `${one.name}`, html("small", { class: "soft" }, ` ${one.fonds_no} ${classes} · ${say(`panel.describe.by_${by}`)}`)),
        by === "case" ? button(say("panel.describe.open_case"), () => openCase(one), { quiet: true }) : null,
        html(
          "a",
          { class: "act", href: `#/record/new/${by === "volume" ? "volume" : "item"}/${one.id}` },
          say(`panel.describe.new_${by}`),
        ),
      ),
      html("ul", { class: "register-list" }, years(one).map((year) => line(one, year))),
    );
  }

  /** @param {any} one @returns {any[]} the series' years with their registers */
  function years(one) {
    /** @type {Map<number, any[]>} */ const found = new Map();
    for (const register of one.registers) found.set(register.year, [...(found.get(register.year) ?? []), register]);
    return [...found].map(([year, registers]) => ({ year, registers }));
  }

  /** @param {any} one @param {any} of */
  function line(one, { year, registers }) {
    const open = registers.some((/** @type {any} */ register) => register.state === "open");
    const reviewed = registers.some((/** @type {any} */ register) => register.state === "reviewed");
    return html(
      "li",
      {},
      html("b", { class: "register-year" }, year ? String(year) : say("panel.describe.no_year")),
      html(
        "span",
        { class: "grow register-runs" },
        registers.map((/** @type {any} */ register) =>
          html(
            "a",
            { class: "run", href: `#/register/${register.id}` },
            [register.retention, register.org].filter(Boolean).join(" · ") || "—",
            ` · ${say("panel.describe.count", { count: register.count })}`,
            html("span", { class: `tag ${TAGS[/** @type {keyof typeof TAGS} */ (register.state)]}` }, say(`panel.describe.state_${register.state}`)),
            register.gaps.length ? html("span", { class: "tag bad" }, say("panel.describe.gaps", { gaps: inWords(register.gaps) })) : null,
          ),
        ),
      ),
      open ? button(say("panel.describe.review"), () => review(one, year), { quiet: true }) : null,
      !open && reviewed ? button(say("panel.describe.seal"), () => seal(one, year, registers)) : null,
    );
  }

  /** @param {any} one @param {number} year */
  async function review(one, year) {
    const acts = html("button", { class: "act", value: "yes" }, say("panel.describe.review"));
    if ((await chosen(say("panel.describe.review_ask", { year }), html("p", {}, say("panel.describe.review_more")), [acts])) !== "yes") return;
    await post(`series/${one.id}/${year}/review`);
    notice(say("panel.describe.reviewed", { year }), say("panel.describe.reviewed_next"), false);
    await load();
  }

  /** @param {any} one @param {number} year @param {any[]} registers */
  async function seal(one, year, registers) {
    const gaps = registers.flatMap((register) => register.gaps);
    const reason = html("input", { type: "text", "aria-label": say("panel.describe.gaps_reason") });
    const details = html(
      "div",
      {},
      html("p", {}, say("panel.describe.seal_more")),
      gaps.length ? html("label", {}, say("panel.describe.gaps_why", { gaps: inWords(gaps) }), reason) : null,
    );
    const acts = html("button", { class: "act", value: "yes" }, say("panel.describe.seal"));
    if ((await chosen(say("panel.describe.seal_ask", { year }), details, [acts])) !== "yes") return;
    await post(`series/${one.id}/${year}/seal`, { reason: reason.value });
    notice(say("panel.describe.sealed", { year }), "", false);
    await load();
  }

  /** @param {any[]} boxes */
  function reprints(boxes) {
    return html(
      "section",
      { class: "card" },
      html("h2", {}, say("panel.describe.reprint", { count: boxes.length })),
      html("p", { class: "soft" }, listed(boxes.map((box) => `${box.fonds_no} ${box.box_no}`))),
      button(
        say("panel.describe.reprinted"),
        async () => {
          await post("labels/reprinted", { box_ids: boxes.map((box) => box.box_id) });
          await load();
        },
        { quiet: true },
      ),
    );
  }

  /** @param {any} one */
  async function openCase(one) {
    const name = html("input", { type: "text" });
    const department = html("input", { type: "text" });
    const acts = html("button", { class: "act", value: "yes" }, say("panel.describe.save"));
    const details = html(
      "div",
      { class: "form single" },
      [["name", name], ["department", department]].map(([label, field]) => html("label", {}, html("span", {}, say(`panel.describe.${label}`)), field)),
    );
    if ((await chosen(say("panel.describe.open_case"), details, [acts])) !== "yes") return;
    const made = await post("cases", { series_id: one.id, name: name.value, department: department.value });
    notice(say("panel.describe.case_opened", { number: made.case_no }), made.name, false);
  }

  async function makeSeries() {
    const name = html("input", { type: "text" });
    const category = html("input", { type: "text", value: "WS", maxlength: 4 });
    const of = html("select", {}, fonds.map((one) => html("option", { value: one.fonds_no }, `${one.fonds_no} ${one.name}`)));
    const rules = [["item", "2015"], ["item", "2022"], ["volume", "2022"], ["case", "case"]];
    const rule = html("select", {}, rules.map(([by, no]) => html("option", { value: `${by}/${no}` }, say(`panel.describe.rule_${by}_${no}`))));
    const acts = html("button", { class: "act", value: "yes" }, say("panel.describe.save"));
    const details = html(
      "div",
      { class: "form single" },
      [["fonds", of], ["name", name], ["category", category], ["rule", rule]].map(([label, field]) => html("label", {}, html("span", {}, say(`panel.describe.${label}`)), field)),
    );
    if ((await chosen(say("panel.describe.new_series"), details, [acts])) !== "yes") return;
    const [arrangement, number_rule] = rule.value.split("/");
    await post("series", { fonds_no: of.value, name: name.value, arrangement, number_rule, category: category.value.toUpperCase() });
    await load();
  }

  load();
  return {};
}

const TAGS = { open: "warn", reviewed: "info", sealed: "good" };

/** @param {[number, number][]} gaps */
export const inWords = (gaps) => listed(gaps.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)));
