// @ts-check
import { attended, get, post } from "../api.js";
import { html, present } from "../elements/draw.js";
import { keyed } from "../elements/key-board.js";
import { say } from "../elements/words.js";
import { button, chosen, notice, refusal } from "../notices.js";
import { isBack, measuring } from "./box-place.js";
import { placeInWords } from "./place.js";

/** Boxes get their places: scan a box and its slot, or a slot and then the boxes that go there. */

const SCAN_MS = 1000;
const SHOWN = 8;

/** @param {any} stage */
export function show(stage) {
  const now = html("div", { class: "card placing-now" });
  const done = html("ul", { class: "placing-done" });
  const room = html("p", { class: "soft" });
  const { field: typed, keys } = keyed(say("panel.placing.type"), { autocomplete: "off" });
  let waits = { box: "", slot: "" };
  let turns = 0;
  let turn = Promise.resolve();

  /** One after the other: what a person does while the scanner is asked is neither lost nor undone by its answer. @param {() => any} what */
  function inTurn(what) {
    turns += 1;
    turn = turn.then(what).finally(() => (turns -= 1));
    return turn;
  }

  function forget() {
    waits = { box: "", slot: "" };
  }

  /** @param {string[]} texts */
  async function read(texts) {
    try {
      const told = await post("placing/read", { texts, ...waits });
      const same = told.waits.box === waits.box && told.waits.slot === waits.slot;
      waits = told.waits;
      for (const one of told.put) put(one);
      if (told.refused) notice(told.refused.said, `${told.refused.do_next} ${told.left ? say("panel.placing.left_over", told) : ""}`, true);
      if (same && !told.put.length) return;
      attended();
      draw(told);
    } catch (error) {
      refusal(error);
    }
  }

  /** @param {any} one */
  function put({ box, slot }) {
    const undo = button(
      say("panel.placing.undo"),
      async () => {
        notice(isBack(await post(`boxes/${box.id}/put-back`)), "", false);
        line.remove();
        await left(slot);
      },
      { quiet: true },
    );
    const line = html("li", {}, html("a", { href: `#/box-place/${box.id}` }, say("panel.box.no", { box_no: box.box_no })), html("span", { class: "grow" }, ` → ${placeInWords(slot)} `, html("small", { class: "soft" }, slot)), undo);
    done.prepend(line);
    while (done.children.length > SHOWN) done.lastElementChild?.remove();
    left(slot);
  }

  /** How much the shelf still holds. @param {string} slot */
  async function left(slot) {
    const { shelves } = await get(`shelves?prefix=${slot.slice(0, slot.lastIndexOf("-"))}`);
    if (!shelves.length) return;
    const shelf = shelves[0];
    room.textContent = say("panel.placing.left", { shelf: shelf.code, places: shelf.places - shelf.boxes, mm: shelf.free_mm, kg: Math.floor(shelf.free_g / 1000) });
  }

  /** @param {any} told */
  function draw(told) {
    const box = told?.box;
    now.replaceChildren(
      ...present([
        html("h2", { class: "now" }, box ? say("panel.placing.now_slot", { box_no: box.box_no }) : waits.slot ? say("panel.placing.now_box", { slot: placeInWords(waits.slot) }) : say("panel.placing.scan")),
        html("p", { class: "now-more" }, say(box ? "panel.placing.now_slot_more" : waits.slot ? "panel.placing.now_box_more" : "panel.placing.scan_more")),
        box && told.suggestions.length
          ? html("div", { class: "row wrap" }, html("span", { class: "soft" }, say("panel.placing.room_at")), told.suggestions.map((/** @type {string} */ slot) => html("button", { type: "button", class: "act quiet", onclick: () => inTurn(() => read([slot])) }, placeInWords(slot))))
          : null,
        box && !told.suggestions.length ? html("p", { class: "soft" }, say("panel.placing.no_room")) : null,
        waits.box || waits.slot
          ? button(
              say("panel.placing.forget"),
              () =>
                inTurn(() => {
                  forget();
                  draw(null);
                }),
              { quiet: true },
            )
          : null,
      ]),
    );
  }

  /** A box that has no number here yet; it then waits for its slot. */
  async function newBox() {
    const { fonds } = await get("search/choices");
    const of = html("select", {}, fonds.map((/** @type {any} */ one) => html("option", { value: one.fonds_no }, `${one.fonds_no} ${one.name}`)));
    const number = html("input", { type: "text", autocomplete: "off" });
    const { thick, kind } = measuring(await get("box-types"), { type: "archive", thickness_mm: 50 });
    const acts = html("button", { class: "act", value: "yes" }, say("panel.describe.save"));
    const details = html(
      "div",
      { class: "form single" },
      [["panel.describe.fonds", of], ["field.box", number], ["panel.placing.kind", kind], ["panel.placing.thickness", thick]].map(([label, input]) => html("label", {}, html("span", {}, say(label)), input)),
    );
    /** @type {any} */ let made;
    const making = async () => (made = await post("records/box", { fonds_no: of.value, box_no: number.value, thickness_mm: Number(thick.value), type: kind.value }));
    if (!(await chosen(say("panel.placing.new_box"), details, [acts], making))) return;
    await inTurn(() => {
      forget();
      return read([made.label]);
    });
  }

  const enter = async () => {
    const text = typed.value.trim();
    typed.value = "";
    if (text) await inTurn(() => read([text]));
  };
  typed.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => event.key === "Enter" && enter());
  stage.root.append(
    html("div", { class: "row" }, html("h1", { class: "grow" }, say("panel.placing.title")), button(say("panel.placing.new_box"), newBox, { quiet: true }), html("a", { class: "act quiet", href: "#/shelves" }, say("panel.shelves.title")), html("a", { class: "act quiet", href: "#/block" }, say("panel.placing.open_aisle")), html("a", { class: "act quiet", href: "#/describe" }, say("panel.describe.title"))),
    now,
    html("div", { class: "row" }, html("div", { class: "grow" }, typed), button(say("panel.placing.enter"), enter, { quiet: true })),
    keys,
    room,
    done,
  );
  draw(null);
  const scanning = setInterval(() => turns || inTurn(() => read([])), SCAN_MS);
  return { leave: () => clearInterval(scanning) };
}
