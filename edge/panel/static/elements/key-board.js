// @ts-check
import { html } from "./draw.js";
import { say } from "./words.js";

/** `<key-board>`: letters and digits for a touch screen without a keyboard; `serve(input)` types into that field. */

const ROWS = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm-·"];

class KeyBoard extends HTMLElement {
  /** @param {HTMLInputElement} input */
  serve(input) {
    const type = (/** @type {string} */ text) => {
      input.setRangeText(
        text,
        input.selectionStart ?? input.value.length,
        input.selectionEnd ?? input.value.length,
        "end",
      );
      input.dispatchEvent(new Event("input"));
    };
    const back = () => {
      const end = input.selectionEnd ?? input.value.length;
      const from = input.selectionStart === end ? Math.max(0, end - 1) : (input.selectionStart ?? 0);
      input.setRangeText("", from, end, "end");
      input.dispatchEvent(new Event("input"));
    };
    const key = (
      /** @type {string} */ label,
      /** @type {() => void} */ act,
      /** @type {string} */ name,
      wide = false,
    ) =>
      html(
        "button",
        {
          type: "button",
          class: wide ? "key wide" : "key",
          "aria-label": name,
          onpointerdown: (/** @type {Event} */ event) => event.preventDefault(),
          onclick: act,
        },
        label,
      );
    this.replaceChildren(
      ...ROWS.map((row, i) =>
        html(
          "div",
          { class: "key-row" },
          [...row].map((letter) => key(letter, () => type(letter), letter)),
          i === 3 ? key("␣", () => type(" "), say("panel.key.space"), true) : null,
          i === 3 ? key("⌫", back, say("panel.key.back"), true) : null,
        ),
      ),
    );
  }
}

customElements.define("key-board", KeyBoard);

/** A field, and the keyboard that a finger on it brings out. @param {string} named what is typed there @param {any} [more]
 * @returns {{field: any, keys: any}} */
export function keyed(named, more = {}) {
  const field = html("input", { type: "text", "aria-label": named, placeholder: named, ...more });
  const keys = html("key-board", { hidden: true });
  keys.serve(field);
  field.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
    if (event.pointerType === "touch") field.inputMode = "none";
  });
  field.addEventListener("click", () => {
    if (field.inputMode !== "none") return;
    keys.hidden = false; // only now: what moves under a finger is pressed by it
    keys.scrollIntoView({ block: "end" });
  });
  return { field, keys };
}
