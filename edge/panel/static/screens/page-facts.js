// @ts-check
import { html } from "../elements/draw.js";
import { say } from "../elements/words.js";

/** Beside what the viewer shows: where its file comes from, and what was checked when it came. */

/** The four checks of its arrival; open where a person should look. @param {any} report */
export function fourChecks(report) {
  const doubts = report.findings.filter((/** @type {any} */ one) => one.verdict === "fail" || one.verdict === "doubt");
  return html(
    "details",
    { class: "card four", open: doubts.length > 0 },
    html(
      "summary",
      {},
      html("b", {}, say("panel.pages.four")),
      Object.entries(report.overall).map(([name, verdict]) =>
        html("span", { class: `tag ${{ pass: "good", fail: "bad", doubt: "warn" }[/** @type {"pass"} */ (verdict)] ?? ""}` }, `${say(`four_checks.property.${name}`)} ${say(`four_checks.verdict.${verdict}`)}`),
      ),
    ),
    html(
      "ul",
      {},
      report.findings.map((/** @type {any} */ one) =>
        html("li", {}, `${say(`four_checks.verdict.${one.verdict}`)} · ${say(`four_checks.${one.code}`, one.params)}`),
      ),
    ),
  );
}

/** What is known of the file of a page or a recording. @param {any} stage @param {any} page */
export function fileFacts(stage, page) {
  const time = new Intl.DateTimeFormat(stage.language, { dateStyle: "short", timeStyle: "short", timeZone: stage.zone });
  const size = page.file.bytes >= 1e6 ? `${(page.file.bytes / 1e6).toFixed(1)} MB` : `${Math.ceil(page.file.bytes / 1e3)} kB`;
  const told = [
    ["name", page.name],
    ["format", `${page.file.format || "?"} · ${size}`],
    ["resolution", page.dpi ? `${page.dpi} dpi · ${page.width} × ${page.height}` : ""],
    ["duration", page.duration_ms ? clock(page.duration_ms) : ""],
    ["author", page.file.author],
    ["created", moment(page.file.created)],
    ["modified", moment(page.file.modified)],
    ["made_with", page.file.made_with],
    ["source", page.file.name || say("panel.pages.camera")],
    ["received", time.format(page.file.received_ms)],
    ["despite", page.despite],
    ["sha256", page.file.sha256.slice(0, 16)],
  ];
  return html(
    "dl",
    { class: "facts leaf-facts" },
    told
      .filter(([, value]) => value)
      .map(([name, value]) => html("div", {}, html("dt", {}, say(`panel.pages.fact.${name}`)), html("dd", {}, value))),
  );
}

/** Minutes and seconds. @param {number} ms */
function clock(ms) {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A file's own date, as EXIF ("2024:03:02 10:11:12") or PDF ("D:20240302101112+08'00'") writes it, for people. @param {string} said */
function moment(said) {
  const told = /^(?:D:)?(\d{4})[:-]?(\d\d)[:-]?(\d\d)(?:[T ]?(\d\d):?(\d\d))?/.exec(said);
  return told ? `${told[1]}-${told[2]}-${told[3]}${told[4] ? ` ${told[4]}:${told[5]}` : ""}` : said;
}
