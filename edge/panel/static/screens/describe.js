// @ts-check
import { get, post } from "../api.js";
import { html } from "../elements/draw.js";
import { listed, say, sayOr } from "../elements/words.js";
import { button, chosen, notice, refusal } from "../notices.js";
import { may } from "../rights.js";

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
      may(stage, "take_out") ? html("a", { class: "act quiet", href: "#/printing" }, say("panel.print.title")) : null,
      may(stage, "site_tables") ? html("a", { class: "act quiet", href: "#/site" }, say("panel.site.title")) : null,
      html("a", { class: "act quiet", href: "#/placing" }, say("panel.placing.title")),
    ),
    body,
  );
  /** @type {any[]} */ let fonds = [];
  /** @type {{categories: string[], case_prefixes: string[]}} */ let codes = { categories: [], case_prefixes: [] };

  async function load() {
    try {
      const told = await get("series");
      fonds = told.fonds;
      codes = told;
      body.replaceChildren(
        ...(told.reprint.length ? [reprints(told.reprint)] : []),
        ...told.series.map(card),
        ...(told.found.length ? [foundOnes(told.found)] : []),
        ...(told.series.length || told.found.length ? [] : [html("p", { class: "card soft" }, say("panel.describe.none"))]),
        fondsOnes(),
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
        by === "case" ? html("a", { class: "act quiet", href: `#/cases/${one.id}` }, say("panel.case.all")) : null,
        html(
          "a",
          { class: "act", href: `#/record/new/${by === "volume" ? "volume" : "item"}/${one.id}` },
          say(`panel.describe.new_${by}`),
        ),
      ),
      html("ul", { class: "register-list" }, years(one).map((year) => line(one, year))),
    );
  }

  /** Series that lists brought: one touch, and numbers go on behind theirs. @param {any[]} ones */
  function foundOnes(ones) {
    return html(
      "section",
      { class: "card" },
      html("h2", {}, say("panel.describe.found")),
      html("p", { class: "soft" }, say("panel.describe.found_more")),
      html(
        "ul",
        { class: "register-list" },
        ones.map((one) => {
          const classes = [one.category, one.classes].filter(Boolean).join("·");
          const name = sayOr(`print.category.${one.category}`, one.category);
          const years = one.years.length ? inWords([[one.years[0], one.years.at(-1)]]) : "";
          return html(
            "li",
            {},
            html("b", { class: "register-year" }, one.fonds_no),
            html("span", { class: "grow" }, `${name} ${classes} · ${say(`panel.describe.by_${one.arrangement}`)} ${years}`, html("small", { class: "soft block" }, one.example)),
            button(
              say("panel.describe.adopt"),
              async () => {
                await post("series/adopt", { fonds_no: one.fonds_no, category: one.category, classes: one.classes, catalogue_no: one.catalogue_no, name });
                await load();
              },
              { quiet: true },
            ),
          );
        }),
      ),
    );
  }

  function fondsOnes() {
    return html(
      "section",
      { class: "card" },
      html("div", { class: "row" }, html("h2", { class: "grow" }, say("panel.describe.fonds_all")), html("a", { class: "act quiet", href: "#/record/new/fonds/-" }, say("panel.describe.new_fonds"))),
      html(
        "ul",
        { class: "register-list" },
        fonds.map((one) =>
          html(
            "li",
            {},
            html("b", { class: "register-year" }, one.fonds_no),
            html("span", { class: "grow" }, one.name),
            html("a", { class: "act quiet", href: `#/record/fonds/${one.fonds_no}` }, say("panel.describe.fonds_record")),
            html("a", { class: "act quiet", href: `#/fonds/${one.fonds_no}` }, say("panel.describe.fonds_file")),
          ),
        ),
      ),
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
            [register.retention && sayOr(`panel.search.kept.${register.retention}`, register.retention), register.org].filter(Boolean).join(" · ") || "—",
            ` · ${say(one.arrangement === "volume" ? "panel.describe.count_volume" : "panel.describe.count", { count: register.count - register.void.length })}`,
            html("span", { class: `tag ${TAGS[/** @type {keyof typeof TAGS} */ (register.state)]}` }, say(`panel.describe.state_${register.state}`)),
            register.void.length ? html("span", { class: "tag" }, say("panel.describe.void_count", { count: register.void.length })) : null,
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
    if (!(await chosen(say("panel.describe.seal_ask", { year }), details, [acts], () => post(`series/${one.id}/${year}/seal`, { reason: reason.value })))) return;
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
      html(
        "div",
        { class: "row" },
        may(stage, "take_out") ? html("a", { class: "act", href: "#/printing?kind=label.box&reprint=1" }, say("panel.describe.print_spines")) : null,
        button(say("panel.describe.reprinted"), () => stuckOn(boxes), { quiet: true }),
      ),
    );
  }

  /** Which of them: a spine that still says the old stays on the list. @param {any[]} boxes */
  async function stuckOn(boxes) {
    const ticks = boxes.map((box) => ({ box, tick: html("input", { type: "checkbox", checked: true }) }));
    const line = (/** @type {any} */ { box, tick }) => html("label", { class: "tick" }, html("span", {}, `${box.fonds_no} ${box.box_no}`), tick);
    const acts = html("button", { class: "act", value: "yes" }, say("panel.describe.stuck_on"));
    const box_ids = () => ticks.filter(({ tick }) => tick.checked).map(({ box }) => box.box_id);
    const done = async () => box_ids().length && post("labels/reprinted", { box_ids: box_ids() });
    if (await chosen(say("panel.describe.stuck_on_ask"), html("div", { class: "form single dialog-form" }, ticks.map(line)), [acts], done)) await load();
  }

  async function makeSeries() {
    const text = (value = "") => html("input", { type: "text", autocomplete: "off", value });
    const select = (/** @type {string[][]} */ options) => html("select", {}, options.map(([value, label]) => html("option", { value }, label)));
    const kept = (await get("fields/item")).retention;
    const rules = [["item", "2015"], ["item", "2022"], ["volume", "2022"], ["volume", "1994"], ["case", "case"]];
    const fields = {
      fonds: select(fonds.map((one) => [one.fonds_no, `${one.fonds_no} ${one.name}`])),
      name: text(),
      rule: select(rules.map(([by, no]) => [`${by}/${no}`, say(`panel.describe.rule_${by}_${no}`)])),
      category: html("select"),
      own_prefix: text(),
      classes: text(),
      catalogue_no: text(),
      retention: select([["", "—"], ...kept.map((/** @type {any} */ one) => [one.code, sayOr(`panel.search.kept.${one.code}`, one.code)])]),
      loanable: select(["yes", "view", "scan"].map((one) => [one, say(`panel.describe.loanable_${one}`)])),
      with_org: html("input", { type: "checkbox" }),
    };
    /** Categories of records, or prefixes of cases: the site's own prefix is written, any other code chosen. */
    const fit = () => {
      const cases = fields.rule.value.startsWith("case");
      const known = cases ? codes.case_prefixes.map((code) => [code, say(`panel.site.case.${code}`)]) : codes.categories.map((code) => [code, sayOr(`print.category.${code}`, "")]);
      if (!cases) known.sort(([one], [other]) => Number(other === "WS") - Number(one === "WS"));
      fields.category.replaceChildren(...known.map(([code, name]) => html("option", { value: code }, `${code} ${name}`)), ...(cases ? [html("option", { value: "" }, say("panel.describe.other_prefix"))] : []));
      own();
      asked(fields.classes, !cases);
      asked(fields.with_org, !cases);
      asked(fields.catalogue_no, fields.rule.value.endsWith("1994"));
    };
    const asked = (/** @type {any} */ field, /** @type {boolean} */ is) => (field.parentElement.hidden = !is);
    const own = () => (fields.own_prefix.parentElement.hidden = fields.category.value !== "");
    fields.rule.addEventListener("change", fit);
    fields.category.addEventListener("change", own);
    const acts = html("button", { class: "act", value: "yes" }, say("panel.describe.save"));
    const details = html(
      "div",
      { class: "form dialog-form" },
      Object.entries(fields).map(([label, field]) => html("label", { class: label === "with_org" ? "tick" : "" }, html("span", {}, say(`panel.describe.${label}`)), field)),
    );
    fit();
    const wanted = () => ({
      fonds_no: fields.fonds.value,
      name: fields.name.value,
      arrangement: fields.rule.value.split("/")[0],
      number_rule: fields.rule.value.split("/")[1],
      category: (fields.category.value || fields.own_prefix.value).trim().toUpperCase(),
      classes: fields.classes.value.trim(),
      catalogue_no: fields.catalogue_no.value.trim(),
      retention: fields.retention.value,
      loanable: fields.loanable.value,
      with_org: fields.with_org.checked,
    });
    if (!(await chosen(say("panel.describe.new_series"), details, [acts], () => post("series", wanted())))) return;
    await load();
  }

  load();
  return {};
}

const TAGS = { open: "warn", reviewed: "info", sealed: "good" };

/** @param {[number, number][]} gaps */
export const inWords = (gaps) => listed(gaps.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)));
