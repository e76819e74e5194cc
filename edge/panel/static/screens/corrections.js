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
  /** @type {any} */ let line = null;
  let count = 0;
  let settling = false;
  /** @type {Set<string>} */ const passed = new Set(); // looked at and left for somebody who knows

  const key = (/** @type {any} */ of) => `${of.page_id}/${of.line}`;

  /** The first line that was not passed: asked for each time, since what was just put right may be its candidate. */
  async function load() {
    const told = await get(`lines/unsure?limit=${Math.min(passed.size + 1, 100)}`);
    count = told.count;
    line = told.lines.find((/** @type {any} */ one) => !passed.has(key(one))) ?? null;
    draw();
  }

  /** @param {string} text */
  async function settle(text) {
    if (settling) return; // pressed twice
    settling = true;
    try {
      await post(`pages/${line.page_id}/lines/${line.line}`, { text });
      await load();
    } finally {
      settling = false;
    }
  }

  async function pass() {
    passed.add(key(line));
    await load();
  }

  function draw() {
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
      if (event.key === "Enter" && !event.isComposing) settle(field.value).catch(refusal);
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
            line.candidates.map((/** @type {string} */ text) => button(text, () => settle(text), { quiet: true })),
          )
        : "",
      html(
        "div",
        { class: "row" },
        field,
        button(say("panel.corrections.take"), () => settle(field.value)),
        button(say("panel.corrections.nothing"), () => settle(""), { quiet: true }),
        button(say("panel.corrections.pass"), pass, { quiet: true }),
      ),
      keys,
    );
  }

  load().catch(refusal);
  return {};
}
