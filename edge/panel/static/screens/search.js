// @ts-check
import { get } from "../api.js";
import { html, setText } from "../elements/draw.js";
import "../elements/key-board.js";
import { say } from "../elements/words.js";
import { refusal } from "../notices.js";
import { filters } from "./search-filters.js";
import { hitRow } from "./search-hit.js";

/** Search by words, pinyin, number or box, narrowed by filters; what is asked stands in the address. */

const PAUSE_MS = 150; // after the last letter
const LISTED = 50;
const MOST = 200; // what the node answers at most
const WORDS = { words: true, asked: true };
const FILTERS = ["fonds", "years", "category", "retention", "level", "place", "state"];

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
  const narrow = html(
    "button",
    { type: "button", class: "act quiet", "aria-expanded": "false", disabled: true },
    say("panel.search.filter"),
  );
  const told = html("p", { class: "soft search-told", role: "status" });
  const list = html("ol", { class: "hits" });
  const held = html("div", { class: "search-filters" });
  /** @type {Record<string, string>} */
  const chosen = Object.fromEntries(FILTERS.map((name) => [name, stage.query.get(name) ?? ""]));
  chosen.order = stage.query.get("order") ?? "newest";
  let asked = 0;
  /** @type {any} */ let timer = 0;

  /** @param {boolean} on @param {any} typed */
  function open(on, typed = field) {
    typed?.focus(); // first: the field that loses it puts the letters away
    keys.hidden = !on;
    toggle.setAttribute("aria-expanded", String(on));
    field.inputMode = on ? "none" : "text";
  }

  async function ask(limit = LISTED) {
    const query = field.value.trim();
    const wanted = new URLSearchParams(query ? { q: query } : {});
    for (const name of FILTERS) if (chosen[name]) wanted.set(name, chosen[name]);
    const nothing = !wanted.size;
    if (chosen.order !== "newest") wanted.set("order", chosen.order);
    history.replaceState(null, "", wanted.size ? `#/search?${wanted}` : "#/search");
    asked += 1;
    const mine = asked;
    if (nothing) {
      setText(told, say("panel.search.hint"));
      return list.replaceChildren();
    }
    try {
      const { hits } = await get(`search?${wanted}&limit=${limit}`);
      if (mine !== asked) return; // a newer question is under way
      const counted = hits.length >= limit ? "panel.search.first" : "panel.search.count";
      const found = hits.length && hits[0].why === "near" ? "panel.search.nearly" : counted;
      setText(told, hits.length ? say(found, { count: hits.length }) : say("panel.search.nothing"));
      list.replaceChildren(...hits.map(hitRow), ...(hits.length >= limit ? [more(limit)] : []));
    } catch (error) {
      if (mine === asked) refusal(error);
    }
  }

  /** What stands below a list that is full. @param {number} limit */
  function more(limit) {
    const press = { type: "button", class: "act quiet", onclick: () => ask(MOST) };
    return html(
      "li",
      { class: "hits-end" },
      limit < MOST ? html("button", press, say("panel.search.more")) : html("p", { class: "soft" }, say("panel.search.narrow_it")),
    );
  }

  function askSoon() {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  }

  async function offerFilters() {
    try {
      const choices = await get("search/choices");
      const { panel, chips } = filters(
        choices,
        chosen,
        (typed) => {
          if (typed) keys.serve(typed);
          else keys.serve(field, WORDS);
          open(Boolean(typed), typed);
        },
        askSoon,
      );
      held.replaceChildren(chips, panel);
      narrow.disabled = false;
      narrow.addEventListener("click", () => {
        panel.hidden = !panel.hidden;
        open(false, null); // the list keeps its place between filters and the lower edge
        narrow.setAttribute("aria-expanded", String(!panel.hidden));
      });
    } catch (error) {
      refusal(error);
    }
  }

  keys.serve(field, WORDS);
  field.addEventListener("input", askSoon);
  field.addEventListener(
    "pointerdown",
    (/** @type {PointerEvent} */ event) => event.pointerType === "touch" && open(true),
  );
  const top = html("div", { class: "row" }, html("div", { class: "grow" }, field), narrow, toggle);
  stage.root.append(top, held, told, list, keys);
  field.value = stage.query.get("q") ?? "";
  offerFilters();
  ask();
  if (!matchMedia("(pointer: coarse)").matches) field.focus();
  return { leave: () => clearTimeout(timer) };
}
