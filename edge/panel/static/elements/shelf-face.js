// @ts-check
import { html, setText, svg } from "./draw.js";
import { say } from "./words.js";

/**
 * `<shelf-face>`: one face of a carriage as a person in the aisle sees it, with one slot lit, and below it the lit
 * shelf enlarged with its position numbers.
 *
 * `show({area, column, face, section, level, position, sections, levels, positions, filled, box_no})`; `filled` holds
 * [section, level, position] of the slots where boxes stand.
 */
class ShelfFace extends HTMLElement {
  /** @param {any} place */
  show(place) {
    const bay = 100,
      shelf = 34,
      top = 26,
      side = 34;
    const wide = side + place.sections * bay + 6;
    const high = top + place.levels * shelf + 12;
    const root = svg(
      "svg",
      { viewBox: `0 0 ${wide} ${high}`, class: "face", role: "img" },
      svg("title", {}, say("panel.face.title", place)),
    );
    for (let section = 1; section <= place.sections; section += 1) {
      const x = side + (section - 1) * bay;
      root.append(
        svg(
          "text",
          { class: section === place.section ? "face-no lit" : "face-no", x: x + bay / 2, y: 17 },
          say("panel.face.section", { section }),
        ),
      );
      for (let level = 1; level <= place.levels; level += 1) {
        const lit = section === place.section && level === place.level;
        const y = top + (level - 1) * shelf;
        root.append(svg("rect", { class: lit ? "bay lit" : "bay", x: x + 1, y, width: bay - 2, height: shelf }));
      }
    }
    const step = (bay - 8) / place.positions;
    for (const [section, level, position] of place.filled) {
      const here = section === place.section && level === place.level && position === place.position;
      if (!here)
        root.append(
          svg("rect", {
            class: "spine-box",
            x: side + (section - 1) * bay + 4 + (position - 1) * step,
            y: top + (level - 1) * shelf + 6,
            width: step * 0.78,
            height: shelf - 8,
          }),
        );
    }
    root.append(
      svg("rect", {
        class: "slot-lit",
        x: side + (place.section - 1) * bay + 4 + (place.position - 1) * step - 1,
        y: top + (place.level - 1) * shelf + 3,
        width: step + 1,
        height: shelf - 5,
      }),
    );
    for (let level = 1; level <= place.levels; level += 1) {
      root.append(
        svg("line", { class: "board", x1: side, x2: wide - 6, y1: top + level * shelf, y2: top + level * shelf }),
        svg(
          "text",
          {
            class: level === place.level ? "face-no lit" : "face-no",
            x: side / 2,
            y: top + (level - 1) * shelf + shelf / 2 + 5,
          },
          String(level),
        ),
      );
    }
    this.replaceChildren(root, this.#shelf(place));
  }

  /** @param {any} place */
  #shelf(place) {
    const filled = new Set(
      place.filled
        .filter((/** @type {number[]} */ slot) => slot[0] === place.section && slot[1] === place.level)
        .map((/** @type {number[]} */ slot) => slot[2]),
    );
    const row = html("div", { class: "shelf-row" });
    for (let position = 1; position <= place.positions; position += 1) {
      const lit = position === place.position;
      row.append(
        html(
          "span",
          { class: `shelf-slot ${lit ? "lit" : filled.has(position) ? "filled" : "empty"}` },
          String(position),
        ),
      );
    }
    const caption = html("div", { class: "shelf-caption" });
    setText(caption, say("panel.face.where", place));
    return html("div", { class: "shelf-strip" }, caption, row);
  }
}

customElements.define("shelf-face", ShelfFace);
