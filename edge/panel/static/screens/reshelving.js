// @ts-check
import { attended, get, post } from "../api.js";
import "../elements/block-plan.js";
import { html, setText } from "../elements/draw.js";
import { keyed } from "../elements/key-board.js";
import "../elements/shelf-face.js";
import { say } from "../elements/words.js";
import { button, notice, refusal } from "../notices.js";
import { faultsOf, isClear, opening } from "./job-phase.js";
import { agreed, beside, howItEnded, howToWalk, lampWords, nowWords } from "./job-parts.js";
import { keptUp } from "./kept-up.js";
import { placeInWords } from "./place.js";
import { stepByStep } from "./way-to-aisle.js";

/** Boxes that wait to go back to their slots: the aisle opens, the box goes in, the slot is scanned. */

const STEPS = ["choose", "start", "moving", "put", "leave"];
const SCAN_MS = 1000;

/** @param {any} stage */
export function show(stage) {
  return stage.path[1] ? one(stage, stage.path[1]) : list(stage);
}

/** @param {any} stage */
function list(stage) {
  const body = html("ul", { class: "job-list" });
  stage.root.append(
    html(
      "div",
      { class: "row" },
      html("h1", { class: "grow" }, say("panel.shelve.title")),
      html("a", { class: "act quiet", href: "#/placing" }, say("panel.placing.title")),
      html("a", { class: "act quiet", href: "#/stocktakes" }, say("panel.stock.title")),
    ),
    body,
  );

  async function load() {
    const tasks = await get("reshelving");
    body.replaceChildren(
      ...(tasks.length
        ? tasks.map((/** @type {any} */ task) =>
            html(
              "li",
              {},
              html(
                "a",
                { class: "hit", href: `#/reshelving/${task.box.id}` },
                html("span", { class: "hit-title" }, say("panel.box.no", { box_no: task.box.box_no })),
                html("span", { class: "hit-state" }, task.why === "missing" ? html("span", { class: "tag warn" }, say("panel.shelve.why.missing")) : html("span", { class: "tag info" }, say("panel.shelve.waits"))),
                html(
                  "span",
                  { class: "hit-where" },
                  html("span", {}, placeInWords(task.slot)),
                  html("span", {}, task.slot),
                ),
                html("span", { class: "hit-why" }, task.box.title),
              ),
            ),
          )
        : [html("li", { class: "card soft" }, say("panel.shelve.none"))]),
    );
  }
  return keptUp((/** @type {any} */ snapshot) => snapshot.reshelving, load);
}

/** @param {any} stage @param {string} box_id */
function one(stage, box_id) {
  const head = html("div", { class: "job-head" });
  const plan = html("block-plan", { class: "job-plan" });
  const lamp = html("p", { class: "now-more" });
  const todo = stepByStep(STEPS, draw);
  stage.root.append(head, todo.bar, plan, todo.body);
  /** @type {any} */ let task = null;
  let chosen = false,
    stood = false;
  /** @type {any} */ let scanning = 0;

  async function load() {
    try {
      task = (await get("reshelving")).find((/** @type {any} */ other) => other.box.id === box_id);
      if (!task) return stage.go("reshelving");
      chosen = task.chosen;
      head.replaceChildren(
        html(
          "div",
          { class: "grow" },
          html("h1", {}, say("panel.box.no", { box_no: task.box.box_no })),
          html("p", { class: "soft" }, `${placeInWords(task.slot)} · ${task.slot}`),
        ),
        html("a", { class: "act quiet", href: "#/reshelving" }, say("panel.back")),
      );
      if (stage.snapshot) update(stage.snapshot);
    } catch (error) {
      refusal(error);
    }
  }

  async function choose() {
    if (!(await agreed(await get(`reshelving/${box_id}/preview`), stage.snapshot.block))) return;
    await post(`reshelving/${box_id}/choose`);
    chosen = true;
    if (stage.snapshot) update(stage.snapshot);
  }

  const toChoose = () => button(say("panel.job.choose", { aisle: task.aisle }), choose, { moves: true });

  /** The hand scanner's newest text, while this step waits for it. */
  async function scan() {
    try {
      const told = await post("reshelving/scan");
      if (told.read) attended();
      if (told.ok && told.box_id === box_id) putAway();
      else if (told.read)
        notice(
          say("panel.shelve.wrong", { seen: placeInWords(told.seen) }),
          say("panel.shelve.wrong_next", { expected: placeInWords(told.expected) }),
          true,
        );
    } catch (error) {
      refusal(error);
    }
  }

  function putAway() {
    clearInterval(scanning);
    scanning = 0;
    stood = true;
    document.getElementById("notices")?.replaceChildren(); // a wrong slot that was read before is settled
    if (stage.snapshot) update(stage.snapshot);
  }

  /** @param {any} snapshot */
  function update(snapshot) {
    if (!task) return;
    const step = opening(snapshot, task.aisle, chosen);
    const now = stood ? (isClear(snapshot.block, task.aisle) ? "done" : "leave") : step === "open" ? "put" : step;
    plan.hidden = now === "put";
    if (!plan.hidden) {
      plan.show(snapshot.block);
      plan.mark(task.place);
    }
    if (now !== "put" && scanning) {
      clearInterval(scanning);
      scanning = 0;
    }
    const key = `${now}/${now === "walk" ? snapshot.walk : ""}/${now === "fault" ? JSON.stringify(faultsOf(snapshot.block)[0]) : ""}`;
    setText(lamp, lampWords(snapshot, task.slot));
    todo.show(now, key, task.aisle, snapshot);
  }

  /** @param {string} now @param {any} snapshot @returns {any[]} */
  function draw(now, snapshot) {
    switch (now) {
      case "choose":
        return beside(nowWords("panel.shelve.choose", { aisle: task.aisle }), [toChoose()]);
      case "ended":
        return beside(howItEnded(snapshot.block), [toChoose()]);
      case "put": {
        if (!scanning) scanning = setInterval(scan, SCAN_MS);
        const face = html("shelf-face", { class: "job-face" });
        face.show(task.place);
        const { field, keys } = keyed(say("panel.shelve.type"), { placeholder: task.slot });
        return [
          html(
            "div",
            { class: "job-take" },
            nowWords("panel.shelve.put", { ...task.place, box_no: task.box.box_no }),
            lamp,
            html(
              "div",
              { class: "row" },
              html("div", { class: "grow" }, field),
              button(
                say("panel.shelve.typed"),
                async () => {
                  await post(`reshelving/${box_id}/put-away`, { slot: field.value.trim() });
                  putAway();
                },
                { quiet: true },
              ),
            ),
            keys,
          ),
          face,
        ];
      }
      case "leave":
        return beside([...nowWords("panel.job.leave", { aisle: task.aisle }), howToWalk(snapshot.block)]);
      default:
        return beside(nowWords("panel.shelve.done"), [
          html("a", { class: "act", href: "#/reshelving" }, say("panel.shelve.next")),
        ]);
    }
  }

  load();
  return { update, leave: () => clearInterval(scanning) };
}
