// @ts-check
import { get } from "../api.js";
import { html } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { refusal } from "../notices.js";

/** What every shelf of a carriage's face still holds: places, width, load. */

/** @param {any} stage */
export function show(stage) {
  const faces = html("div", { class: "row wrap face-choice", role: "group", "aria-label": say("panel.shelves.title") });
  const list = html("ul", { class: "number-list card" });
  stage.root.append(
    html("div", { class: "row" }, html("a", { class: "act quiet", href: "#/placing" }, `‹ ${say("panel.back")}`), html("h1", { class: "grow" }, say("panel.shelves.title"))),
    faces,
    list,
  );
  /** @type {Map<string, any[]>} */ const byFace = new Map();
  let open = "";

  function draw() {
    faces.replaceChildren(
      ...[...byFace.keys()].map((face) => {
        const [column, side] = face.split("-").slice(-2);
        return html("button", { type: "button", class: "act quiet", "aria-pressed": String(face === open), onclick: () => ((open = face), draw()) }, say("panel.shelves.face", { column: Number(column), side }));
      }),
    );
    list.replaceChildren(...(byFace.get(open) ?? []).map(shelfLine));
  }

  get("shelves")
    .then(({ shelves }) => {
      for (const one of shelves) {
        const face = one.code.split("-").slice(0, -2).join("-");
        byFace.set(face, [...(byFace.get(face) ?? []), one]);
      }
      open = byFace.keys().next().value ?? "";
      draw();
    })
    .catch(refusal);
  return {};
}

/** @param {any} shelf */
export function shelfLine(shelf) {
  const [section, level] = shelf.code.split("-").slice(-2).map(Number);
  const full = shelf.boxes >= shelf.places || shelf.free_mm < 20 || shelf.free_g < 1000;
  return html(
    "li",
    {},
    html("b", {}, say("panel.shelves.level", { section, level })),
    html("span", { class: "grow" }, say("panel.shelves.left", { places: shelf.places - shelf.boxes, mm: shelf.free_mm, kg: Math.floor(shelf.free_g / 1000) })),
    html("span", { class: "soft" }, say("panel.shelves.load", { kg: Math.round(shelf.used_g / 1000), most: Math.round(shelf.load_g / 1000) })),
    html("span", { class: `tag ${full ? "warn" : "good"}` }, say(full ? "panel.shelves.full" : "panel.shelves.room")),
  );
}
