// @ts-check
import { setText, svg } from "./draw.js";
import { say } from "./words.js";

/**
 * `<block-plan>`: the block from above. Carriages slide at the positions that their boards report; aisles say their
 * state in words and in hatching. The aisles' mouth is at the bottom.
 *
 * `show(block)` takes the snapshot's `block`. `mark(goal)` lights a slot's place: {column, face, section};
 * `preview(pose_mm)` draws where the carriages will stand.
 */

const DEPTH_MM = 1250;
const TOP_MM = 70;
const LABEL_MM = 330;
const ROOM_MM = 230; // floor and wall beside the rail
const GLYPH = { clear: "✓", opening: "⇄", occupied: "!", unknown: "?" };

class BlockPlan extends HTMLElement {
  /** @type {any} */ #block = null;
  /** @type {any} */ #parts = null;
  /** @type {{column: number, face: string, section: number} | null} */ #goal = null;
  /** @type {number[] | null} */ #pose = null;

  /** @param {any} block */
  show(block) {
    if (!this.#parts || block.columns.length !== this.#block.columns.length) this.#build(block);
    this.#block = block;
    this.#update();
  }

  /** @param {{column: number, face: string, section: number} | null} goal */
  mark(goal) {
    this.#goal = goal;
    if (this.#block) this.#update();
  }

  /** @param {number[] | null} pose_mm */
  preview(pose_mm) {
    this.#pose = pose_mm;
    if (this.#block) this.#update();
  }

  /** @param {any} block */
  #build(block) {
    const wide = block.rail_mm + 2 * ROOM_MM;
    const high = TOP_MM + DEPTH_MM + LABEL_MM;
    const root = svg("svg", { viewBox: `${-ROOM_MM} 0 ${wide} ${high}`, role: "img", class: "plan" });
    const title = svg("title");
    const hatch = (/** @type {string} */ id, /** @type {number} */ step) =>
      svg(
        "pattern",
        { id, width: step, height: step, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
        svg("rect", { width: step, height: step, class: `${id}-ground` }),
        svg("rect", { width: step / 2.6, height: step, class: `${id}-line` }),
      );
    root.append(
      title,
      svg("defs", {}, hatch("hatch-occupied", 90), hatch("hatch-opening", 150), hatch("hatch-offline", 70)),
    );
    root.append(
      svg("rect", { class: "floor", x: 0, y: TOP_MM, width: block.rail_mm, height: DEPTH_MM }),
      svg("line", { class: "rail", x1: 0, x2: block.rail_mm, y1: TOP_MM + 240, y2: TOP_MM + 240 }),
      svg("line", {
        class: "rail",
        x1: 0,
        x2: block.rail_mm,
        y1: TOP_MM + DEPTH_MM - 240,
        y2: TOP_MM + DEPTH_MM - 240,
      }),
      svg("rect", { class: "wall", x: -100, y: TOP_MM - 30, width: 80, height: DEPTH_MM + 60 }),
      svg("rect", { class: "wall", x: block.rail_mm + 20, y: TOP_MM - 30, width: 80, height: DEPTH_MM + 60 }),
    );
    const aisles = block.aisles.map((/** @type {any} */ aisle) => {
      const ground = svg("rect", { y: TOP_MM, height: DEPTH_MM, class: "aisle" });
      const name = svg("text", { class: "aisle-name", y: TOP_MM + DEPTH_MM + 150 });
      const state = svg("text", { class: "aisle-state", y: TOP_MM + DEPTH_MM + 295 });
      root.append(ground, name, state);
      return { no: aisle.no, ground, name, state };
    });
    const columns = block.columns.map((/** @type {any} */ column) => {
      const ghost = svg("rect", { class: "ghost", y: TOP_MM, height: DEPTH_MM, width: column.width_mm, rx: 24 });
      const number = svg(
        "text",
        { class: "column-no", x: column.width_mm / 2, y: TOP_MM + DEPTH_MM / 2 + 70 },
        String(column.no),
      );
      const note = svg("text", { class: "column-note", x: column.width_mm / 2, y: TOP_MM + DEPTH_MM / 2 + 300 });
      const arrow = svg("text", { class: "column-arrow", x: column.width_mm / 2, y: TOP_MM + 320 });
      const goal = svg("rect", { class: "goal", width: 130, rx: 16 });
      const body = svg(
        "g",
        { class: "carriage" },
        svg("rect", { class: "shell", y: TOP_MM, height: DEPTH_MM, width: column.width_mm, rx: 24 }),
        column.fixed
          ? null
          : svg("line", {
              class: "spine",
              x1: column.width_mm / 2,
              x2: column.width_mm / 2,
              y1: TOP_MM + 40,
              y2: TOP_MM + DEPTH_MM - 40,
            }),
        svg("rect", {
          class: "plate",
          x: column.width_mm / 2 - 130,
          y: TOP_MM + DEPTH_MM / 2 - 110,
          width: 260,
          height: 240,
          rx: 40,
        }),
        number,
        note,
        arrow,
        goal,
      );
      root.append(ghost, body);
      return { no: column.no, body, ghost, note, arrow, goal };
    });
    this.#parts = { root, title, aisles, columns };
    this.replaceChildren(root);
  }

  #update() {
    const { root, title, aisles, columns } = this.#parts;
    const block = this.#block;
    const place = places(block);
    root.classList.toggle("doubtful", block.doubtful || !block.alive);
    columns.forEach((/** @type {any} */ part, /** @type {number} */ i) => {
      const column = block.columns[i];
      const known = column.position_mm !== null;
      part.body.style.transform = `translateX(${place[i]}px)`;
      part.body.setAttribute(
        "class",
        `carriage ${column.fixed ? "fixed" : column.state} ${known ? "" : "lost"} ${column.faults.length ? "faulty" : ""} ${column.online ? "" : "offline"}`,
      );
      setText(part.note, columnNote(column));
      setText(part.arrow, column.speed_mm_s > 0 ? "▶" : column.speed_mm_s < 0 ? "◀" : "");
      const goal = this.#goal && this.#goal.column === column.no ? this.#goal : null;
      part.goal.style.display = goal ? "" : "none";
      if (goal) {
        const bay = (DEPTH_MM - 60) / block.sections;
        const fromMouth = goal.face === "R" ? goal.section : block.sections + 1 - goal.section;
        part.goal.setAttribute("x", goal.face === "R" ? column.width_mm - 150 : 20);
        part.goal.setAttribute("y", TOP_MM + 30 + DEPTH_MM - 60 - fromMouth * bay + 15);
        part.goal.setAttribute("height", bay - 30);
      }
      const ghosts = this.#pose && Math.abs(this.#pose[i] - place[i]) > 20;
      part.ghost.style.display = ghosts ? "" : "none";
      if (ghosts && this.#pose) part.ghost.style.transform = `translateX(${this.#pose[i]}px)`;
    });
    const told = [];
    for (const part of aisles) {
      const aisle = block.aisles.find((/** @type {any} */ one) => one.no === part.no);
      const from = part.no === 0 ? 0 : place[part.no - 1] + block.columns[part.no - 1].width_mm;
      const to = part.no < block.columns.length ? place[part.no] : block.rail_mm;
      part.ground.style.x = `${from}px`;
      part.ground.style.width = `${Math.max(0, to - from)}px`;
      const measured = block.drive !== "crank"; // else nobody but people knows anything of the aisle
      part.ground.setAttribute("class", `aisle ${measured ? aisle.state : "unknown"}`);
      for (const text of [part.name, part.state]) text.style.transform = `translateX(${(from + to) / 2}px)`;
      part.state.setAttribute("class", `aisle-state ${aisle.state}`);
      setText(part.name, String(part.no));
      setText(
        part.state,
        measured ? `${GLYPH[/** @type {keyof typeof GLYPH} */ (aisle.state)]} ${say(`panel.aisle.${aisle.state}`)}` : "",
      );
      if (to - from > block.aisle_mm / 2)
        told.push(say("panel.plan.open_aisle", { aisle: part.no, state: say(`panel.aisle.${aisle.state}`) }));
    }
    setText(title, told.join(" ") || say("panel.plan.all_closed"));
  }
}

/** Left edges to draw: reported ones; whose position nobody knows stands behind the gap that is measured at its left,
 * or evenly spread where none is. @param {any} block @returns {number[]} */
function places(block) {
  if (block.columns.every((/** @type {any} */ column) => column.position_mm !== null)) {
    return block.columns.map((/** @type {any} */ column) => column.position_mm);
  }
  const wide = block.columns.reduce((/** @type {number} */ sum, /** @type {any} */ column) => sum + column.width_mm, 0);
  const gap = (block.rail_mm - wide) / block.aisles.length;
  let edge = 0;
  return block.columns.map((/** @type {any} */ column) => {
    const left = block.aisles.find((/** @type {any} */ aisle) => aisle.no === column.no - 1);
    const measured = block.drive === "crank" ? null : left?.gap_mm;
    const at = column.position_mm ?? edge + (left ? measured ?? gap : 0);
    edge = at + column.width_mm;
    return at;
  });
}

/** @param {any} column */
function columnNote(column) {
  if (column.fixed) return say("panel.plan.fixed");
  if (!column.online) return say("panel.plan.offline");
  if (column.faults.length) return say("panel.plan.fault");
  if (column.position_mm === null) return "?";
  return "";
}

customElements.define("block-plan", BlockPlan);
