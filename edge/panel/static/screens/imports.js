// @ts-check
import { get, post, remove, send } from "../api.js";
import { html, present, under } from "../elements/draw.js";
import { keyed } from "../elements/key-board.js";
import { say, sayOr } from "../elements/words.js";
import { refusal } from "../notices.js";

/** Bringing a list in: how it is read, what becomes of each row, the import itself, and taking a whole one back. */

const ASK_MS = 400;

/** @param {any} stage */
export function show(stage) {
  const desk = html("section", { class: "import-desk" });
  const past = html("section", { class: "import-past" });
  stage.root.append(html("div", { class: "imports" }, desk, past));
  let /** @type {any} */ now = null;
  let /** @type {any[]} */ imports = [];
  let sure = "";
  let fonds = ""; // typed for a list that names none
  let left = false;

  async function load() {
    try {
      ({ desk: now, imports } = await get("imports"));
      fonds = now.upload?.fonds ?? "";
      draw();
      if (now.working) watch();
    } catch (error) {
      refusal(error);
    }
  }

  async function watch() {
    while (!left && now.working) {
      await new Promise((rest) => setTimeout(rest, ASK_MS));
      try {
        now = await get("imports/desk");
        drawDesk();
      } catch (error) {
        return refusal(error);
      }
    }
    if (!left) load();
  }

  /** @param {() => Promise<any>} ask */
  async function asked(ask) {
    try {
      now = await ask();
      fonds = now.upload?.fonds ?? "";
      sure = "";
      draw();
      if (now.working) watch();
    } catch (error) {
      refusal(error);
    }
  }

  const start = (/** @type {string} */ what, import_id = "") =>
    asked(() => post("imports/start", { what, import_id, ...(what === "import" || what === "rehearse" ? { fonds } : {}) }));

  function draw() {
    drawDesk();
    past.replaceChildren(
      html("h2", {}, say("panel.imports.so_far")),
      imports.length ? html("ul", { class: "import-list" }, imports.map(line)) : html("p", { class: "soft" }, say("panel.imports.none")),
    );
  }

  function drawDesk() {
    desk.replaceChildren(
      ...present([
        html("div", { class: "row" }, html("h1", { class: "grow" }, now.upload?.file ?? say("panel.imports.title")), now.upload || now.working ? null : choose()),
        now.working ? working() : null,
        now.error ? html("div", { class: "refusal", role: "alert" }, html("b", {}, now.error.said), html("p", {}, now.error.do_next)) : null,
        now.answer ? answer() : null,
        now.upload ? upload() : now.answer || now.working ? null : html("p", { class: "soft" }, say("panel.imports.kinds")),
      ]),
    );
  }

  function choose() {
    const file = html("input", { type: "file", class: "page-file", accept: ".xlsx,.csv,.xml,.jsonl,.txt" });
    file.addEventListener("change", () => {
      const [chosen] = file.files;
      if (chosen) asked(() => send(`imports/file?name=${encodeURIComponent(chosen.name)}`, chosen));
    });
    return html("label", { class: "act" }, say("panel.imports.choose"), file);
  }

  function working() {
    const { what, rows, total } = now.working;
    return html(
      "div",
      { class: "import-working", role: "status" },
      html("p", {}, say(`panel.imports.doing.${what}`, { rows })),
      html("progress", total ? { value: rows, max: total } : {}),
    );
  }

  function answer() {
    const { state, not_plain } = now.answer;
    const done = state === "dry_run" ? "rehearse" : state === "sealed" ? "import" : "undo";
    return html(
      "div",
      { class: "import-answer" },
      html("p", { role: "status" }, html("b", {}, say(`panel.imports.done_${done}`, now.answer))),
      not_plain?.length ? html("table", { class: "rows import-rows" }, html("tbody", {}, not_plain.map(verdict))) : null,
    );
  }

  const verdict = (/** @type {any} */ row) =>
    html(
      "tr",
      {},
      html("th", { scope: "row" }, row.place),
      html("td", {}, html("span", { class: `tag ${row.verdict}` }, say(`panel.imports.verdict.${row.verdict}`))),
      html("td", {}, row.notes.join("；")),
    );

  function upload() {
    const told = now.upload;
    const act = (/** @type {string} */ name, /** @type {() => any} */ work, quiet = true) =>
      html("button", { type: "button", class: quiet ? "act quiet" : "act", onclick: work }, say(`panel.imports.${name}`));
    return html(
      "div",
      { class: "import-upload" },
      html(
        "p",
        { class: "soft" },
        [
          told.format.toUpperCase(),
          told.total === null ? null : say("panel.imports.rows", { total: told.total }),
          told.beyond ? say("panel.imports.beyond", { count: told.beyond }) : null,
          told.fonds ? say("panel.imports.fonds", { fonds: told.fonds }) : null,
          `SHA-256 ${told.sha256.slice(0, 16)}…`,
        ].filter(Boolean).join(" · "),
      ),
      now.working || told.names_fonds ? null : whose(),
      now.working
        ? null
        : html(
            "div",
            { class: "row import-acts" },
            act("import", () => start("import"), false),
            act("rehearse", () => start("rehearse")),
            act("put_away", () => asked(() => remove("imports/file"))),
          ),
      now.answer || !told.headings.length ? null : html("h2", {}, say("panel.imports.mapping")),
      now.answer
        ? null
        : html("ul", { class: "import-mapping" }, [
            ...told.headings.map((/** @type {any} */ pair) => html("li", {}, pair.heading, html("b", {}, `→ ${pair.field}`))),
            ...told.ignored.map((/** @type {string} */ heading) => html("li", { class: "unused" }, heading, html("b", {}, say("panel.imports.not_used")))),
          ]),
      now.answer ? null : html("h2", {}, say("panel.imports.first")),
      now.answer ? null : first(told),
    );
  }

  /** A list that names no fonds: whose it is. */
  function whose() {
    const { field, keys } = keyed(say("panel.imports.whose"), { autocomplete: "off", maxlength: 20, value: fonds });
    field.addEventListener("input", () => {
      fonds = field.value;
    });
    return html("div", {}, html("p", {}, say("panel.imports.whose")), field, keys);
  }

  function first(/** @type {any} */ told) {
    const fields = Object.keys(told.fields);
    return html(
      "div",
      { class: "import-first" },
      html(
        "table",
        { class: "rows" },
        under(
          fields.map((name) => told.fields[name]),
          told.first.map((/** @type {any} */ row) => html("tr", {}, fields.map((name) => html("td", {}, row[name] ?? "")))),
        ),
      ),
    );
  }

  function line(/** @type {any} */ one) {
    const state = one.state === "discarded" && one.undone_utc_ms ? "undone" : one.state;
    const act = (/** @type {string} */ label, /** @type {() => any} */ work) => html("button", { type: "button", class: "act quiet", onclick: work }, label);
    const again = () => {
      sure = one.id;
      draw();
    };
    return html(
      "li",
      { class: state },
      html("span", { class: "grow" }, html("b", {}, one.name), html("small", {}, `${sayOr(`panel.imports.state.${state}`, state)} · ${say("panel.imports.rows", { total: one.rows_done })} · SHA-256 ${one.sha256.slice(0, 16)}…`)),
      now.working
        ? null
        : state === "sealed"
          ? sure === one.id
            ? html("button", { type: "button", class: "act danger", onclick: () => start("undo", one.id) }, say("panel.imports.undo_sure"))
            : act(say("panel.imports.undo"), again)
          : state === "pending"
            ? [one.undone_utc_ms ? null : act(say("panel.imports.resume"), () => start("resume")), act(say("panel.imports.discard"), () => start("discard"))]
            : null,
    );
  }

  load();
  return {
    leave: () => {
      left = true;
    },
  };
}
