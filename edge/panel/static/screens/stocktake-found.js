// @ts-check
import { get } from "../api.js";
import { html, present } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { refusal } from "../notices.js";
import { placeInWords, slotParts } from "./place.js";

/** A counted bay as it was found: every slot in its colour with its sign; a tap shows its photograph and says what it is. */

/** Colour never speaks alone. In the order of the legend. */
const SIGNS = /** @type {Record<string, string>} */ ({ right: "✓", misplaced: "→", missing: "✕", unknown: "+", unread: "?", on_loan: "○", in_transit: "○", empty: "□" });
const THUMB_PX = { width: 64, height: 384 };

/** @param {string} status */
const named = (status) => say(["right", "empty"].includes(status) ? `panel.stock.found.${status}` : `panel.stock.difference.${status}`);

/** @param {any} stage @param {string} id @param {string} bay */
export function show(stage, id, bay) {
  const legend = html("p", { class: "found-legend" });
  const head = html("div", { class: "job-head" });
  const body = html("div", { class: "found" });
  stage.root.append(head, body);

  async function open() {
    try {
      const [told, sheet] = await Promise.all([get(`stocktakes/${id}/bays/${bay}/found`), get(`stocktakes/${id}`)]);
      head.replaceChildren(
        html("div", { class: "grow" }, html("h1", {}, say("panel.stock.found_title", { bay })), legend),
        ...present([
          sheet.may_count && !sheet.closed_ms ? html("a", { class: "act quiet", href: `#/stocktake/${id}/bay/${bay}` }, say("panel.stock.count_again")) : null,
        ]),
        html("a", { class: "act quiet", href: `#/stocktake/${id}` }, say("panel.back")),
      );
      draw(told, sheet);
    } catch (error) {
      refusal(error);
    }
  }

  /** @param {any} told @param {any} sheet */
  function draw(told, sheet) {
    const parts = told.slots.map((/** @type {any} */ one) => slotParts(one.slot));
    const positions = Math.max(...parts.map((/** @type {any} */ part) => part.position));
    const levels = Math.max(...parts.map((/** @type {any} */ part) => part.level));
    const stillOut = told.slots.filter((/** @type {any} */ one) => one.why); // the only reason told of a slot beside its status
    const picture = told.picture ? `url("/api/v1/looks/${told.picture}.jpg")` : "";
    legend.replaceChildren(
      ...Object.keys(SIGNS).flatMap((status) => {
        const count = told.slots.filter((/** @type {any} */ one) => one.status === status).length;
        return count ? [html("span", { class: `found-sign ${status}` }, `${SIGNS[status]} ${named(status)} ${count}`)] : [];
      }),
      ...present([stillOut.length ? html("span", { class: "found-sign" }, `! ${named(stillOut[0].why)} ${stillOut.length}`) : null]),
    );

    /** A window on one slot of the picture. @param {any} part @param {string} kind */
    const photo = (part, kind) => {
      const view = html("span", { class: kind });
      view.style.backgroundImage = picture;
      view.style.backgroundSize = `${positions * 100}% auto`;
      return { view, show: () => {
        const scale = view.clientWidth / THUMB_PX.width;
        view.style.backgroundPosition = `${-(part.position - 1) * view.clientWidth}px ${-(part.level - 1) * THUMB_PX.height * scale}px`;
      } };
    };

    const aside = html("aside", { class: "found-slot card", hidden: true });
    const photos = /** @type {any[]} */ ([]);
    const keys = told.slots.map((/** @type {any} */ one, /** @type {number} */ at) => {
      const part = parts[at];
      const small = picture ? photo(part, "found-photo") : null;
      if (small) photos.push(small);
      const key = html(
        "button",
        { type: "button", class: `found-key ${one.status}`, "aria-label": `${part.level}-${part.position} ${named(one.status)}` },
        html("span", { class: "found-mark" }, `${SIGNS[one.status] ?? "·"}${one.why ? "!" : ""}`),
        small?.view,
        html("small", {}, one.belongs ? shortly(one.belongs) : one.box_no),
      );
      key.style.gridArea = `${part.level} / ${part.position}`;
      key.addEventListener("click", () => tell(one, part, key));
      return key;
    });

    /** @param {string} slot */
    function shortly(slot) {
      const part = slotParts(slot);
      return slot.startsWith(`${bay}-`) ? `${part.level}-${part.position}` : `${part.column}${part.face}`;
    }

    /** @param {any} one @param {any} part @param {any} key */
    function tell(one, part, key) {
      for (const other of keys) other.setAttribute("aria-pressed", String(other === key));
      const large = picture ? photo(part, "found-large") : null;
      const line = sheet.lines.find((/** @type {any} */ line) => line.id === one.difference);
      aside.className = `found-slot card ${part.position * 2 > positions ? "left" : "right"}`;
      aside.replaceChildren(
        ...present([
          large?.view,
          html(
            "div",
            { class: "found-words" },
            html("b", { class: `found-sign ${one.status}` }, `${SIGNS[one.status] ?? "·"} ${named(one.status)}`),
            one.why ? html("p", {}, named(one.why)) : null,
            html("p", {}, placeInWords(one.slot)),
            one.box_no ? html("p", {}, say("panel.box.no", { box_no: one.box_no })) : null,
            one.belongs ? html("p", {}, say("panel.stock.belongs", { slot: placeInWords(one.belongs) })) : null,
            one.found_at ? html("p", {}, say("panel.stock.found_at", { slot: placeInWords(one.found_at) })) : null,
            line ? html("p", { class: "soft" }, say(`panel.stock.state.${line.state}`)) : null,
            line && sheet.may_count && line.kind === "misplaced" && line.belongs && ["open", "in_hand"].includes(line.state)
              ? html("a", { class: "act", href: `#/stocktake/${id}/right/${line.id}` }, say("panel.stock.put_right"))
              : null,
            html("button", { type: "button", class: "act quiet", onclick: () => (aside.hidden = true) }, say("panel.stock.shut")),
          ),
        ]),
      );
      aside.hidden = false;
      large?.show();
    }

    const grid = html("div", { class: "found-grid" }, keys);
    grid.style.gridTemplateColumns = `repeat(${positions}, minmax(0, 1fr))`;
    grid.style.gridTemplateRows = `repeat(${levels}, minmax(0, 1fr))`;
    body.replaceChildren(grid, aside);
    for (const one of photos) one.show();
  }

  open();
  return {};
}
