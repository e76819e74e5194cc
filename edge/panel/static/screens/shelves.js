// @ts-check
import { get, post } from "../api.js";
import { amount } from "../elements/amount.js";
import { html, present } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { chosen, notice, refusal } from "../notices.js";

/** What every shelf of a carriage's face still holds: places, width, load; a tap says how wide and strong it is. */

/** @param {any} stage */
export function show(stage) {
  const faces = html("div", { class: "row wrap face-choice", role: "group", "aria-label": say("panel.shelves.title") });
  const list = html("ul", { class: "number-list card" });
  stage.root.append(
    html("div", { class: "row" }, html("a", { class: "act quiet", href: "#/placing" }, `‹ ${say("panel.back")}`), html("h1", { class: "grow" }, say("panel.shelves.title"))),
    faces,
    list,
  );
  /** @type {Map<string, any[]>} */ let byFace = new Map();
  let open = "";
  let builtKg = 0;

  function draw() {
    faces.replaceChildren(
      ...[...byFace.keys()].map((face) => {
        const [column, side] = face.split("-").slice(-2);
        return html("button", { type: "button", class: "act quiet", "aria-pressed": String(face === open), onclick: () => ((open = face), draw()) }, say("panel.shelves.face", { column: Number(column), side }));
      }),
    );
    list.replaceChildren(...(byFace.get(open) ?? []).map((shelf) => shelfLine(shelf, () => change(shelf).catch(refusal))));
  }

  async function load() {
    const told = await get("shelves");
    builtKg = told.built_kg;
    byFace = new Map();
    for (const one of told.shelves) byFace.set(faceOf(one), [...(byFace.get(faceOf(one)) ?? []), one]);
    open = byFace.has(open) ? open : (byFace.keys().next().value ?? "");
    draw();
  }

  /** Its measures and load, or those of its whole section or face. @param {any} shelf */
  async function change(shelf) {
    const width = amount(shelf.width_mm, { step: 10, least: 100, most: 3000 });
    const height = amount(shelf.height_mm, { step: 10, least: 100, most: 1000 });
    const weight = amount(Math.round(shelf.load_g / 1000), { step: 1, least: 1, most: builtKg });
    const which = html("select", {}, ["shelf", "section", "face"].map((name) => html("option", { value: name }, say(`panel.shelves.for_${name}`))));
    const details = html(
      "div",
      { class: "form dialog-form" },
      [["field.shelf_width_mm", width], ["field.shelf_height_mm", height], ["field.shelf_load_g", weight], ["panel.shelves.for_which", { field: which, id: null }]].map(([label, { field, id }]) => html("label", { for: id }, html("span", {}, say(label)), field)),
    );
    const acts = html("button", { class: "act", value: "yes" }, say("panel.describe.save"));
    const limiting = async () => {
      const prefix = { shelf: shelf.code, section: shelf.code.replace(/-[^-]+$/, ""), face: faceOf(shelf) }[which.value];
      /** @type {Record<string, any>} */ const told = { prefix };
      if (width.value() !== shelf.width_mm) told.width_mm = width.value();
      if (height.value() !== shelf.height_mm) told.height_mm = height.value();
      if (weight.value() * 1000 !== shelf.load_g) told.load_kg = weight.value();
      if (Object.keys(told).length === 1) return;
      const { shelves } = await post("shelves/limits", told);
      const over = shelves.filter((/** @type {any} */ one) => one.free_mm < 0 || one.free_g < 0).length;
      notice(say("panel.site.saved"), over ? say("panel.shelves.still_over", { count: over }) : "", over > 0);
    };
    if (await chosen(shelf.code, details, [acts], limiting)) await load();
  }

  load().catch(refusal);
  return {};
}

/** @param {any} shelf */
const faceOf = (shelf) => shelf.code.split("-").slice(0, -2).join("-");

/** @param {any} shelf @param {(() => void) | null} [change] where its measures can be changed */
export function shelfLine(shelf, change = null) {
  const [section, level] = shelf.code.split("-").slice(-2).map(Number);
  const over = shelf.free_mm < 0 || shelf.free_g < 0;
  const full = shelf.boxes >= shelf.places || shelf.free_mm < 20 || shelf.free_g < 1000;
  const [kind, word] = over ? ["bad", "over"] : full ? ["warn", "full"] : ["good", "room"];
  return html(
    "li",
    {},
    present([
      html("b", {}, say("panel.shelves.level", { section, level })),
      html(
        "span",
        { class: "grow" },
        say("panel.shelves.left", { places: shelf.places - shelf.boxes, mm: Math.max(0, shelf.free_mm), kg: Math.max(0, Math.floor(shelf.free_g / 1000)) }),
        html("small", { class: "soft block" }, `${say("panel.shelves.size", shelf)} · ${say("panel.shelves.load", { kg: Math.round(shelf.used_g / 1000), most: Math.round(shelf.load_g / 1000) })}`),
      ),
      html("span", { class: `tag ${kind}` }, say(`panel.shelves.${word}`)),
      change && html("button", { type: "button", class: "act quiet", onclick: change }, say("panel.shelves.change")),
    ]),
  );
}
