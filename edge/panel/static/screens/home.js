// @ts-check
import { get, post } from "../api.js";
import { html, setText } from "../elements/draw.js";
import { pinPad } from "../elements/pin-pad.js";
import { isOutside, nowInWords } from "../elements/value-tile.js";
import { say } from "../elements/words.js";
import { refusal } from "../notices.js";

/** Nobody is signed in: hold a card to the reader, or pick a name and type the PIN. */

/** @param {any} stage */
export function show(stage) {
  const air = html("div", { class: "home-air" });
  const state = html("p", { class: "home-block" });
  const hint = html("p", { class: "home-hint" }, say("panel.home.card_hint"));
  const right = html("section", { class: "home-right card" });
  stage.root.append(
    html(
      "div",
      { class: "home" },
      html(
        "section",
        { class: "home-left" },
        html("h1", {}, say("panel.home.title")),
        html(
          "div",
          { class: "hold-card", "aria-hidden": "true" },
          html("span", { class: "hold-card-reader" }),
          html("span", { class: "hold-card-card" }),
        ),
        hint,
        stage.idledOut ? html("p", { class: "home-block again" }, say("panel.session.idled_out", { person: stage.idledOut })) : null,
        state,
        air,
      ),
      right,
    ),
  );
  people(stage, right);
  const update = (/** @type {any} */ snapshot) => {
      const move = snapshot.block.move && snapshot.block.move.phase !== "ended";
      setText(hint, say(snapshot.card.hold_again ? "panel.home.card_again" : "panel.home.card_hint"));
      hint.classList.toggle("again", snapshot.card.hold_again);
      const faulty = snapshot.block.columns.some((/** @type {any} */ column) => column.faults.length);
      setText(
        state,
        say(
          !snapshot.block.alive
            ? "panel.home.block_silent"
            : move
            ? "panel.home.block_moving"
            : faulty
              ? "panel.home.block_fault"
              : snapshot.power_up
                ? "panel.home.block_walk"
                : snapshot.walk.length
                  ? "panel.home.block_aisles"
                  : "panel.home.block_ready",
        ),
      );
      const shown = snapshot.readings.filter(
        (/** @type {any} */ reading) => reading.measurand === "temp_cc" || reading.measurand === "rh_cpct",
      );
      air.replaceChildren(
        ...shown.map((/** @type {any} */ reading) =>
          html(
            "span",
            { class: isOutside(reading) ? "bad" : "" },
            html("small", {}, reading.place),
            `${isOutside(reading) ? "▲ " : ""}${nowInWords(reading)}`,
          ),
        ),
      );
  };
  return { update };
}

/** @param {any} stage @param {any} right */
async function people(stage, right) {
  try {
    const all = await get("people");
    right.replaceChildren(
      html("h2", {}, say("panel.home.or_name")),
      html(
        "div",
        { class: "people" },
        all.map((/** @type {any} */ person) =>
          html(
            "button",
            { type: "button", class: "person", onclick: () => askPin(stage, right, person) },
            html("b", {}, person.name),
            html("small", {}, person.department),
          ),
        ),
      ),
    );
  } catch (error) {
    refusal(error);
  }
}

/** @param {any} stage @param {any} right @param {any} person */
function askPin(stage, right, person) {
  const { dots, pad, keydown } = pinPad(async (pin) => {
    try {
      stage.signIn(await post("session/pin", { person_id: person.id, pin }));
    } catch (error) {
      refusal(error);
    }
  });
  right.replaceChildren(
    html(
      "div",
      { class: "row" },
      html("h2", { class: "grow" }, `${person.name} ${person.department}`),
      html("button", { type: "button", class: "act quiet", onclick: () => people(stage, right) }, say("panel.back")),
    ),
    dots,
    pad,
  );
  right.onkeydown = keydown;
  pad.focus();
}
