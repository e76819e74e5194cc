// @ts-check
import { Refused, Unheard } from "./api.js";
import { html } from "./elements/draw.js";
import { say } from "./elements/words.js";

/** Short messages at the foot of the screen, and the one question before something moves. */

/** @param {string} said @param {string} next @param {boolean} refused */
export function notice(said, next, refused) {
  const card = html("div", { class: refused ? "notice refused" : "notice" }, html("b", {}, said), next);
  const shelf = /** @type {HTMLElement} */ (document.getElementById("notices"));
  card.addEventListener("click", () => card.remove());
  shelf.replaceChildren(card);
  setTimeout(() => card.remove(), refused ? 12_000 : 4_000);
}

/** What was refused before is done by now: its notice goes. */
export function overcome() {
  document.querySelector("#notices .refused")?.remove();
}

/** Shows why the node refused; anything else is a fault of ours and is thrown on. @param {any} error */
export function refusal(error) {
  const [said, next] = inWords(error);
  notice(said, next, true);
}

/** What happened and what to do next. @param {any} error @returns {[string, string]} */
export function inWords(error) {
  if (error instanceof Refused) return [error.message, error.doNext];
  if (error instanceof Unheard) return [say("panel.link.lost"), say("panel.link.lost_next")];
  throw error;
}

/**
 * Asks before a motion is chosen. The focus is on "not now": a double tap moves nothing.
 * @param {string} question @param {any} details @param {string} yes @param {() => Promise<any>} [attempt] see `chosen`
 * @returns {Promise<boolean>}
 */
export async function confirmed(question, details, yes, attempt) {
  const acts = html("button", { class: "act", value: "yes", "data-moves": true }, yes);
  return (await chosen(question, details, [acts], attempt)) === "yes" && !document.body.classList.contains("deaf");
}

/**
 * Asks one question with "not now" and these buttons; "" = not now, else the pressed button's value.
 * With `attempt` the question stays, with all that was filled in, until the node has taken it; one with fields has to have it.
 * @param {string} question @param {any} details @param {any[]} acts @param {(value: string) => Promise<any>} [attempt]
 * @returns {Promise<string>}
 */
export function chosen(question, details, acts, attempt) {
  return new Promise((answer, fault) => {
    const why = html("p", { class: "dialog-refused", role: "alert", hidden: true });
    const form = html(
      "form",
      { method: "dialog", class: "row end" },
      html("button", { class: "act quiet", value: "", autofocus: true }, say("panel.not_now")),
      acts,
    );
    let trying = false;
    form.addEventListener("submit", async (/** @type {SubmitEvent} */ event) => {
      const { value } = /** @type {HTMLButtonElement} */ (event.submitter);
      if (!attempt || !value) return;
      event.preventDefault();
      if (trying) return;
      trying = true;
      try {
        await attempt(value);
        dialog.close(value);
      } catch (error) {
        const [said, next] = inWords(error);
        why.replaceChildren(html("b", {}, said), " ", next);
        why.hidden = false;
      } finally {
        trying = false;
      }
    });
    const dialog = html(
      "dialog",
      { "aria-label": question },
      html("h2", {}, question),
      details,
      why,
      form,
    );
    if (!attempt && dialog.querySelector("input, select, textarea")) return fault(new Error(`fields without an attempt: ${question}`));
    const atHand = /** @type {HTMLElement} */ (document.getElementById("at-hand"));
    const rail = /** @type {HTMLElement} */ (atHand.parentElement);
    dialog.addEventListener("close", () => {
      rail.append(atHand);
      dialog.remove();
      answer(dialog.returnValue);
    });
    document.body.append(dialog);
    dialog.append(atHand); // what lies outside an open question cannot be touched: Stop and the call for help come along
    dialog.showModal();
  });
}

/** The open question belonged to the screen, and to the person, that is left: answered with "not now". */
export function closeQuestion() {
  document.querySelector("dialog")?.close("");
}

/** A button that posts once: disabled while the node answers, and while the node cannot be heard if it `moves` something.
 * @param {string} label @param {() => Promise<any>} act @param {{quiet?: boolean, moves?: boolean}} [kind] */
export function button(label, act, kind = {}) {
  const element = html(
    "button",
    {
      type: "button",
      class: kind.quiet ? "act quiet" : "act",
      "data-moves": kind.moves,
      disabled: kind.moves && document.body.classList.contains("deaf"),
    },
    label,
  );
  element.addEventListener("click", async () => {
    if (element.disabled) return;
    element.disabled = true;
    try {
      await act();
    } catch (error) {
      refusal(error);
    } finally {
      element.disabled = Boolean(kind.moves) && document.body.classList.contains("deaf");
    }
  });
  return element;
}
