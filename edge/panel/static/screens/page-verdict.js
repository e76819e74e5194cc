// @ts-check
import { html } from "../elements/draw.js";
import "../elements/key-board.js";
import { listed, say, sayOr } from "../elements/words.js";
import { button } from "../notices.js";

/** One page that was taken: good, held with what to do, or waiting for its item; and what a person may decide. */

const MARKS = { held: "▲", loose: "?", hooked: "✓" };
const REASONS = ["torn", "faint", "blank", "no_page"];
const STAMPED = "stamped_for_another";

/** @param {any} page */
export const complaintsInWords = (page) =>
  page.complaints.map((/** @type {any} */ one) => say(`page_complaint.${one.code}`, one.params)).join("；");

/**
 * @param {any} page @param {(what: string, body: any) => Promise<any>} decide
 * @param {(() => any) | null} again takes it once more @param {((values: any) => any) | null} fill writes down what the stamp says
 */
export function verdict(page, decide, again, fill) {
  const mark = MARKS[/** @type {"held"} */ (page.state)] ?? "·";
  const item = page.items[0];
  const drop = button(say("panel.digitise.drop"), () => decide("drop", {}), { quiet: true });
  return html(
    "div",
    { class: `card page-verdict ${page.state}` },
    html("h2", {}, `${mark} ${say(`panel.digitise.state.${page.state}`, { page: page.page_no ?? "" })}`),
    page.turned_deg ? html("p", { class: "page-turned" }, `↻ ${say("panel.digitise.turned", { degrees: page.turned_deg })}`) : null,
    stamp(page, fill),
    page.state === "held" ? complaints(page) : null,
    html(
      "p",
      { class: "soft" },
      say("panel.digitise.facts", { dpi: page.dpi, lines: page.lines }),
      item ? ` · ${item.ref_code} ${item.title}` : "",
    ),
    page.state === "held" ? keeping(page, decide, drop, again) : null,
    page.state === "loose" ? hooking(item, page.stamp.numbers[0], decide, drop) : null,
    page.state === "hooked" && item
      ? html("a", { class: "act quiet", href: `#/pages/${item.id}` }, say("panel.digitise.see"))
      : null,
  );
}

/** What the archive stamp proposes; a person checks it, and one touch writes down what the catalogue leaves empty. */
function stamp(/** @type {any} */ page, /** @type {((values: any) => any) | null} */ fill) {
  const fields = ["fonds_no", "year", "item_no", "org", "retention", "pages"].filter((name) => page.stamp[name]);
  if (!fields.length) return null;
  const told = (/** @type {string} */ name, /** @type {string} */ value) => (name === "retention" ? sayOr(`panel.search.kept.${value}`, value) : value);
  const unsaid = Object.entries(page.unsaid);
  const named = unsaid.map(([name, value]) => `${say(`stamp.${name}`)} ${told(name, value)}`);
  return html(
    "div",
    { class: "page-stamp" },
    html("b", {}, say("panel.digitise.stamp")),
    fields.map((name) => html("span", {}, html("small", {}, say(`stamp.${name}`)), told(name, page.stamp[name]))),
    unsaid.length && fill
      ? button(say("panel.digitise.stamp_fill", { fields: listed(named) }), () => fill(page.unsaid), { quiet: true })
      : null,
  );
}

/** @param {any} page */
function complaints(page) {
  return html(
    "ul",
    { class: "page-complaints" },
    page.complaints.map((/** @type {any} */ one) =>
      html(
        "li",
        {},
        html("b", {}, say(`page_complaint.${one.code}`, one.params)),
        html("span", {}, say(`page_remedy.${one.code}`, one.params)),
      ),
    ),
  );
}

/** First once more; then the usual reasons to keep it, one touch each; others are typed. */
function keeping(/** @type {any} */ page, /** @type {any} */ decide, /** @type {any} */ drop, /** @type {(() => any) | null} */ again) {
  const why = field("panel.digitise.why");
  const stamped = page.complaints.some((/** @type {any} */ one) => one.code === STAMPED);
  return html(
    "div",
    {},
    html("div", { class: "row" }, again ? button(say("panel.digitise.again_now"), again) : null, drop),
    html("p", { class: "soft" }, say("panel.digitise.keep_why")),
    html(
      "div",
      { class: "page-reasons" },
      [...(stamped ? ["stamp_wrong"] : []), ...REASONS].map((name) => {
        const reason = say(`panel.digitise.reason.${name}`);
        return button(reason, () => decide("accept", { why: reason }), { quiet: true });
      }),
    ),
    html("div", { class: "row" }, why, button(say("panel.digitise.keep"), () => decide("accept", { why: why.value }), { quiet: true })),
  );
}

/** @param {any} item @param {string | undefined} stamped @param {any} decide @param {any} drop */
function hooking(item, stamped, decide, drop) {
  const number = field("panel.digitise.number");
  number.value = item?.ref_code ?? stamped ?? "";
  const keys = html("key-board");
  keys.serve(number);
  const hook = button(say("panel.digitise.hook"), () => decide("hook", { ref_code: number.value }));
  return html("div", { class: "page-owner" }, number, html("div", { class: "row" }, hook, drop), keys);
}

/** @param {string} msgid */
const field = (msgid) => html("input", { type: "text", "aria-label": say(msgid), placeholder: say(msgid) });
