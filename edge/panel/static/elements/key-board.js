// @ts-check
import { get } from "../api.js";
import { html } from "./draw.js";
import { say } from "./words.js";

/** `<key-board>`: letters and digits for a touch screen without a keyboard; `serve(input)` types into that field. With
 * `words` it also writes Chinese: letters wait in a bar until one of the words that the node offers for them is touched;
 * with `asked`, what a search is asked with: letters first, which are pinyin there, and the quotation mark of a phrase. */

const ROWS = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm-·"];
const MOST = 24; // letters that wait

class KeyBoard extends HTMLElement {
  /** Letters that still wait are written as they are. */
  settle() {}

  /** @param {HTMLInputElement | HTMLTextAreaElement} input @param {{words?: boolean, asked?: boolean}} [more] */
  serve(input, { words = false, asked = false } = {}) {
    this.settle();
    let waiting = "";
    let chinese = words && !asked && document.documentElement.lang !== "en";
    const bar = html("div", { class: "key-row key-words", hidden: !chinese });

    const put = (/** @type {string} */ text) => {
      const room = input.maxLength < 0 ? text.length : Math.max(0, input.maxLength - input.value.length);
      input.setRangeText(text.slice(0, room), input.selectionStart ?? input.value.length, input.selectionEnd ?? input.value.length, "end");
      input.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const type = (/** @type {string} */ text) => {
      if (chinese && /[a-z]/.test(text)) return waiting.length < MOST && wait(waiting + text);
      if (waiting) flush();
      put(text);
    };
    const back = () => {
      if (waiting) return wait(waiting.slice(0, -1));
      const end = input.selectionEnd ?? input.value.length;
      const from = input.selectionStart === end ? Math.max(0, end - 1) : (input.selectionStart ?? 0);
      input.setRangeText("", from, end, "end");
      input.dispatchEvent(new Event("input", { bubbles: true }));
    };
    /** The letters themselves, where no word was chosen. */
    const flush = () => {
      put(waiting);
      wait("");
    };

    /** @param {string} letters */
    async function wait(letters) {
      waiting = letters;
      drawWords([]); // the letters stand there at once; words follow
      if (!letters) return;
      const { offers } = await get(`typing?letters=${letters}`);
      if (waiting === letters) drawWords(offers); // an older answer is no answer to what stands there now
    }

    /** @param {{text: string, used: number}[]} offers */
    function drawWords(offers) {
      const choose = (/** @type {{text: string, used: number}} */ one) => () => {
        put(one.text);
        wait(waiting.slice(one.used));
      };
      bar.replaceChildren(
        waiting ? key(waiting, flush, waiting, "typed") : html("span", { class: "soft" }, say("panel.key.words_hint")),
        ...offers.map((one) => key(one.text, choose(one), one.text, "word")),
      );
      bar.scrollLeft = 0;
    }

    /** @param {string} label @param {() => any} act @param {string} name @param {string} [kind] */
    const key = (label, act, name, kind = "") =>
      html("button", { type: "button", class: `key ${kind}`, "aria-label": name, onpointerdown: (/** @type {Event} */ event) => event.preventDefault(), onclick: act }, label);

    const turn = key("中", () => {
      if (waiting) flush();
      chinese = !chinese;
      bar.hidden = !chinese;
      turn.setAttribute("aria-pressed", String(chinese));
    }, say("panel.key.chinese"), "wide");
    turn.setAttribute("aria-pressed", String(chinese));

    this.settle = () => {
      if (waiting) flush();
    };
    drawWords([]);
    this.replaceChildren(
      bar,
      ...ROWS.map((row, i) =>
        html(
          "div",
          { class: "key-row" },
          words && i === 3 ? turn : null,
          [...row].map((letter) => key(letter, () => type(letter), letter)),
          asked && i === 3 ? key("“ ”", () => type('"'), say("panel.key.quote")) : null,
          i === 3 ? key("␣", () => type(" "), say("panel.key.space"), "wide") : null,
          i === 3 ? key("⌫", back, say("panel.key.back"), "wide") : null,
        ),
      ),
    );
  }
}

customElements.define("key-board", KeyBoard);

/** A field for a number or a code, and the letters that a finger on it brings out. @param {string} named what is typed there
 * @param {any} [more] @returns {{field: any, keys: any}} */
export function keyed(named, more = {}) {
  const field = html("input", { type: "text", "aria-label": named, placeholder: named, "data-own-keys": true, ...more });
  const keys = html("key-board", { hidden: true, class: "own" });
  keys.serve(field);
  field.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
    if (event.pointerType === "touch") field.inputMode = "none";
  });
  field.addEventListener("click", () => {
    if (field.inputMode !== "none") return;
    called.hidden = true;
    keys.hidden = false; // only now: what moves under a finger is pressed by it
    keys.scrollIntoView({ block: "end" });
  });
  return { field, keys };
}

/** A field for words. @param {string} named what is typed there @param {any} [more] @returns {any} */
export const worded = (named, more = {}) => html("input", { type: "text", "aria-label": named, placeholder: named, autocomplete: "off", ...more });

/** The keyboard that a finger on any field for text brings out, right below that field: one at a time. */
const called = html("key-board", { hidden: true, class: "called" });
const TEXT = "input:not([type]), input[type=text], textarea";

/** @param {EventTarget | null} target @returns {any} */
const textField = (target) => {
  const field = target instanceof Element ? target.closest(TEXT) : null;
  return field && !(/** @type {any} */ (field).readOnly) && !field.closest("[data-own-keys]") ? field : null;
};

addEventListener("pointerdown", (event) => {
  if (!called.contains(/** @type {Node} */ (event.target))) called.settle();
  const field = event.pointerType === "touch" ? textField(event.target) : null;
  if (field) field.inputMode = "none";
}, true);
addEventListener("click", (event) => {
  const field = textField(event.target);
  if (!field || field.inputMode !== "none") return;
  called.serve(field, { words: true }); // only now: what moves under a finger is pressed by it
  (field.closest("label") ?? field.closest(".row") ?? field).after(called);
  for (const other of document.querySelectorAll("key-board.own")) /** @type {HTMLElement} */ (other).hidden = true;
  called.hidden = false;
  called.scrollIntoView({ block: "end" });
  field.scrollIntoView({ block: "nearest" });
});
