// @ts-check
import { get, post } from "../api.js";
import { html } from "../elements/draw.js";
import "../elements/key-board.js";
import { say } from "../elements/words.js";
import { button, refusal } from "../notices.js";

/** Doubtful lines one by one: the line as it looks, what it may say, and a field for what it really says. */

/** @param {any} stage */
export function show(stage) {
  const head = html("div", { class: "row doubt-head" });
  const body = html("div", { class: "doubt" });
  stage.root.append(head, body);
  /** @type {any[]} */ let lines = [];
  let count = 0;
  let settling = false;
  /** @type {Set<string>} */ const passed = new Set(); // looked at and left for somebody who knows

  const key = (/** @type {any} */ line) => `${line.page_id}/${line.line}`;

  async function load() {
    const told = await get("lines/unsure?limit=100");
    count = told.count;
    lines = told.lines.filter((/** @type {any} */ line) => !passed.has(key(line)));
    draw();
  }

  /** @param {any} line @param {string} text */
  async function settle(line, text) {
    if (settling) return; // pressed twice
    settling = true;
    try {
      await post(`pages/${line.page_id}/lines/${line.line}`, { text });
    } finally {
      settling = false;
    }
    count -= 1;
    lines.shift();
    if (lines.length) draw();
    else await load();
  }

  /** @param {any} line */
  function pass(line) {
    passed.add(key(line));
    lines.shift();
    draw();
  }

  function draw() {
    const line = lines[0];
    head.replaceChildren(
      html("h1", {}, say("panel.corrections.title", { count })),
      html(
        "p",
        { class: "soft grow" },
        line ? `${say("panel.corrections.where", { ref_code: line.item.ref_code, page: line.page_no, line: line.line })} ${line.item.title}` : "",
      ),
      html("a", { class: "act quiet", href: "#/digitise" }, say("panel.digitise.title")),
    );
    if (!line) return body.replaceChildren(html("p", { class: "card" }, say(passed.size ? "panel.corrections.left" : "panel.corrections.none")));
    const field = html("input", {
      type: "text",
      "aria-label": say("panel.corrections.says"),
      value: line.candidates[0] ?? "",
      autocomplete: "off",
      spellcheck: "false",
      "data-own-keys": true,
    });
    const keys = html("key-board");
    keys.serve(field, { words: true });
    field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter" && !event.isComposing) settle(line, field.value).catch(refusal);
    });
    body.replaceChildren(
      html("img", {
        class: "doubt-crop",
        src: `/api/v1/pages/${line.page_id}/lines/${line.line}.jpg`,
        alt: say("panel.corrections.crop"),
      }),
      line.mended ? html("p", { class: "tag info" }, say(`panel.corrections.mended.${line.mended}`, { read: line.read_text })) : "",
      line.candidates.length > 1 // the only one stands in the field
        ? html(
            "div",
            { class: "doubt-candidates" },
            line.candidates.map((/** @type {string} */ text) => button(text, () => settle(line, text), { quiet: true })),
          )
        : "",
      html(
        "div",
        { class: "row" },
        field,
        button(say("panel.corrections.take"), () => settle(line, field.value)),
        button(say("panel.corrections.nothing"), () => settle(line, ""), { quiet: true }),
        button(say("panel.corrections.pass"), async () => pass(line), { quiet: true }),
      ),
      keys,
    );
  }

  load().catch(refusal);
  return {};
}
