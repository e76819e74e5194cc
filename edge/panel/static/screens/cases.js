// @ts-check
import { get, post } from "../api.js";
import { html, present } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { button, chosen, notice, refusal } from "../notices.js";
import { placeInWords } from "./place.js";

/** The cases of a series, newest first; or one case: what it has and lacks, what belongs to it and where that lies, its end. */

const ENDS = ["cooperation_ended", "project_ended", "left", "other"];

/** @param {any} stage */
export function show(stage) {
  const head = html("div", { class: "row" });
  const body = html("div", { class: "series-list" });
  stage.root.append(head, body);
  const back = () => html("button", { type: "button", class: "act quiet", onclick: () => history.back() }, `‹ ${say("panel.back")}`);
  const form = (/** @type {[string, any][]} */ fields) =>
    html("div", { class: "form single" }, fields.map(([label, field]) => html("label", {}, html("span", {}, say(label)), field)));
  const text = (value = "") => html("input", { type: "text", autocomplete: "off", value });
  const yes = (/** @type {string} */ word) => [html("button", { class: "act", value: "yes" }, word)];

  async function list() {
    const { series, cases } = await get(`series/${stage.path[1]}/cases`);
    const describes = stage.session.person?.rights.includes("describe");
    head.replaceChildren(
      ...present([
        html("a", { class: "act quiet", href: "#/describe" }, `‹ ${say("panel.back")}`),
        html("h1", { class: "grow" }, `${series.name} · ${series.category}`),
        describes ? button(say("panel.case.checklist"), () => checklist(series), { quiet: true }) : null,
        describes ? button(say("panel.describe.open_case"), () => open(series)) : null,
      ]),
    );
    body.replaceChildren(
      cases.length
        ? html(
            "ul",
            { class: "card number-list" },
            cases.map((/** @type {any} */ one) =>
              html(
                "li",
                {},
                html("a", { class: "grow", href: `#/case/${one.case_no}` }, html("b", {}, one.case_no), ` ${one.name} `, html("span", { class: "soft" }, one.department)),
                html("span", { class: `tag ${one.state === "open" ? "warn" : "good"}` }, say(`panel.case.state_${one.state}`)),
              ),
            ),
          )
        : html("p", { class: "card soft" }, say("panel.case.none")),
    );
  }

  /** @param {any} series */
  async function open(series) {
    const [name, department] = [text(), text()];
    /** @type {any} */ let made;
    const opening = async () => (made = await post("cases", { series_id: series.id, name: name.value, department: department.value }));
    if (!(await chosen(say("panel.describe.open_case"), form([["panel.describe.name", name], ["panel.describe.department", department]]), yes(say("panel.describe.save")), opening))) return;
    stage.go(`case/${made.case_no}`, () => notice(say("panel.describe.case_opened", { number: made.case_no }), made.name, false));
  }

  /** @param {any} series */
  async function checklist(series) {
    const lines = html("textarea", { rows: 6 });
    const keep = () => post(`series/${series.id}/checklist`, { lines: lines.value.split("\n") });
    if (!(await chosen(say("panel.case.checklist"), form([["panel.case.lines", lines]]), yes(say("panel.describe.save")), keep))) return;
    notice(say("panel.record.saved"), "", false);
  }

  async function one() {
    const { case: of, wanted, holdings } = await get(`cases/${stage.path[1]}`);
    const lacks = wanted.filter((/** @type {any} */ line) => !line.present).length;
    const describes = stage.session.person?.rights.includes("describe");
    head.replaceChildren(
      ...present([
        back(),
        html("h1", { class: "grow" }, `${of.case_no} ${of.name}`, html("span", { class: `tag ${of.state === "open" ? "warn" : "good"}` }, say(`panel.case.state_${of.state}`))),
        describes ? button(say("panel.case.link"), () => link(of), { quiet: true }) : null,
        describes && of.state === "open" ? button(say("panel.case.close"), () => close(of)) : null,
      ]),
    );
    body.replaceChildren(
      ...present([
        of.closed_on ? html("p", { class: "card" }, say("panel.case.closed", { why: say(`panel.case.end.${of.closed_event}`), day: of.closed_on })) : null,
        wanted.length
          ? html(
              "section",
              { class: "card" },
              html("h2", {}, lacks ? say("panel.case.lacks", { count: lacks }) : say("panel.case.whole")),
              html("ul", { class: "number-list" }, wanted.map((/** @type {any} */ line) => html("li", {}, html("span", { class: "grow" }, line.what), describes ? button(say(line.present ? "panel.case.there" : "panel.case.missing"), () => tick(of, line), { quiet: !line.present }) : html("span", { class: "tag" }, say(line.present ? "panel.case.there" : "panel.case.missing"))))),
            )
          : null,
        html(
          "section",
          { class: "card" },
          html("h2", {}, say("panel.case.holdings", { count: holdings.length })),
          html("ul", { class: "number-list" }, holdings.map((/** @type {any} */ held) => html("li", {}, html("span", { class: "grow" }, html("b", {}, held.number), ` ${held.title}`), html("span", { class: "soft" }, held.slot ? placeInWords(held.slot) : say("panel.box.no_place"))))),
        ),
      ]),
    );
  }

  /** @param {any} of @param {any} line */
  async function tick(of, line) {
    await post(`cases/${of.case_no}/tick`, { line: line.line, present: !line.present });
    await one();
  }

  /** @param {any} of */
  async function link(of) {
    const [item, box] = [text(), text()];
    const joining = () => post(`cases/${of.case_no}/link`, { item: item.value, box: box.value });
    if (await chosen(say("panel.case.link"), form([["panel.case.item", item], ["panel.case.box", box]]), yes(say("panel.case.link")), joining)) await one();
  }

  /** @param {any} of */
  async function close(of) {
    const why = html("select", {}, ENDS.map((end) => html("option", { value: end }, say(`panel.case.end.${end}`))));
    const on = text();
    let pieces = 0;
    const closing = async () => ({ pieces } = await post(`cases/${of.case_no}/close`, { why: why.value, on: on.value }));
    if (!(await chosen(say("panel.case.close_ask"), form([["panel.case.why", why], ["panel.case.on", on]]), yes(say("panel.case.close")), closing))) return;
    notice(say("panel.case.counted", { count: pieces }), "", false);
    await one();
  }

  (stage.path[0] === "case" ? one() : list()).catch(refusal);
  return {};
}
