// @ts-check
import { post } from "../api.js";
import "../elements/block-plan.js";
import { html, under } from "../elements/draw.js";
import { listed, say, sayOr } from "../elements/words.js";
import { button, confirmed } from "../notices.js";
import { may, missing } from "../rights.js";
import { aisleCards } from "./aisle-cards.js";
import { WORK, keyHolder } from "./block-work.js";
import { poseActs, whichAisle } from "./block-poses.js";
import { crankNow, howToWalk, startWords, whileMoving } from "./job-parts.js";
import { faultsOf } from "./job-phase.js";
import { startLamp } from "./way-to-aisle.js";

/** The whole block: what must be walked, faults with cause and remedy, power-up, every aisle and carriage. */

/** @param {any} stage */
export function show(stage) {
  const plan = html("block-plan", { class: "job-plan" });
  const now = html("section", { class: "block-now" });
  const table = html("div", { class: "block-table" });
  stage.root.append(plan, now, table);
  let drawn = "",
    listed = "";

  async function find() {
    if (!(await confirmed(say("panel.find.ask"), html("p", {}, say("panel.find.ask_more")), say("panel.find.go"))))
      return;
    await post("find-positions");
  }

  const update = (/** @type {any} */ snapshot) => {
      const { block } = snapshot;
      plan.show(block);
      const faults = faultsOf(block);
      const finding =
        block.columns.some((/** @type {any} */ column) => ["find_armed", "finding"].includes(column.state)) ||
        (block.move && block.move.phase !== "ended" && block.move.pose === "find");
      const key = JSON.stringify([
        faults,
        block.notes,
        snapshot.walk,
        snapshot.work,
        snapshot.power_up,
        block.loss,
        snapshot.inspection,
        finding,
        block.doubtful,
        block.fault_since,
        stage.session.person?.id,
        block.move?.phase,
        snapshot.commissioning,
        block.aisles.map((/** @type {any} */ aisle) => [aisle.sensors, aisle.steps, aisle.since_ms]),
        Math.floor(snapshot.utc_ms / 60_000),
      ]);
      if (key !== drawn) {
        drawn = key;
        now.replaceChildren(...draw(snapshot, faults, finding, stage, find));
      }
      const rows = JSON.stringify([
        block.columns.map((/** @type {any} */ column) => ({
          ...column,
          motor_ma: Math.round(column.motor_ma / 50),
          supply_mv: 0,
        })),
        block.aisles,
      ]);
      if (rows !== listed) {
        listed = rows;
        table.replaceChildren(aisleTable(block), carriageTable(block));
      }
  };
  return { update };
}

/** What is odd about a board's answers, as `<what>:<address>`. @param {string} note */
function noted(note) {
  const [what, address] = note.split(":");
  return html("p", { class: "tag warn" }, say(`motion.note.${what}`, { address }));
}

/** Which carriage lost its place, so that all are unknown; and whose boards have still to forget. @param {any} block */
function whyLost(block) {
  if (!block.loss) return [];
  const because = Object.entries(block.loss.because).map(([cause, columns]) =>
    html("p", { class: "now-more" }, say(`panel.lost.${cause}`, { columns: listed(columns) })),
  );
  const { waiting } = block.loss;
  if (waiting.length) because.push(html("p", { class: "tag warn" }, say("panel.lost.waiting", { columns: listed(waiting) })));
  return because;
}

/** @param {any} snapshot @param {[string, number[]][]} faults @param {boolean} finding @param {any} stage @param {() => Promise<void>} find */
function draw(snapshot, faults, finding, stage, find) {
  const parts = [];
  const clock = new Intl.DateTimeFormat(stage.language, { dateStyle: "short", timeStyle: "short", hour12: false, timeZone: snapshot.room.zone });
  for (const [fault, columns] of faults) {
    const since_ms = snapshot.block.fault_since[fault];
    parts.push(
      html(
        "div",
        { class: "fault-card" },
        html(
          "h2",
          {},
          `⚠ ${sayOr(`fault.${fault}`, fault)}`,
          " ",
          columns.length === 0
            ? null
            : html(
            "small",
            {},
            columns.length === snapshot.block.columns.filter((/** @type {any} */ column) => !column.fixed).length
              ? say("panel.block.all_columns")
              : say("panel.block.columns", { columns: listed(columns) }),
            since_ms ? ` · ${say("panel.block.fault_since", { time: clock.format(since_ms) })}` : "",
          ),
        ),
        html("p", {}, sayOr(`cause.${fault}`, "")),
        html("p", { class: "remedy" }, html("b", {}, `${say("panel.block.remedy")} `), sayOr(`remedy.${fault}`, "")),
        fault === "maintenance" ? keyHolder(snapshot, stage) : null,
      ),
    );
  }
  if (snapshot.block.notes.length) parts.push(html("div", { class: "card row" }, snapshot.block.notes.map(noted)));
  parts.push(...care(snapshot.commissioning, stage));
  if (faults.some(([fault]) => !WORK.includes(fault))) return parts;
  if (snapshot.block.drive === "crank") return [...parts, ...byCrank(snapshot, stage)];
  if (snapshot.inspection) parts.push(toInspect(snapshot, stage));
  if (snapshot.walk.length) {
    parts.push(
      html(
        "div",
        { class: "card walk-card" },
        html("h2", {}, say(snapshot.power_up ? "panel.block.power_up" : "panel.block.walk_first")),
        ...whyLost(snapshot.block),
        html("p", {}, say("panel.block.walk_aisles")),
        html(
          "div",
          { class: "walk-aisles" },
          snapshot.block.aisles.map((/** @type {any} */ aisle) =>
            html(
              "span",
              { class: aisle.state === "clear" ? "tag good" : "tag warn" },
              `${aisle.state === "clear" ? "✓" : "!"} ${say("panel.block.aisle", { aisle: aisle.no })}`,
            ),
          ),
        ),
        howToWalk(snapshot.block),
      ),
      ...aisleCards(snapshot, stage.language),
    );
  } else if (faults.length) return parts;
  else if (finding)
    parts.push(
      html(
        "div",
        { class: "card job-body" },
        startLamp(),
        html(
          "div",
          {},
          html("h2", { class: "now" }, say("panel.find.hold")),
          html("p", { class: "now-more" }, say("panel.find.hold_more")),
        ),
      ),
    );
  else if (snapshot.inspection) return parts;
  else if (snapshot.power_up || (snapshot.block.doubtful && (snapshot.block.move?.phase ?? "ended") === "ended"))
    parts.push(
      html(
        "div",
        { class: "card job-body" },
        html(
          "div",
          { class: "grow" },
          html("h2", { class: "now" }, say("panel.find.title")),
          html("p", { class: "now-more" }, say("panel.find.more")),
        ),
        stage.session.person
          ? may(stage, "find_positions")
            ? button(say("panel.find.go"), find, { moves: true })
            : missing("find_positions")
          : html("a", { class: "act", href: "#/home" }, say("panel.home.title")),
      ),
    );
  else if (snapshot.block.move && snapshot.block.move.phase !== "ended")
    parts.push(
      html(
        "div",
        { class: "card job-body" },
        snapshot.block.move.phase === "armed" ? startLamp() : null,
        !snapshot.block.hold_last_mm || snapshot.block.move.phase === "arming"
          ? html("h2", { class: "now" }, say(moveNow(snapshot.block.move.phase)))
          : snapshot.block.move.phase === "armed"
            ? startWords(snapshot.block)
            : html("div", { class: "grow" }, whileMoving(snapshot.block, "")),
      ),
    );
  else if (!snapshot.commissioning.refused)
    parts.push(
      html(
        "div",
        { class: "card ready" },
        html("h2", {}, `✓ ${say("panel.block.ready")}`),
        html("p", { class: "soft" }, say("panel.block.ready_more")),
      ),
      may(stage, "choose") ? poseActs(stage) : "",
    );
  return parts;
}

/** After a tilt or a shock. @param {any} snapshot @param {any} stage */
function toInspect(snapshot, stage) {
  return html(
    "div",
    { class: "card walk-card" },
    html("h2", {}, say("panel.inspect.title", { columns: listed(snapshot.inspection.columns) })),
    html("ol", { class: "inspect" }, ["rails", "shelves", "boxes"].map((what) => html("li", {}, say(`panel.inspect.${what}`)))),
    html("p", { class: "soft" }, say("panel.inspect.after")),
    stage.session.person
      ? may(stage, "find_positions")
        ? button(say("panel.inspect.sign"), async () => {
            if (await confirmed(say("panel.inspect.sign_ask"), html("p", {}, say("panel.inspect.after")), say("panel.inspect.sign"))) await post("inspection");
          })
        : missing("find_positions")
      : html("a", { class: "act", href: "#/home" }, say("panel.home.title")),
  );
}

/** A block without motors. @param {any} snapshot @param {any} stage */
function byCrank(snapshot, stage) {
  const { block } = snapshot;
  if (!may(stage, "choose")) return [missing("choose")];
  if (block.move && block.move.phase !== "ended") return [html("div", { class: "card job-body" }, crankNow(block))];
  const say_it = async () => {
    const aisle = await whichAisle(block, say("panel.crank.which"));
    if (aisle !== null) await post("crank/opened", { aisle });
  };
  if (snapshot.power_up)
    return [
      html(
        "div",
        { class: "card" },
        html("h2", {}, say("panel.crank.which")),
        html("p", {}, say("panel.crank.which_more")),
        button(say("panel.crank.which"), say_it),
      ),
    ];
  return [
    html("div", { class: "card ready" }, html("h2", {}, `✓ ${say("panel.block.ready")}`), button(say("panel.crank.other"), say_it, { quiet: true })),
    poseActs(stage),
  ];
}

/** What keeps the block from moving at all, when the monthly proof is due, and the technician's two screens. @param {any} told @param {any} stage */
function care(told, stage) {
  const { refused, proof } = told;
  const parts = [];
  if (refused)
    parts.push(
      html(
        "div",
        { class: "card refused-card" },
        html("h2", {}, `⚠ ${say("panel.block.refused")}`),
        html("p", {}, say(`error.${refused.code}`, refused.params)),
        html("p", { class: "remedy" }, say(`recovery.${refused.recovery}`, refused.params)),
      ),
    );
  else if (proof && proof.state !== "good" && !may(stage, "commission"))
    parts.push(html("p", { class: "card" }, html("b", {}, say("panel.proof.title")), ` ${say(`panel.proof.${proof.state}`, { days: proof.days })}`));
  if (may(stage, "commission"))
    parts.push(
      html(
        "div",
        { class: "row" },
        html("a", { class: "act quiet", href: "#/proof" }, say("panel.proof.title"), proof && !refused ? html("small", {}, ` ${say(`panel.proof.${proof.state}`, { days: proof.days })}`) : null),
        html("a", { class: "act quiet", href: "#/boards" }, say("panel.boards.title")),
      ),
    );
  return parts;
}

/** @param {string} phase */
function moveNow(phase) {
  return { arming: "panel.job.proving", armed: "panel.pose.press_start" }[phase] ?? "panel.run.moving";
}

/** @param {any} block */
function aisleTable(block) {
  return html(
    "table",
    { class: "rows" },
    under(
      ["aisle", "state", "gap", "why"].map((name) => say(`panel.block.head_${name}`)),
      block.aisles.map((/** @type {any} */ aisle) =>
        html(
          "tr",
          {},
          html("th", { scope: "row" }, String(aisle.no)),
          html(
            "td",
            {},
            html(
              "span",
              {
                class: `tag ${{ clear: "good", occupied: "warn", opening: "info", unknown: "" }[/** @type {string} */ (aisle.state)]}`,
              },
              say(`panel.aisle.${aisle.state}`),
            ),
          ),
          html("td", { class: "numbers" }, aisle.gap_mm === null ? "?" : `${aisle.gap_mm} mm`),
          html("td", {}, ["clear", "unknown"].includes(aisle.state) ? "" : sayOr(`why.${aisle.why}`, aisle.why)),
        ),
      ),
    ),
  );
}

/** @param {any} block */
function carriageTable(block) {
  return html(
    "table",
    { class: "rows" },
    under(
      ["column", "run", "position", "current", "inputs"].map((name) => say(`panel.block.head_${name}`)),
      block.columns
        .filter((/** @type {any} */ column) => !column.fixed)
        .map((/** @type {any} */ column) =>
          html(
            "tr",
            {},
            html("th", { scope: "row" }, String(column.no)),
            html("td", {}, sayOr(`panel.run.${column.online ? column.state : "offline"}`, column.state)),
            html("td", {}, !column.online ? "–" : column.position_mm === null ? "?" : `${column.position_mm} mm`),
            html("td", {}, column.online ? `${column.motor_ma} mA` : "–"),
            html(
              "td",
              {},
              [
                ...column.unproved.map((/** @type {string} */ name) => `✗ ${sayOr(`proof.${name}`, name)}`),
                ...column.open_inputs
                  .filter((/** @type {string} */ name) => !name.startsWith("contact_") && name !== "contactor_open")
                  .map((/** @type {string} */ name) => sayOr(`input.${name}`, name)),
              ].join(" "),
            ),
          ),
        ),
    ),
  );
}
