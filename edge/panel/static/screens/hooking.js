// @ts-check
import { get, post, send } from "../api.js";
import { html, present } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { button, chosen, notice, refusal } from "../notices.js";

/** A folder of scans: what each file would be hooked to and why, then the hooking itself, then what a person has to settle. */

const LITTER = /(^|\/)(\.|Thumbs\.db$|desktop\.ini$|SHA256SUMS)/i;
const TAGS = { planned: "good", hooked: "good", settled: "good", already: "info", unsure: "warn", refused: "bad" };
const FIRST = 100; // lines shown; the counts are of all

/** @param {any} stage */
export function show(stage) {
  const head = html("div", { class: "row" });
  const body = html("div", { class: "hooking" });
  stage.root.append(head, body);
  /** @type {{root: string, files: {path: string, sha256: string, stamp: string, file: File}[]} | null} */ let folder = null;
  /** @type {any[]} */ let lines = [];
  /** @type {any} */ let run = null;
  /** @type {any[]} */ let runs = [];
  let earlier = false; // the list of runs is open
  let busy = "";
  let left = false;
  let open = ""; // the state whose files are shown, "" = those that want a person

  function draw() {
    const files = html("input", { type: "file", class: "page-file", webkitdirectory: true, multiple: true });
    files.addEventListener("change", () => look([...files.files]).catch(failed));
    const planned = folder !== null && !run && !busy;
    const count = lines.filter((one) => one.state === "planned" || one.state === "unsure").length;
    head.replaceChildren(
      ...present([
        html("a", { class: "act quiet", href: "#/digitise" }, `‹ ${say("panel.back")}`),
        html("h1", { class: "grow" }, folder?.root || run?.root || say("panel.hooking.title")),
        busy || planned || runs.length < 2 ? null : html("button", { type: "button", class: "act quiet", "aria-pressed": String(earlier), onclick: () => ((earlier = !earlier), draw()) }, say("panel.hooking.earlier", { count: runs.length - 1 })),
        busy ? null : html("label", { class: planned ? "act quiet" : "act" }, say("panel.hooking.choose"), files),
        planned && count ? button(say("panel.hooking.begin", { count }), () => hook().catch(failed)) : null,
      ]),
    );
    if (earlier) return body.replaceChildren(html("ul", { class: "number-list card" }, runs.map(runLine)));
    const shown = open ? lines.filter((one) => one.state === open) : lines.filter((one) => one.state !== "hooked" && one.state !== "already");
    body.replaceChildren(
      ...present([
        busy ? html("p", { class: "card", role: "status" }, busy) : null,
        !lines.length && !busy && !run ? html("p", { class: "card soft" }, say("panel.hooking.how")) : null,
        counts(),
        planned ? html("p", { class: "soft" }, say("panel.hooking.plan")) : null,
        open && !shown.length ? html("p", { class: "card soft" }, say("panel.hooking.none_of_these")) : null,
        run && !run.ended_ms && !busy ? html("p", { class: "card" }, say("panel.hooking.cut_off", { folder: run.root })) : null,
        shown.length ? html("ul", { class: "hook-list card" }, shown.slice(0, FIRST).map(line)) : null,
        shown.length > FIRST ? html("p", { class: "soft" }, say("panel.hooking.more", { count: shown.length - FIRST })) : null,
      ]),
    );
  }

  /** One folder that was hooked, when, by whom and what became of its files. @param {any} one */
  function runLine(one) {
    const time = new Intl.DateTimeFormat(stage.language, { dateStyle: "short", timeStyle: "short", hour12: false, timeZone: stage.zone });
    const told = Object.keys(TAGS).filter((state) => one.counts[state]).map((state) => `${say(`hook.state.${state}`)} ${one.counts[state]}`);
    return html(
      "li",
      {},
      html("span", { class: "grow" }, html("b", {}, one.root), html("small", { class: "soft block" }, present([time.format(one.begun_ms), one.person_name || null, one.ended_ms ? null : say("panel.hooking.unfinished"), ...told]).join(" · "))),
      html("button", { type: "button", class: "act quiet", "aria-pressed": String(run?.id === one.id), onclick: () => load(one.id).catch(failed) }, say("panel.hooking.look")),
    );
  }

  function counts() {
    /** @type {Record<string, number>} */ const told = run && !busy ? run.counts : {};
    if (!run || busy) for (const one of lines) told[one.state] = (told[one.state] ?? 0) + 1;
    const states = Object.keys(TAGS).filter((state) => told[state]);
    if (!states.length) return null;
    const press = (/** @type {string} */ state) =>
      html(
        "button",
        { type: "button", class: "act quiet", "aria-pressed": String(state === open), disabled: Boolean(busy), onclick: () => only(state === open ? "" : state).catch(failed) },
        html("span", { class: `tag ${TAGS[/** @type {keyof typeof TAGS} */ (state)]}` }, say(`hook.state.${state}`)),
        String(told[state]),
      );
    return html("div", { class: "hook-counts" }, states.map(press));
  }

  /** Only the files that became this, with the reason of each; "" = what wants a person. @param {string} state */
  async function only(state) {
    open = state;
    if (!run) return draw();
    if (!state) return load(run.id);
    lines = (await get(`hooking/${run.id}/files?state=${state}`)).files;
    draw();
  }

  /** @param {any} one */
  const line = (one) =>
    html(
      "li",
      {},
      html("span", { class: `tag ${TAGS[/** @type {keyof typeof TAGS} */ (one.state)]}` }, one.said),
      html("span", { class: "path" }, one.path, html("small", { class: "soft" }, one.page ? `${one.why} · ${say("panel.hooking.page", { page: one.page })}` : one.why)),
      html(
        "span",
        { class: "row" },
        one.item_id ? html("a", { class: "act quiet", href: `#/record/item/${one.item_id}` }, say("panel.hooking.record")) : null,
        one.settles ? button(say("panel.hooking.settle"), () => settle(one), { quiet: true }) : null,
      ),
    );

  /** @param {File[]} chosenFiles */
  async function look(chosenFiles) {
    const scans = chosenFiles.filter((file) => !LITTER.test(file.webkitRelativePath)).sort((a, b) => (a.webkitRelativePath < b.webkitRelativePath ? -1 : 1));
    if (!scans.length) return notice(say("panel.hooking.empty"), "", true);
    run = null;
    open = "";
    earlier = false;
    lines = [];
    folder = { root: scans[0].webkitRelativePath.split("/")[0], files: [] };
    for (const [at, file] of scans.entries()) {
      if (left) return;
      busy = say("hook.doing.look", { done: at + 1, total: scans.length });
      draw();
      const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
      const sha256 = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      folder.files.push({ path: file.webkitRelativePath.split("/").slice(1).join("/"), sha256, stamp: `${file.size} ${file.lastModified}`, file });
    }
    lines = (await post("hooking/plan", told())).files;
    busy = "";
    draw();
  }

  const told = () => ({ root: folder?.root ?? "", files: folder?.files.map(({ path, sha256, stamp }) => ({ path, sha256, stamp })) ?? [] });

  async function hook() {
    if (!folder) return;
    const begun = await post("hooking/begin", told());
    const wanted = new Set(begun.send);
    const files = folder.files.filter((one) => wanted.has(one.path));
    for (const [at, one] of files.entries()) {
      if (left) return; // the same folder, chosen again, goes on here
      busy = say("hook.doing.take", { done: at + 1, total: files.length });
      draw();
      const became = await send(`hooking/${begun.run}/file?path=${encodeURIComponent(one.path)}`, one.file);
      lines = lines.map((line) => (line.path === one.path ? became : line));
    }
    await post(`hooking/${begun.run}/end`);
    busy = "";
    folder = null;
    await load();
  }

  /** @param {any} one */
  async function settle(one) {
    const reason = html("input", { type: "text", autocomplete: "off" });
    const over = html("input", { type: "checkbox" });
    const details = html(
      "div",
      { class: "form single" },
      html("p", {}, `${one.path}：${one.why}`),
      html("label", {}, html("span", {}, say("panel.record.reason")), reason),
      one.code === "pages_there" ? html("label", { class: "tick" }, html("span", {}, say("panel.hooking.replacing")), over) : null,
    );
    const acts = html("button", { class: "act", value: "yes" }, say("panel.hooking.settle"));
    const settling = () => post(`hooking/${run.id}/settle`, { path: one.path, reason: reason.value, replacing: over.checked });
    if (await chosen(say("panel.hooking.settle_ask"), details, [acts], settling)) await load(run.id);
  }

  /** @param {string} [id] the newest run where none is named */
  async function load(id = "") {
    open = "";
    earlier = false;
    const answer = await get(`hooking?run=${id}`);
    ({ run, runs } = answer);
    lines = answer.files;
    draw();
  }

  /** @param {any} error */
  function failed(error) {
    busy = "";
    draw();
    refusal(error);
  }

  load().catch(refusal);
  return { leave: () => (left = true) };
}
