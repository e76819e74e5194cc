// @ts-check
import { get, post, send } from "../api.js";
import { html, present } from "../elements/draw.js";
import { listed, say } from "../elements/words.js";
import { button, inWords, notice, refusal } from "../notices.js";
import { may } from "../rights.js";
import { complaintsInWords, verdict } from "./page-verdict.js";

/** Pages under the document camera: take one, see at once whether it is good, and what to do where it is not. */

const LIVE_MS = 700; // between two pictures of what lies under the camera
const SILENT_MS = 3000; // until a camera that showed nothing is asked again
const LIVE_FRAMES = 90; // then it rests: whoever walked away is signed out in time

/** @param {any} stage */
export function show(stage) {
  const head = html("div", { class: "page-head" });
  const picture = html("div", { class: "page-picture" });
  const told = html("div", { class: "page-told" });
  const list = html("ul", { class: "page-waiting" });
  stage.root.append(
    html(
      "div",
      { class: "digitise" },
      html("section", { class: "page-now" }, picture),
      html("section", { class: "page-side" }, head, told, list),
    ),
  );
  const itemId = stage.query.get("item") ?? ""; // whose pages are taken, also before the node has said more of it
  /** @type {any} */ let item = null;
  /** @type {any} */ let last = null;
  let busy = false;
  /** @type {[string, string][]} */ let refused = []; // of the files sent last: what is wrong with each, and what to do
  /** @type {{name: string, item_id: string}[]} */ let kept = []; // of them those that have no pages
  let doubts = 0;
  let frames = 0;
  /** @type {ReturnType<typeof setTimeout>} */ let next;
  const live = html("img", { alt: say("panel.digitise.live"), class: "page-live", hidden: true });
  live.addEventListener("load", () => {
    live.hidden = false;
    if (--frames > 0) next = setTimeout(look, LIVE_MS);
  });
  live.addEventListener("error", () => {
    live.hidden = true; // no camera answers: the words say what to do
    if (--frames > 0) next = setTimeout(look, SILENT_MS);
  });

  const look = () => {
    if (live.isConnected && !busy) live.src = `/api/v1/pages/live.jpg?at=${Date.now()}`;
  };

  /** What lies under the camera now, until a page is taken. */
  function watch() {
    clearTimeout(next);
    frames = LIVE_FRAMES;
    look();
    return live;
  }

  async function choose() {
    if (!itemId) return;
    const found = await get(`items/${itemId}/pages`);
    item = { ...found.item, pages_there: found.pages.length, missing: found.missing };
  }

  function drawHead() {
    const files = html("input", { type: "file", class: "page-file", accept: "image/*,audio/*,video/*,.pdf,.tif,.tiff,.ofd", multiple: true });
    files.addEventListener("change", () => working(() => upload([...files.files])));
    head.replaceChildren(...present([
      html(
        "div",
        { class: "page-title" },
        html("h1", {}, item ? item.title : say("panel.digitise.title")),
        html("p", { class: "soft" }, item ? ofItem() : itemId ? "" : say("panel.digitise.by_number")),
      ),
      button(say(busy ? "panel.digitise.working" : "panel.digitise.take"), () => working(take)),
      html("label", { class: "act quiet" }, say("panel.digitise.files"), files),
      waits() ? null : html("a", { class: "act quiet", href: "#/batches" }, say("panel.batch.title")),
      itemId || waits() ? null : html("a", { class: "act quiet", href: "#/hooking" }, say("panel.hooking.title")),
      doubts && !waits() ? html("a", { class: "act quiet", href: "#/corrections" }, say("panel.corrections.open", { count: doubts })) : null,
      refused.length ? html("ul", { class: "page-refused", role: "alert" }, refused.map(([said, next]) => html("li", {}, html("b", {}, said), ` ${next}`))) : null,
    ]));
  }

  /** Whether the page shown waits for a decision: then nothing else is offered that would push it off the screen. */
  const waits = () => last?.state === "held" || last?.state === "loose";

  const ofItem = () =>
    `${item.ref_code} · ${say("panel.digitise.there", { count: item.pages_there })}` +
    (item.missing.length && item.pages ? ` · ${say("panel.digitise.missing", { pages: some(item.missing) })}` : "");

  /** @param {() => Promise<any>} work */
  async function working(work) {
    if (busy) return;
    busy = true;
    refused = [];
    kept = [];
    drawHead();
    try {
      await work();
      await choose();
    } catch (error) {
      return refusal(error);
    } finally {
      busy = false;
      drawHead();
    }
    await load().catch(refusal); // a touch on what it shows first counts, while it still asks what else waits
  }

  async function take() {
    last = await post("pages/look", { item_id: itemId });
  }

  /** The one before goes only when the new one is there. */
  async function retake() {
    const before = last;
    last = await post("pages/look", { item_id: itemId });
    if (last.id !== before.id) await post(`pages/${before.id}/drop`, {});
  }

  /** @param {Record<string, string>} values of the item, as its stamp says */
  const fill = (values) =>
    working(async () => {
      await post(`records/item/${last.items[0].id}/correct`, { values, reason: say("panel.digitise.stamp_reason") });
      last = { ...last, unsaid: {} };
    });

  /** @param {File[]} files */
  async function upload(files) {
    for (const file of files) {
      const about = new URLSearchParams({ name: file.name, item_id: itemId });
      try {
        const { pages, again, e_file, item_id } = await send(`pages/files?${about}`, file);
        if (e_file) kept.push({ name: e_file, item_id });
        last = pages.find((/** @type {any} */ page) => page.state === "held") ?? pages.at(-1) ?? last;
        if (again) notice(say("panel.digitise.again", { file: file.name }), "", false);
      } catch (error) {
        refused.push(inWords(error)); // the next file is taken all the same
      }
    }
  }

  function drawLast() {
    const taken = last?.source === "camera";
    picture.replaceChildren(
      ...(waits()
        ? [html("img", { src: `/api/v1/pages/${last.id}/preview.jpg`, alt: say("panel.digitise.page") })]
        : [
            taken ? html("p", { class: "page-good" }, "✓") : null,
            live, // the next page is laid there meanwhile
            taken ? null : html("p", { class: "soft" }, say("panel.digitise.lay")),
          ].filter(Boolean)),
    );
    if (live.isConnected) watch();
    const again = last?.state === "held" && taken ? () => working(retake) : null;
    told.replaceChildren(
      ...present([
        kept.map((one) =>
          html(
            "div",
            { class: "card page-verdict hooked" },
            html("h2", {}, `✓ ${say("panel.digitise.e_file", { name: one.name })}`),
            html("a", { class: "act quiet", href: `#/pages/${one.item_id}` }, say("panel.digitise.see_file")),
          ),
        ),
        last ? verdict(last, decided, again, may(stage, "correct") ? fill : null) : null,
      ]),
    );
  }

  /** What was decided about the page. @param {string} what @param {any} body */
  const decided = (what, body) =>
    working(async () => {
      last = (await post(`pages/${last.id}/${what}`, body)) ?? null;
    });

  async function load() {
    drawLast();
    const waiting = await get("pages/waiting");
    doubts = (await get("lines/unsure?limit=1")).count;
    drawHead();
    const others = waiting.filter((/** @type {any} */ page) => page.id !== last?.id);
    list.replaceChildren(
      ...present([
        others.length ? html("li", { class: "soft" }, say("panel.digitise.waiting", { count: others.length })) : null,
        others.map((/** @type {any} */ page) =>
          html(
            "li",
            {},
            html(
              "button",
              {
                type: "button",
                class: "page-row",
                onclick: () => {
                  last = page;
                  load().catch(refusal);
                },
              },
              html("b", {}, say(`panel.digitise.state.${page.state}`, { page: "" })),
              html("span", {}, complaintsInWords(page) || page.items[0]?.title || say("panel.digitise.nobodys")),
            ),
          ),
        ),
      ]),
    );
  }

  drawHead();
  choose()
    .then(() => {
      drawHead();
      return load();
    })
    .catch(refusal);
  return { leave: () => clearTimeout(next) };
}

/** @param {number[]} numbers */
function some(numbers) {
  return numbers.length > 6 ? `${listed(numbers.slice(0, 6))}…` : listed(numbers);
}
