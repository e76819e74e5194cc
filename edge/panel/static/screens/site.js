// @ts-check
import { get, post } from "../api.js";
import { html, present } from "../elements/draw.js";
import { listed, say, sayOr } from "../elements/words.js";
import { button, chosen, notice, refusal } from "../notices.js";
import { may } from "../rights.js";
import { headings } from "./site-headings.js";

/** What the site keeps for itself, a table each; every change is an event. */

/** @param {any} stage */
export function show(stage) {
  const list = html("nav", { class: "print-kinds" });
  const side = html("section", { class: "card print-side" });
  stage.root.append(
    html("div", { class: "row" }, html("a", { class: "act quiet", href: may(stage, "describe") ? "#/describe" : "#/trace" }, `‹ ${say("panel.back")}`), html("h1", { class: "grow" }, say("panel.site.title"))),
    html("div", { class: "print-screen" }, list, side),
  );
  /** @type {any} */ let told = null;
  let open = stage.path[1] ?? "secret";
  /** @type {Record<string, () => any[]>} */
  const TABLES = { secret, retention, category, loanable, approval, headings: () => [headings(told)], people };

  async function load() {
    told = await get("site");
    draw();
  }

  function draw() {
    list.replaceChildren(
      ...Object.keys(TABLES).map((name) =>
        html("button", { type: "button", class: "print-kind", "aria-pressed": String(name === open), onclick: () => ((open = name), draw()) }, say(`panel.site.${name}`)),
      ),
    );
    side.replaceChildren(html("h2", {}, say(`panel.site.${open}`)), html("p", { class: "soft" }, say(`panel.site.${open}_more`)), ...present(TABLES[open]()));
  }

  /** @param {any[]} lines */
  const rows = (lines) => html("ul", { class: "number-list" }, lines);

  /** @param {string} code @param {any} name @param {boolean} active @param {(() => Promise<any>) | null} change */
  const row = (code, name, active, change) =>
    html(
      "li",
      { class: active ? "" : "gone" },
      code ? html("b", { class: "site-code" }, code) : null,
      html("span", { class: "grow" }, name),
      active ? null : html("span", { class: "tag" }, say("panel.site.off")),
      change ? button(say("panel.site.change"), change, { quiet: true }) : null,
    );

  /** A form in a question, until the node has taken it. @param {string} question @param {Record<string, any>} fields @param {() => Promise<any>} keep */
  async function asked(question, fields, keep) {
    const labels = Object.entries(fields).map(([name, field]) => html("label", { class: field.type === "checkbox" ? "tick" : "" }, html("span", {}, say(`panel.site.field.${name}`)), field));
    const acts = html("button", { class: "act", value: "yes" }, say("panel.describe.save"));
    await chosen(question, html("div", { class: "form dialog-form" }, labels), [acts], () => done(keep()));
  }

  /** @param {Promise<any>} act */
  async function done(act) {
    const answer = await act;
    notice(say("panel.site.saved"), answer?.read_again ? say("panel.site.read_again", { count: answer.read_again }) : "", false);
    await load();
  }

  function secret() {
    return [
      rows(told.secret_levels.map((/** @type {any} */ one) => row("", [one.name, html("small", { class: "soft block" }, say("panel.site.seen_by", { level: say(`panel.secret.${one.clearance}`) }))], one.active, () => askSecret(one)))),
      button(say("panel.site.add"), () => askSecret(null)),
    ];
  }

  /** @param {any} one */
  async function askSecret(one) {
    const fields = {
      name: text(one?.name),
      clearance: select(told.clearances.map((/** @type {string} */ level) => [level, say(`panel.secret.${level}`)]), one?.clearance),
      active: tick(one?.active ?? true),
    };
    const code = one?.code ?? `own_${1 + told.secret_levels.length}`; // people see the name; the code only joins records to it
    await asked(one?.name ?? say("panel.site.new_secret"), fields, () => post("site/secret-level", { code, name: fields.name.value.trim(), clearance: fields.clearance.value, active: fields.active.checked }));
  }

  function retention() {
    return [
      rows(told.retentions.map((/** @type {any} */ one) => row(one.code, [years(one.years), html("small", { class: "soft block" }, present([say(`panel.site.counts.${one.counts_from}`), say(`panel.site.then.${one.then_do}`), one.basis || null]).join(" · "))], one.active, () => askRetention(one)))),
      button(say("panel.site.add"), () => askRetention(null)),
    ];
  }

  const years = (/** @type {number | null} */ count) => (count === null ? say("choice.for_ever") : say("choice.years", { years: count }));

  /** @param {any} one */
  async function askRetention(one) {
    const fields = {
      years: html("input", { type: "number", min: 1, max: 200, value: one?.years ?? "", disabled: one && one.code !== "C", placeholder: say("choice.for_ever") }),
      counts_from: select(["year_end", "filing", "event"].map((name) => [name, say(`panel.site.counts.${name}`)]), one?.counts_from),
      then_do: select(["appraise", "keep", "destroy", "transfer"].map((name) => [name, say(`panel.site.then.${name}`)]), one?.then_do),
      basis: text(one?.basis),
      active: tick(one?.active ?? true),
    };
    await asked(one ? `${one.code} ${years(one.years)}` : say("panel.site.new_retention"), fields, () => {
      const kept = Number(fields.years.value) || null;
      const code = one?.code ?? (kept ? `D${kept}` : "Y");
      return post("site/retention", { code, years: kept, counts_from: fields.counts_from.value, then_do: fields.then_do.value, basis: fields.basis.value.trim(), active: fields.active.checked });
    });
  }

  function category() {
    return [
      rows([
        ...told.own_categories.map((/** @type {any} */ one) => row(one.code, one.name, true, () => askCategory(one))),
        row("", [html("b", {}, say("panel.site.of_standard")), html("span", { class: "soft block" }, listed(told.categories.map((/** @type {string} */ code) => `${code} ${sayOr(`print.category.${code}`, "")}`)))], true, null),
        row("", [html("b", {}, say("panel.site.case_prefixes")), html("span", { class: "soft block" }, listed(told.case_prefixes.map((/** @type {string} */ code) => `${code} ${say(`panel.site.case.${code}`)}`)))], true, null),
      ]),
      button(say("panel.site.add"), () => askCategory(null)),
    ];
  }

  /** @param {any} one */
  async function askCategory(one) {
    const fields = { code: text(one?.code), name: text(one?.name) };
    fields.code.readOnly = Boolean(one);
    await asked(one?.code ?? say("panel.site.new_category"), fields, () => post("site/category", { code: fields.code.value.trim().toUpperCase(), name: fields.name.value.trim() }));
  }

  function loanable() {
    if (!told.series.length) return [html("p", { class: "soft" }, say("panel.describe.none"))];
    return [
      rows(
        told.series.map((/** @type {any} */ one) => {
          const kinds = ["yes", "view", "scan"].map((kind) =>
            html("button", { type: "button", class: "act quiet", "aria-pressed": String(kind === one.loanable), onclick: () => kind !== one.loanable && done(post("site/loanable", { series_id: one.id, loanable: kind })).catch(refusal) }, say(`panel.describe.loanable_${kind}`)),
          );
          return html("li", { class: "site-series" }, html("span", { class: "grow" }, one.name, html("small", { class: "soft block" }, `${one.fonds_no} ${one.category}`)), html("span", { class: "site-choice", role: "group", "aria-label": one.name }, kinds));
        }),
      ),
    ];
  }

  function approval() {
    const choices = told.approvals.map((/** @type {string} */ rule) =>
      html("button", { type: "button", "aria-pressed": String(rule === told.approval), onclick: () => done(post("site/approval", { rule })).catch(refusal) }, say(`panel.site.approval_of.${rule}`)),
    );
    return [html("div", { class: "site-choice", role: "group", "aria-label": say("panel.site.approval") }, choices)];
  }

  function people() {
    const names = Object.fromEntries(told.people.map((/** @type {any} */ one) => [one.id, one.name]));
    return [
      rows(
        told.fonds.map((/** @type {any} */ one) =>
          row(one.fonds_no, [one.name, html("small", { class: "soft block" }, one.person_ids.length ? listed(one.person_ids.map((/** @type {string} */ id) => names[id] ?? id)) : say("panel.site.everybody"))], true, () => askPeople(one)),
        ),
      ),
    ];
  }

  /** @param {any} one */
  async function askPeople(one) {
    const ticks = told.people.map((/** @type {any} */ person) => ({ person, box: tick(one.person_ids.includes(person.id)) }));
    const details = html("div", { class: "form single dialog-form" }, html("p", {}, say("panel.site.people_ask")), ticks.map((/** @type {any} */ { person, box }) => html("label", { class: "tick" }, html("span", {}, person.name), box)));
    const acts = html("button", { class: "act", value: "yes" }, say("panel.describe.save"));
    const offered = new Set(told.people.map((/** @type {any} */ person) => person.id));
    const kept = one.person_ids.filter((/** @type {string} */ id) => !offered.has(id)); // named before, and away now
    const named = () => ticks.filter((/** @type {any} */ { box }) => box.checked).map((/** @type {any} */ { person }) => person.id);
    await chosen(`${one.fonds_no} ${one.name}`, details, [acts], () => done(post(`site/fonds/${one.fonds_no}/people`, { person_ids: [...kept, ...named()] })));
  }

  load().catch(refusal);
  return {};
}

const text = (value = "") => html("input", { type: "text", autocomplete: "off", value: value ?? "" });
const tick = (/** @type {boolean} */ on) => html("input", { type: "checkbox", checked: on });

/** @param {string[][]} options @param {string} [value] */
function select(options, value) {
  const made = html("select", {}, options.map(([one, label]) => html("option", { value: one }, label)));
  if (value) made.value = value;
  return made;
}
