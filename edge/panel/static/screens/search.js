// @ts-check
import { get } from "../api.js";
import { html, setText } from "../elements/draw.js";
import "../elements/key-board.js";
import { say, sayOr } from "../elements/words.js";
import { refusal } from "../notices.js";
import { placeInWords, stateTag } from "./place.js";

/** Search by words, pinyin initials, number or box; each hit says why it matched, where it is and whether it is in. */

const PAUSE_MS = 150; // after the last letter

/** @param {any} stage */
export function show(stage) {
  const field = html("input", {
    type: "search",
    "aria-label": say("panel.search.field"),
    placeholder: say("panel.search.placeholder"),
    autocomplete: "off",
    spellcheck: "false",
  });
  const keys = html("key-board", { hidden: true });
  const toggle = html(
    "button",
    { type: "button", class: "act quiet", "aria-expanded": "false", onclick: () => open(keys.hidden) },
    `⌨ ${say("panel.search.keys")}`,
  );
  const told = html("p", { class: "soft search-told", role: "status" });
  const list = html("ol", { class: "hits" });
  let asked = 0;
  /** @type {any} */ let timer = 0;

  /** @param {boolean} on */
  function open(on) {
    keys.hidden = !on;
    toggle.setAttribute("aria-expanded", String(on));
    field.inputMode = on ? "none" : "text";
    field.focus();
  }

  async function ask() {
    const query = field.value.trim();
    history.replaceState(null, "", query ? `#/search?q=${encodeURIComponent(query)}` : "#/search");
    asked += 1;
    const mine = asked;
    if (!query) {
      setText(told, say("panel.search.hint"));
      return list.replaceChildren();
    }
    try {
      const { hits } = await get(`search?q=${encodeURIComponent(query)}`);
      if (mine !== asked) return; // a newer question is under way
      setText(told, hits.length ? say("panel.search.count", { count: hits.length }) : say("panel.search.nothing"));
      list.replaceChildren(...hits.map(row));
    } catch (error) {
      if (mine === asked) refusal(error);
    }
  }

  keys.serve(field);
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
  field.addEventListener(
    "pointerdown",
    (/** @type {PointerEvent} */ event) => event.pointerType === "touch" && open(true),
  );
  stage.root.append(html("div", { class: "row" }, html("div", { class: "grow" }, field), toggle), told, list, keys);
  field.value = stage.query.get("q") ?? "";
  ask();
  if (!matchMedia("(pointer: coarse)").matches) field.focus();
  return { leave: () => clearTimeout(timer) };
}

/** @param {any} hit */
function row(hit) {
  const { item, box } = hit;
  const where = item ? `#/box/${box ? box.id : "none"}?item=${item.id}` : `#/box/${box.id}`;
  return html(
    "li",
    {},
    html(
      "a",
      { class: "hit", href: where },
      html(
        "span",
        { class: "hit-title" },
        item ? item.title : box.title || say("panel.box.no", { box_no: box.box_no }),
      ),
      html("span", { class: "hit-state" }, stateTag(item ?? box)),
      html(
        "span",
        { class: "hit-where" },
        item ? html("span", {}, item.ref_code) : null,
        box ? html("span", {}, say("panel.box.no", { box_no: box.box_no })) : null,
        box && (box.slot || box.home_slot) ? html("span", {}, placeInWords(box.slot || box.home_slot)) : null,
      ),
      html("span", { class: "hit-why" }, sayOr(`panel.search.why.${hit.why}`, hit.why)),
    ),
  );
}
