// @ts-check
// The room page: draws the bench's newest state and posts physical acts. It decides nothing.

const $ = (selector) => /** @type {HTMLElement} */ (document.querySelector(selector));
let words = {};
let state = null;
let chosen = null;
let shelf = "";
let last = Date.now();
let drawn = "";
let finger = 0; // a button that is drawn anew between the finger's coming down and its lifting would swallow the touch

const FINGER_MS = 600;
addEventListener("pointerdown", () => { finger = Date.now(); }, true);
for (const lifted of ["pointerup", "pointercancel"]) addEventListener(lifted, () => setTimeout(() => { finger = 0; }, 120), true);

const say = (id, values = {}) => (words[id] ?? id).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));

const known = (id, otherwise, values = {}) => (id in words ? say(id, values) : otherwise);
const named = (kind, text) => known(`${kind}_${text.split(" ")[0]}`, text, { at: text.split(" ").slice(1).join(" ") });

function button(word, act, options = {}) {
  const it = document.createElement("button");
  it.textContent = options.text ?? say(word, options.values);
  if (options.look) it.className = options.look;
  if (options.disabled) it.disabled = true;
  it.dataset.act = act.what;
  if (act.what) it.addEventListener("click", () => post(act));
  return it;
}

async function post(act) {
  const answer = await fetch("/do", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(act) });
  const told = await answer.json();
  note(answer.ok ? "" : say("not_possible", { why: known(`why_${told.code}`, told.why, told.params) }));
  return told;
}

let noteTimer = 0;
function note(text) {
  $("#said").textContent = text;
  clearTimeout(noteTimer);
  if (text) noteTimer = window.setTimeout(() => note(""), 4000);
}

const svg = (name, attributes, parent) => {
  const it = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) it.setAttribute(key, String(value));
  parent.append(it);
  return it;
};

function plan() {
  const root = $("#plan");
  root.replaceChildren();
  const scale = 960 / state.rail_mm;
  const x = (mm) => 20 + mm * scale;
  svg("line", { x1: x(0), y1: 205, x2: x(state.rail_mm), y2: 205, stroke: "#7d8b99", "stroke-width": 3 }, root);
  svg("rect", { x: x(state.rail_mm), y: 15, width: 14, height: 190, fill: "#b9b2a2" }, root);
  for (const aisle of state.aisles) {
    const group = svg("g", { class: `aisle ${aisle.reachable ? "wide" : ""} ${aisle.no === chosen ? "chosen" : ""}`, "data-aisle": aisle.no }, root);
    const width = Math.max(aisle.gap_mm * scale, 16);
    svg("rect", { x: x(aisle.x_mm) + (aisle.gap_mm * scale - width) / 2, y: 12, width, height: 225 }, group);
    svg("text", { x: x(aisle.x_mm + aisle.gap_mm / 2), y: 228 }, group).textContent = String(aisle.no);
    if (aisle.deep) svg("circle", { cx: x(aisle.x_mm + aisle.gap_mm / 2), cy: 24, r: 6, fill: "#1b7f4d" }, group);
    if (aisle.mouth) svg("circle", { cx: x(aisle.x_mm + aisle.gap_mm / 2), cy: 212, r: 6, fill: "#1b7f4d" }, group);
    group.addEventListener("click", () => { chosen = aisle.no; shelf = ""; shelves(); });
  }
  for (const column of state.columns) {
    const look = `column ${column.fixed ? "fixed" : ""} ${column.moving ? "moving" : ""} ${column.alive ? "" : "cut"}`;
    const group = svg("g", { class: look }, root);
    svg("rect", { class: "body", x: x(column.x_mm), y: 18, width: column.width_mm * scale, height: 184, rx: 3 }, group);
    svg("text", { x: x(column.x_mm + column.width_mm / 2), y: 112 }, group).textContent = column.fixed ? `${column.no} ${say("fixed")}` : String(column.no);
    if (column.slot_light) svg("circle", { class: "lamp", cx: x(column.x_mm + column.width_mm / 2), cy: 140, r: 8 }, group);
    if (column.lamp_left) svg("rect", { class: "lamp", x: x(column.x_mm) + 1, y: 30, width: 4, height: 160 }, group);
    if (column.lamp_right) svg("rect", { class: "lamp", x: x(column.x_mm + column.width_mm) - 5, y: 30, width: 4, height: 160 }, group);
  }
  const who = state.people[0];
  const aisle = state.aisles.find((one) => one.no === who.aisle);
  const at = aisle ? aisle.x_mm + aisle.gap_mm / 2 : state.rail_mm * 0.04;
  svg("circle", { id: "person-mark", class: who.in_beam ? "beam" : "", cx: x(at), cy: aisle && !who.in_beam ? 90 : 222, r: 10 }, root);
}

const airOf = (spot) => `${spot.place} ${spot.temp_c} °C ${spot.rh_pct} %`;

function signals() {
  const all = [];
  const add = (text, look = "") => all.push(Object.assign(document.createElement("span"), { className: `signal ${look}`, textContent: text }));
  if (!state.power) add(say("powerless"), "bad");
  if (state.warning) add(say("warning"), "warn");
  if (state.columns.some((column) => column.moving)) add(say("moving"), "warn");
  if (state.buzzer) add(say("buzzer"), "bad");
  if (state.chain.length && state.power) add(say("chain_open", { members: state.chain.map((one) => named("chain", one)).join(say("comma")) }), "warn");
  for (const one of state.violations) add(say("violation", { ...one, what: say(`violation_${one.what}`, one) }), "bad");
  $("#signals").replaceChildren(...all);
}

function fill(id, ...children) {
  const box = $(id);
  box.replaceChildren(box.querySelector("legend"), ...children);
}

function number(word, act, field, value) {
  const label = document.createElement("label");
  label.append(say(word));
  const input = Object.assign(document.createElement("input"), { type: "number", value, name: field });
  const go = Object.assign(document.createElement("button"), { textContent: "→" });
  go.addEventListener("click", () => post({ ...act, [field]: Number(input.value) }));
  label.append(input, go);
  return label;
}

let jogColumn = 0;

/** Done for as long as the finger is down, wherever it is lifted. */
function held(word, act, undo, options = {}) {
  const it = button(word, {}, options);
  it.dataset.act = word;
  it.addEventListener("pointerdown", () => {
    post(act());
    for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, () => post(undo), { once: true });
  });
  return it;
}

const jog = (way) =>
  held(`jog_${way}`, () => ({ what: "jog_hold", column: jogColumn, way }), { what: "jog_release" }, { look: `jog ${state.jog_held.includes(way) ? "lit" : ""}` });

/** A hand on each of an aisle's devices, and the crank of the carriages beside it. */
function touches(aisle) {
  const touch = (word, act, values = {}) => held(word, () => act, { what: "let_go" }, { look: "jog", values });
  const beside = [[aisle.no, "right"], [aisle.no + 1, "left"]].filter(([no]) => state.columns.some((one) => one.no === no && !one.fixed));
  return [
    touch("touch_beam", { what: "hand_in_beam", aisle: aisle.no }),
    ...["deep", "mouth", "choose"].map((which) => touch(`touch_${which}`, { what: "hold_button", which, aisle: aisle.no })),
    ...beside.map(([column, side]) => touch(`touch_edge_${side}`, { what: "edge_press", column, side }, { at: column })),
    ...beside.map(([at]) => state.cranked.includes(at) ? button("crank_out", { what: "crank", column: at, inserted: false }, { look: "danger", values: { at } }) : button("crank_in", { what: "crank", column: at }, { values: { at } })),
  ];
}

/** The key, the padlock and the local control point of the block. */
function local() {
  const movable = state.columns.filter((column) => !column.fixed).map((column) => column.no);
  if (!movable.includes(jogColumn)) jogColumn = state.jog_column ?? movable[0];
  const pick = document.createElement("select");
  pick.setAttribute("aria-label", say("jog_column"));
  for (const no of movable) pick.append(new Option(say("jog_which", { at: no }), String(no), false, no === jogColumn));
  pick.addEventListener("change", () => { jogColumn = Number(pick.value); pick.blur(); });
  fill("#local",
    button(state.key_turned ? "key_back" : "key_turn", { what: "key", turned: !state.key_turned }, { look: state.key_turned ? "danger" : "" }),
    button(state.padlocked ? "padlock_off" : "padlock_on", { what: "padlock", on: !state.padlocked }, { look: state.padlocked ? "danger" : "" }),
    pick, jog("left"), jog("right"));
}

function acts() {
  local();
  const who = state.people[0];
  const one = (state.boxes_out ?? []).map((box) => button("bring_back", { what: "bring_box", box: box.label }, { text: `${say("bring_back")} ${box.number}` }));
  fill("#block",
    button("start", { what: "start_press" }, { look: `start ${state.start_lamp ? "lit" : ""}` }),
    state.start_held ? button("start_release", { what: "start_release" }, { look: "start lit" }) : button("start_hold", { what: "start_hold" }, { look: "start" }),
    button("reset", { what: "reset_press" }),
    state.estop ? button("estop_release", { what: "estop_release" }) : button("estop", { what: "estop_press" }, { look: "danger" }));
  const doing = Object.assign(document.createElement("p"), { id: "doing" });
  doing.textContent = [who.aisle ? say("in_aisle", who) : say("outside"), who.holds ? say("holds", { box: who.holds }) : say("hands_empty"), who.doing && named("doing", who.doing), who.trouble && known(`why_${who.trouble}`, who.trouble)].filter(Boolean).join(" · ");
  fill("#person", doing,
    button("walk_all", { what: "walk_all" }, { disabled: who.busy }),
    ...(who.aisle ? [button("leave", { what: "leave" })] : []),
    ...(who.holds ? [button("give_away", { what: "give_away" })] : []), ...one);
  const papers = document.createElement("select");
  papers.append(new Option(say("paper"), ""), ...state.papers.map((one) => new Option(one.number, one.label)));
  papers.setAttribute("aria-label", say("paper"));
  papers.addEventListener("change", () => { if (papers.value) post({ what: "hold_paper", label: papers.value }); papers.blur(); });
  fill("#counter",
    button("hold_to_camera", { what: "hold_to_camera", box: "in_hand" }, { disabled: !who.holds || who.busy }),
    button("spoiled", { what: "hold_spoiled" }, { disabled: !who.holds || who.busy }),
    button("take_away", { what: "hold_to_camera", box: "nothing" }), ...(state.papers.length ? [papers] : []));
  fill("#reader", ...state.cards.map((card) => button("", { what: "card", uid_hex: card.uid }, { text: card.name || say("stranger") })));
  fill("#air",
    ...state.air.map((spot) => Object.assign(document.createElement("span"), { className: "signal", id: `air-${spot.address}`, textContent: airOf(spot) })),
    number("humidity", { what: "humidity" }, "rh_pct", 72), number("temperature", { what: "temperature" }, "temp_c", 27),
    ...state.air.map((spot) => button("", { what: "wet", place: spot.address, on: !spot.wet }, { text: `${say(spot.wet ? "dry" : "wet")} ${spot.place}` })),
    button("", { what: "fire", on: !state.fire }, { text: `${say("fire")} ${state.fire ? "✓" : ""}`, look: "danger" }),
    button("", { what: "gas", on: !state.gas }, { text: `${say("gas")} ${state.gas ? "✓" : ""}`, look: "danger" }));
  const board = document.createElement("select");
  for (const one of state.boards) board.append(new Option(say(one.alive ? "cut_board" : "mend_board", one), `${one.address} ${one.alive ? 0 : 1}`));
  const cut = Object.assign(document.createElement("button"), { textContent: "→" });
  cut.addEventListener("click", () => { const [address, on] = board.value.split(" ").map(Number); post({ what: "cut_board", address, on: !on }); });
  const flip = (up, down, startWord, stopWord) => up ? button(stopWord, { what: stopWord }) : button(startWord, { what: startWord }, { look: "danger" });
  fill("#breakage",
    state.power ? button("cut_power", { what: "cut_power" }, { look: "danger" }) : button("restore_power", { what: "restore_power" }),
    flip(state.broker, false, "broker_start", "broker_stop"), flip(state.centre, false, "centre_start", "centre_stop"),
    flip(state.node, false, "node_start", "node_kill"),
    board, cut);
  fill("#door", ...(state.door_open ? [button("door_close", { what: "door_close" })] : [
    button("door_push", { what: "door_push" }), button("door_leave", { what: "door_leave" }), button("door_open", { what: "door_open" }, { look: "danger" })]),
    Object.assign(document.createElement("span"), { className: "signal", textContent: say(state.strike ? "unlocked" : "locked") }));
}

async function shelves() {
  const box = $("#aisle");
  const aisle = state.aisles.find((one) => one.no === chosen);
  box.hidden = !aisle;
  if (!aisle) return;
  const found = aisle.reachable ? await (await fetch(`/shelves/${aisle.no}`)).json() : [];
  const who = state.people[0];
  const title = Object.assign(document.createElement("strong"), { textContent: `${say("aisle", { aisle: aisle.no })} · ${Math.round(aisle.gap_mm)} mm` });
  const hands = document.createElement("p");
  hands.append(...touches(aisle));
  const parts = [title, button("choose", { what: "press_button", which: "choose", aisle: aisle.no }),
    button("walk", { what: "walk", aisle: aisle.no }),
    ...(aisle.gap_mm > 5 && !aisle.reachable ? [button("crank_closed", { what: "crank_closed", aisle: aisle.no })] : []),
    ...(aisle.reachable ? [button("enter", { what: "enter", aisle: aisle.no })] : [])];
  if (found.length) {
    if (!found.some((one) => one.name === shelf)) shelf = found[0].name;
    const pick = document.createElement("select");
    pick.setAttribute("aria-label", say("shelf"));
    for (const one of found) pick.append(new Option(`${one.name}${one.lit ? ` (${say("lit")})` : ""}`, one.name, false, one.name === shelf));
    pick.addEventListener("change", () => { shelf = pick.value; shelves(); });
    const list = document.createElement("ol");
    const here = found.find((one) => one.name === shelf);
    for (const slot of here.slots) {
      const item = document.createElement("li");
      if (here.lit) item.className = "lit";
      item.append(`${slot.position}: ${slot.box ?? say("free")} `);
      if (slot.box && !who.holds) item.append(button("take", { what: "take_box", slot: slot.slot }));
      if (!slot.box && who.holds) item.append(button("put", { what: "put_box", slot: slot.slot }));
      item.append(button("scan_slot", { what: "scan_slot", slot: slot.slot }));
      list.append(item);
    }
    parts.push(pick, list);
  }
  box.replaceChildren(...parts, hands);
}

function draw() {
  plan();
  signals();
  for (const spot of state.air) {
    const it = document.getElementById(`air-${spot.address}`);
    if (it) it.textContent = airOf(spot);
  }
  const fixed = JSON.stringify([state.people, state.power, state.start_lamp, state.start_held, state.key_turned, state.padlocked, state.jog_held, state.cranked, state.estop, state.at_camera, state.cards, state.air.map((spot) => spot.wet), state.boards, state.broker, state.centre, state.node, state.fire, state.gas, state.door_open, state.strike, state.boxes_out, state.papers, chosen, state.aisles.map((one) => one.reachable), state.columns.map((one) => one.slot_light)]);
  if (fixed === drawn || Date.now() - finger < FINGER_MS || document.activeElement instanceof HTMLInputElement || document.activeElement instanceof HTMLSelectElement) return;
  drawn = fixed;
  acts();
  shelves();
}

async function language(name) {
  words = await (await fetch(`/words/${name}`)).json();
  document.documentElement.lang = name;
  localStorage.setItem("language", name);
  for (const it of document.querySelectorAll("[data-word]")) it.textContent = say(it.dataset.word);
  for (const it of document.querySelectorAll("[data-language]")) it.setAttribute("aria-pressed", String(it.dataset.language === name));
  drawn = "";
  if (state) draw();
}

for (const it of document.querySelectorAll("[data-language]")) it.addEventListener("click", () => language(it.dataset.language));
await language(localStorage.getItem("language") ?? "zh-Hans");
const stream = new EventSource("/events");
stream.addEventListener("message", (message) => { state = JSON.parse(message.data); last = Date.now(); draw(); });
setInterval(() => { if (Date.now() - last > 4000) note(say("lost")); }, 1000);
