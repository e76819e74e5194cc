// @ts-check
import { html, setText } from "./draw.js";
import { say } from "./words.js";

/** The keys on which a PIN is typed, with its dots; `entered` is told the PIN, and the pad is empty again. */

/** @param {(pin: string) => Promise<any>} entered */
export function pinPad(entered) {
  let pin = "";
  const dots = html("output", { class: "pin-dots", "aria-label": say("panel.home.pin_typed") });
  const draw = () => setText(dots, "●".repeat(pin.length) || say("panel.home.pin"));
  const add = (/** @type {string} */ figure) => {
    pin = (pin + figure).slice(0, 12);
    draw();
  };
  const back = () => {
    pin = pin.slice(0, -1);
    draw();
  };
  const enter = async () => {
    const typed = pin;
    pin = "";
    draw();
    await entered(typed);
  };
  const key = (/** @type {string} */ label, /** @type {() => void} */ act, /** @type {string} */ name = label) =>
    html("button", { type: "button", class: "key", "aria-label": name, onclick: act }, label);
  const pad = html(
    "div",
    { class: "pin-pad", tabindex: "-1" },
    [..."123456789"].map((figure) => key(figure, () => add(figure))),
    key("⌫", back, say("panel.key.back")),
    key("0", () => add("0")),
    key("✓", enter, say("panel.home.pin_enter")),
  );
  pad.lastChild.classList.add("enter");
  const keydown = (/** @type {KeyboardEvent} */ event) => {
    if (/^\d$/.test(event.key)) add(event.key);
    else if (event.key === "Backspace") back();
    else if (event.key === "Enter" && event.target === pad) enter();
  };
  draw();
  return { dots, pad, keydown };
}
