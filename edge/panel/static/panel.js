// @ts-check
/** The panel's page: top bar, STOP, stream, and which screen is shown. Screens render snapshots and post commands; rules live in the node. */

import { get, lately, post, remove, Unheard } from "./api.js";
import { html, setText } from "./elements/draw.js";
import { onceLifted } from "./finger.js";
import { say, sayOr, speak } from "./elements/words.js";
import { follow } from "./link.js";
import { closeQuestion, notice, refusal } from "./notices.js";
import { may } from "./rights.js";
import * as alarms from "./screens/alarms.js";
import * as batch from "./screens/batch.js";
import * as batches from "./screens/batches.js";
import * as block from "./screens/block.js";
import * as boards from "./screens/boards.js";
import { WORK, workBanner } from "./screens/block-work.js";
import * as box from "./screens/box.js";
import * as boxPlace from "./screens/box-place.js";
import * as cases from "./screens/cases.js";
import * as climate from "./screens/climate.js";
import * as corrections from "./screens/corrections.js";
import * as describe from "./screens/describe.js";
import * as digitise from "./screens/digitise.js";
import * as hooking from "./screens/hooking.js";
import * as fondsFile from "./screens/fonds-file.js";
import * as home from "./screens/home.js";
import * as imports from "./screens/imports.js";
import * as findings from "./screens/findings.js";
import * as job from "./screens/job.js";
import { faultsOf } from "./screens/job-phase.js";
import * as jobs from "./screens/jobs.js";
import * as door from "./screens/door.js";
import * as entries from "./screens/entries.js";
import { drawLeave, leaving } from "./screens/leave.js";
import * as moves from "./screens/moves.js";
import * as notYours from "./screens/not-yours.js";
import * as placing from "./screens/placing.js";
import * as patrol from "./screens/patrol.js";
import * as patrolList from "./screens/patrol-list.js";
import * as patrols from "./screens/patrols.js";
import * as pages from "./screens/pages.js";
import * as proof from "./screens/proof.js";
import * as printing from "./screens/printing.js";
import * as pull from "./screens/pull.js";
import * as record from "./screens/record.js";
import * as register from "./screens/register.js";
import * as reshelving from "./screens/reshelving.js";
import * as returns from "./screens/returns.js";
import * as search from "./screens/search.js";
import * as site from "./screens/site.js";
import * as shelves from "./screens/shelves.js";
import * as slip from "./screens/slip.js";
import * as stocktake from "./screens/stocktake.js";
import * as stocktakes from "./screens/stocktakes.js";
import * as tables from "./screens/tables.js";
import * as trace from "./screens/trace.js";
import * as trapped from "./screens/trapped.js";
import { heard as asHeard, unheard } from "./unheard.js";

/** `right`: what a person must hold; without one, being signed in is enough. `rail`: the work of the rail that it is
 * part of; "" for what is none of it.
 * @type {Record<string, {signedIn: boolean, rail: string, right?: string, show: (stage: any) => any}>} */
const SCREENS = {
  home: { signedIn: false, rail: "", show: home.show },
  search: { signedIn: true, rail: "search", right: "search", show: search.show },
  box: { signedIn: true, rail: "search", right: "search", show: box.show },
  jobs: { signedIn: true, rail: "jobs", right: "ask", show: jobs.show },
  job: { signedIn: true, rail: "jobs", show: job.show },
  returns: { signedIn: true, rail: "returns", right: "receive", show: returns.show },
  reshelving: { signedIn: true, rail: "reshelving", right: "shelve", show: reshelving.show },
  stocktakes: { signedIn: true, rail: "reshelving", show: stocktakes.show },
  stocktake: { signedIn: true, rail: "reshelving", show: stocktake.show },
  block: { signedIn: false, rail: "block", show: block.show },
  boards: { signedIn: true, rail: "block", right: "firmware", show: boards.show },
  proof: { signedIn: true, rail: "block", right: "commission", show: proof.show },
  climate: { signedIn: false, rail: "climate", show: climate.show },
  alarms: { signedIn: false, rail: "", show: alarms.show },
  door: { signedIn: false, rail: "", show: door.show },
  entries: { signedIn: true, rail: "trace", right: "read_entries", show: entries.show },
  patrol: { signedIn: false, rail: "", show: patrol.show },
  "patrol-list": { signedIn: true, rail: "", right: "plan_patrols", show: patrolList.show },
  findings: { signedIn: true, rail: "", right: "read_patrols", show: findings.show },
  patrols: { signedIn: true, rail: "trace", right: "read_patrols", show: patrols.show },
  slip: { signedIn: true, rail: "jobs", right: "hand_over", show: slip.show },
  pull: { signedIn: true, rail: "jobs", right: "choose", show: pull.show },
  moves: { signedIn: true, rail: "trace", show: moves.show },
  trapped: { signedIn: false, rail: "", show: trapped.show },
  trace: { signedIn: true, rail: "trace", show: trace.show },
  corrections: { signedIn: true, rail: "", right: "correct_text", show: corrections.show },
  imports: { signedIn: true, rail: "", right: "import", show: imports.show },
  digitise: { signedIn: true, rail: "", right: "digitise", show: digitise.show },
  batches: { signedIn: true, rail: "", right: "digitise", show: batches.show },
  batch: { signedIn: true, rail: "", right: "digitise", show: batch.show },
  cases: { signedIn: true, rail: "", right: "describe", show: cases.show },
  case: { signedIn: true, rail: "", right: "search", show: cases.show },
  fonds: { signedIn: true, rail: "", right: "describe", show: fondsFile.show },
  hooking: { signedIn: true, rail: "", right: "digitise", show: hooking.show },
  printing: { signedIn: true, rail: "", right: "take_out", show: printing.show },
  tables: { signedIn: true, rail: "", right: "take_out", show: tables.show },
  describe: { signedIn: true, rail: "", right: "describe", show: describe.show },
  record: { signedIn: true, rail: "", right: "search", show: record.show },
  site: { signedIn: true, rail: "", right: "site_tables", show: site.show },
  register: { signedIn: true, rail: "", right: "describe", show: register.show },
  placing: { signedIn: true, rail: "reshelving", right: "shelve", show: placing.show },
  "box-place": { signedIn: true, rail: "reshelving", right: "shelve", show: boxPlace.show },
  shelves: { signedIn: true, rail: "reshelving", right: "shelve", show: shelves.show },
  pages: { signedIn: true, rail: "search", right: "view_pages", show: pages.show },
};

const SPEAK_MS = 60_000;

/** Where this person's work begins, the first that is theirs. */
const FIRST = ["search", "block"];

const find = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));
const root = find("screen");

const stage = {
  /** @type {any} */ root,
  /** @type {any} */ snapshot: null,
  /** @type {any} */ session: { person: null },
  /** @type {string[]} */ path: [],
  /** @type {URLSearchParams} */ query: new URLSearchParams(),
  language: document.documentElement.lang,
  zone: document.documentElement.dataset.zone, // of the room: known before its first snapshot
  idledOut: "",
  /** `said`: what it speaks of is seen on the screen to come. @param {string} where @param {() => void} [said] */
  go: (where, said) => {
    saidNext = said ?? null;
    location.hash = `#/${where}`;
  },
  signIn,
};
/** @type {any} */ let shown = null;
/** @type {(() => void) | null} */ let saidNext = null;
/** @type {{person: string, where: string} | null} */ let leftOff = null; // where idleness ended somebody's session
let cards = -1;
let choices = -1;
let heard = true;
let spoke = 0; // when the node was last told that whoever is signed in is still here
let signIns = 0; // an answer about the session that was asked for before the last of them is older than it

/** @param {string} name */
function theirs(name) {
  const { right } = SCREENS[name];
  return !right || may(stage, right);
}

const first = () => FIRST.find(theirs) ?? "trace";

function route() {
  const [path, query] = location.hash.replace(/^#\//, "").split("?");
  stage.path = (path || "home").split("/");
  stage.query = new URLSearchParams(query ?? "");
  let name = stage.path[0] in SCREENS ? stage.path[0] : "home";
  if (SCREENS[name].signedIn && !stage.session.person) name = "home";
  if (name === "home" && stage.session.person) return stage.go(first());
  closeQuestion();
  shown?.leave?.();
  root.replaceChildren();
  root.dataset.screen = name;
  root.scrollTop = 0;
  const { right, show } = SCREENS[name];
  shown = (!right || theirs(name) ? show(stage) : notYours.show(stage, right, first())) ?? {};
  for (const link of document.querySelectorAll(".rail a")) {
    const here = /** @type {HTMLElement} */ (link).dataset.screen === SCREENS[name].rail;
    if (here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (stage.snapshot) shown.update?.(stage.snapshot);
}

/** @param {any} session */
function signIn(session) {
  signIns += 1;
  const before = stage.session.person?.id;
  const who = stage.session.person?.name ?? "";
  stage.session = session;
  const chip = find("person-chip");
  chip.hidden = !session.person;
  if (session.person) setText(chip, `${session.person.name} · ${say("panel.session.leave")}`);
  drawRail();
  if (session.person?.id === before) return;
  const wanted = stage.path[0];
  const back = session.person && leftOff?.person === session.person.id ? leftOff.where : "";
  leftOff = before && !session.person && SCREENS[wanted]?.signedIn ? { person: before, where: location.hash } : null;
  stage.idledOut = leftOff ? who : "";
  if (back) return stage.go(back.replace(/^#\//, ""));
  const elsewhere = !wanted || wanted === "home" || (SCREENS[wanted] && !theirs(wanted));
  if (session.person && elsewhere) stage.go(first());
  else if (!session.person && SCREENS[wanted]?.signedIn) stage.go("home");
  else route();
}

/** Whoever is signed in sees the work that is theirs; STOP and the call for help stand there for everybody. */
function drawRail() {
  for (const link of document.querySelectorAll(".rail a")) {
    const name = /** @type {HTMLElement} */ (link).dataset.screen ?? "";
    /** @type {HTMLElement} */ (link).hidden = Boolean(stage.session.person) && !theirs(name);
  }
}

/** @param {any} told */
async function update(told) {
  if (told.build !== document.documentElement.dataset.build) return location.reload();
  const snapshot = asHeard(told);
  stage.snapshot = snapshot;
  const written = (/** @type {Intl.DateTimeFormatOptions} */ parts) =>
    new Intl.DateTimeFormat(stage.language, { ...parts, hour12: false, timeZone: snapshot.room.zone }).format(snapshot.utc_ms);
  const day = written({ month: "numeric", day: "numeric", weekday: "short" });
  setText(find("clock"), `${day}\n${written({ hour: "2-digit", minute: "2-digit" })}`);
  const open = snapshot.alarms.filter((/** @type {any} */ alarm) => !alarm.acked).length;
  const chip = find("alarm-chip");
  const left = leaving(snapshot.block);
  chip.className = `chip ${open || left ? "alarm" : snapshot.alarms.length ? "known" : ""}`;
  setText(
    chip,
    left
      ? `▲ ${say(`fault.${left.what}`)}`
      : open
      ? `▲ ${say("panel.alarm.chip_open", { count: open })}`
      : snapshot.alarms.length
        ? `△ ${say("panel.alarm.chip_known", { count: snapshot.alarms.length })}`
        : `✓ ${say("panel.alarm.chip_none")}`,
  );
  drawDoor(snapshot.door);
  drawPatrol(snapshot.patrol);
  drawFaults(snapshot);
  drawBanner();
  drawLeave(find("leave"), snapshot.block);
  badge("jobs", snapshot.queue.length);
  badge("reshelving", snapshot.reshelving);
  const choice = snapshot.at_carriage;
  if (choices >= 0 && choice && choice.number !== choices) chosenThere(choice);
  choices = choice?.number ?? 0;
  const { count, accepted, waiting } = snapshot.card;
  const held = waiting && count !== cards; // also before this page was opened: the card still waits for a panel
  const refused = cards >= 0 && count > cards && !accepted;
  cards = count; // before anything is awaited: the next snapshot must not answer this card again
  if (refused) notice(say("panel.session.card_refused"), say("panel.session.card_refused_next"), true);
  if (held) await claimCard(); // what this snapshot says of the session is older than the card
  else if (snapshot.session !== stage.session.mark) await askSession(snapshot.session);
  stillHere();
  onceLifted(() => shown?.update?.(stage.snapshot));
}

/** Whoever fills in a form asks the node nothing for minutes: being touched keeps them signed in. */
function stillHere() {
  if (!stage.session.person || !lately() || performance.now() - spoke < SPEAK_MS) return;
  spoke = performance.now();
  get("session").catch(refusal);
}

/** What does not work, whole, below the bar that is too short for it. What the boards hold latched is named on every
 * screen but the block's own, which says what to do. @param {any} snapshot */
function drawFaults(snapshot) {
  const list = find("faults");
  const { block } = snapshot;
  const latched = block.alive && root.dataset.screen !== "block" ? faultsOf(block).filter(([fault]) => !WORK.includes(fault)) : [];
  const named = [
    ...snapshot.faults.map((/** @type {string} */ name) => `⚠ ${sayOr(`node_fault.${name}`, name)}`),
    ...latched.slice(0, 1).map(([fault]) => html("a", { href: "#/block" }, `⚠ ${say("panel.nav.block")} · ${sayOr(`fault.${fault}`, fault)}`)),
  ];
  list.hidden = !named.length;
  const key = [...snapshot.faults, ...latched.map(([fault]) => fault)].join();
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.replaceChildren(...named.map((one) => html("li", {}, one)));
}

/** How the storeroom door stands, on every screen; nothing where the room has none. @param {any} now */
function drawDoor(now) {
  const chip = find("door-chip");
  chip.hidden = !now;
  if (!now) return;
  const bad = now.barred || (now.open && now.how === "forced");
  chip.className = `chip ${now.unknown ? "" : bad ? "bad" : now.open || now.released || now.waits ? "known" : ""}`;
  const time = (/** @type {number} */ ms) =>
    new Intl.DateTimeFormat(stage.language, { timeStyle: "short", hour12: false, timeZone: stage.zone }).format(ms);
  setText(chip, door.doorInWords(now, time));
}

/** Whether a patrol is late, due or under way, on every screen. @param {any} now */
function drawPatrol(now) {
  const [said, how] = patrol.patrolInWords(now);
  find("patrol-chip").className = `chip ${how}`;
  setText(find("patrol-chip"), said);
}

/** Somebody pressed a carriage's own button: what came of it. @param {any} choice */
function chosenThere({ aisle, code }) {
  const how = !code ? "chosen" : code === "session_needed" ? "nobody" : "refused";
  notice(say(`panel.at_carriage.${how}`, { aisle }), say(`panel.at_carriage.${how}_next`), Boolean(code));
}

/** @param {string} screen @param {number} count */
function badge(screen, count) {
  const mark = /** @type {any} */ (document.querySelector(`.rail [data-screen="${screen}"] .count`));
  mark.hidden = !count;
  setText(mark, String(count));
}

async function claimCard() {
  try {
    signIn(await post("session/card"));
  } catch (error) {
    if (error instanceof Unheard) stage.session.mark = undefined; // it may have signed somebody in all the same
    refusal(error);
  }
}

/** @param {string} mark */
async function askSession(mark) {
  const before = signIns;
  const told = await get("session");
  if (before === signIns) signIn({ ...told, mark });
}

/** @param {boolean} alive */
function linkChanged(alive) {
  document.body.classList.toggle("deaf", !alive);
  heard = alive;
  drawBanner();
  if (!alive && stage.snapshot) {
    const chip = find("alarm-chip");
    chip.className = "chip";
    setText(chip, `? ${say("panel.alarm.chip_unknown")}`);
    stage.snapshot = unheard(stage.snapshot); // also for the screen that somebody turns to now
    drawFaults({ ...stage.snapshot, faults: [] });
    drawDoor(stage.snapshot.door);
    drawPatrol(stage.snapshot.patrol);
    shown?.update?.(stage.snapshot);
  }
  for (const button of document.querySelectorAll("button[data-moves]"))
    /** @type {HTMLButtonElement} */ (button).disabled = !alive;
}

/** A lost link first: what is said of the room is then old; then gas and fire, somebody trapped, work at the block. */
function drawBanner() {
  const banner = find("banner");
  const since = stage.snapshot?.trapped_since_ms;
  const time = (/** @type {number} */ ms) =>
    new Intl.DateTimeFormat(stage.language, { timeStyle: "short", hour12: false, timeZone: stage.zone }).format(ms);
  const work = stage.snapshot ? workBanner(stage.snapshot.work, time) : [];
  const left = stage.snapshot ? leaving(stage.snapshot.block) : null;
  const key = `${heard}/${left?.what}${left?.since_ms}/${since ?? ""}/${work}`;
  if (banner.dataset.key === key) return;
  banner.dataset.key = key;
  banner.hidden = heard && !left && !since && !work.length;
  banner.classList.toggle("work", heard && !left && !since);
  if (!heard) return banner.replaceChildren(html("span", {}, `⚠ ${say("panel.link.lost")}`));
  const [text, where, show] = left
    ? [say(`panel.leave.banner_${left.what}`, { time: time(left.since_ms || stage.snapshot.utc_ms) }), "#/block", "panel.work.show"]
    : since
    ? [say("panel.trapped.banner", { time: time(since) }), "#/trapped", "panel.trapped.show"]
    : [work.join(" · "), "#/block", "panel.work.show"];
  banner.replaceChildren(html("span", { class: "grow" }, `▲ ${text}`), html("a", { href: where }, say(show)));
}

/** STOP and the report go out first; the steps are on the screen whether or not they got through. */
function wireTrapped() {
  find("trapped-form").addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    stage.go("trapped");
    try {
      await trapped.report();
    } catch {
      notice(say("panel.trapped.failed"), "", true);
    }
  });
}

/** Pressed, not released: the finger that comes down stops. The form below it works where this module did not load. */
function wireStop() {
  const button = find("stop");
  let sent = 0;
  const stop = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (event.timeStamp - sent < 400) return;
    sent = event.timeStamp;
    button.classList.add("pressed");
    setTimeout(() => button.classList.remove("pressed"), 600);
    try {
      await post("stop");
      notice(say("panel.stop_sent"), say("panel.stop_next"), false);
    } catch {
      notice(say("panel.stop_failed"), say("panel.stop_failed_next"), true);
    }
  };
  button.addEventListener("pointerdown", stop);
  find("stop-form").addEventListener("submit", stop);
}

function wireLanguages() {
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => {
      document.cookie = `storeroom_language=${/** @type {HTMLElement} */ (button).dataset.language}; path=/; SameSite=Strict; max-age=31536000`;
      location.reload();
    });
  }
}

wireStop();
wireTrapped();
wireLanguages();
addEventListener("unhandledrejection", (event) => {
  if (!(event.reason instanceof Unheard)) return;
  event.preventDefault(); // what nobody waited for: said all the same
  refusal(event.reason);
});
find("person-chip").addEventListener("click", async () => {
  await remove("session");
  signIn({ person: null });
  leftOff = null;
  stage.idledOut = ""; // this person left
});
speak(await get(`words/${stage.language}`));
stage.session = { ...(await get("session")), mark: undefined };
signIn(stage.session);
addEventListener("hashchange", () => {
  find("notices").replaceChildren(); // they spoke of the screen that is left
  route();
  saidNext?.();
  saidNext = null;
});
route();
if (stage.session.person && root.dataset.screen === "home") stage.go(first());
follow(update, linkChanged);
