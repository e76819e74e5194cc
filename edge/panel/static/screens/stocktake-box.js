// @ts-check
import { get, post } from "../api.js";
import { html } from "../elements/draw.js";
import { keyed } from "../elements/key-board.js";
import { say } from "../elements/words.js";
import { button, notice, refusal } from "../notices.js";
import { placeInWords } from "./place.js";
import { wayCard } from "./way-to-aisle.js";

/** One box of the sample, opened: is each item there, and how many pages does it have? */

/** @param {any} stage @param {string} id @param {string} box_id */
export function show(stage, id, box_id) {
  const list = html("ul", { class: "pull-rows" });
  const way = wayCard(stage, "stocktake");
  let aisle = 0; // where the box stands, once the node has said it
  const title = html("h1", {}, say("panel.stock.open_box"));
  const place = html("p", {});
  stage.root.append(
    html(
      "div",
      { class: "job-head" },
      html("div", { class: "grow" }, title, place, html("p", { class: "soft" }, say("panel.stock.open_box_more"))),
      html("a", { class: "act quiet", href: `#/stocktake/${id}` }, say("panel.back")),
    ),
    way.card,
    list,
  );
  /** @type {Map<string, {there: boolean | null, pages: any}>} */ const told = new Map();

  /** @param {any} item */
  function row(item) {
    const { field: pages, keys: board } = keyed(say("panel.stock.pages_counted"), { inputmode: "numeric" });
    told.set(item.id, { there: null, pages });
    const keys = ["there", "absent"].map((name) => html("button", { type: "button", class: "filter", "aria-pressed": "false" }, say(`panel.stock.${name}`)));
    keys.forEach((key, at) =>
      key.addEventListener("click", () => {
        const one = told.get(item.id);
        if (one) one.there = at === 0;
        keys.forEach((other, index) => other.setAttribute("aria-pressed", String(index === at)));
        pages.hidden = at === 1;
        board.hidden ||= at === 1;
      }),
    );
    return html(
      "li",
      { class: "card stock-item" },
      html("div", { class: "grow" }, html("b", {}, item.ref_code), html("p", {}, item.title)),
      keys,
      pages,
      board,
    );
  }

  async function send() {
    const all = [...told].map(([item_id, one]) => ({ item_id, there: one.there, pages: one.there && one.pages.value.trim() ? Number(one.pages.value) : null }));
    const wrong = all.map((one) => one.there === null || (one.pages !== null && !Number.isInteger(one.pages)));
    for (const [at, row] of [...list.children].entries()) row.classList.toggle("wanting", wrong[at]);
    if (wrong.includes(true)) {
      list.children[wrong.indexOf(true)].scrollIntoView({ block: "center" });
      return notice(say("panel.stock.every_item"), "", true);
    }
    await post(`stocktakes/${id}/boxes/${box_id}`, all);
    stage.go(`stocktake/${id}`);
  }

  /** @param {any} snapshot */
  function update(snapshot) {
    if (aisle) way.update(aisle, snapshot);
  }

  get(`stocktakes/${id}/boxes/${box_id}`)
    .then((box) => {
      title.textContent = `${say("panel.stock.open_box")} · ${say("panel.box.no", box)}`;
      place.textContent = box.slot ? placeInWords(box.slot) : "";
      aisle = box.aisle;
      if (stage.snapshot) update(stage.snapshot);
      list.replaceChildren(...box.items.map(row));
      stage.root.append(html("div", { class: "row end" }, button(say("panel.stock.box_done"), send)));
    })
    .catch(refusal);
  return { update };
}
