// @ts-check
import { fetched, get } from "../api.js";
import { html, present } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { button, refusal } from "../notices.js";
import { saveFile } from "../save-file.js";
import { fileFacts, fourChecks } from "./page-facts.js";

/** The viewer: one item's pages, each with who, when and why across it; nothing is shown before a purpose is chosen. */

/** @param {any} stage */
export function show(stage) {
  const paper = html("div", { class: "leaf" });
  const side = html("div", { class: "leaf-side" });
  stage.root.append(html("div", { class: "viewer" }, paper, side));
  const mayTake = Boolean(stage.session.person?.rights.includes("take_pages"));
  const mayDigitise = Boolean(stage.session.person?.rights.includes("digitise"));
  /** @type {any} */ let found = null;
  const wanted = Number(stage.query.get("page")); // where a search found it
  let at = 0;
  let purpose = "";
  let wide = false;
  /** @type {any[]} */ let others = [];
  /** @type {any} */ let played = null;
  const written = html("pre", { class: "leaf-text", hidden: true });

  async function load() {
    found = await get(`items/${stage.path[1]}/leaves`);
    others = await get(`items/${stage.path[1]}/e-files`);
    if (!found.pages.length) played = others[0] ?? null;
    at = Math.max(0, found.pages.findIndex((/** @type {any} */ one) => one.page_no === wanted));
    draw();
  }

  function draw() {
    const page = found.pages[at];
    drawPaper(page);
    side.replaceChildren(
      ...present([
        html(
          "div",
          { class: "row" },
          html("button", { type: "button", class: "act quiet", onclick: () => history.back() }, `‹ ${say("panel.back")}`),
          html("span", { class: "grow" }),
          mayDigitise
            ? html("a", { class: "act quiet", href: `#/digitise?item=${found.item.id}` }, say("panel.digitise.title"))
            : null,
        ),
        html("h1", {}, found.item.title),
        page ? turning() : others.length ? null : html("p", { class: "card" }, say("panel.pages.none")),
        others.length ? choosing() : null,
        played ? taking() : page && purpose ? acts(page) : null,
        (played ?? page)?.report ? fourChecks((played ?? page).report) : null,
        played ?? page ? fileFacts(stage, played ?? page) : null,
        played ? null : written,
      ]),
    );
  }

  /** @param {any} page */
  function drawPaper(page) {
    paper.classList.toggle("wide", wide);
    if (!page && !played) return paper.replaceChildren();
    if (!purpose) {
      paper.replaceChildren(
        html(
          "div",
          { class: "leaf-why" },
          html("h2", {}, say("panel.pages.why")),
          found.purposes.map((/** @type {string} */ one) =>
            html(
              "button",
              {
                type: "button",
                class: "act",
                onclick: () => {
                  purpose = one;
                  draw();
                },
              },
              say(`panel.pages.purpose.${one}`),
            ),
          ),
        ),
      );
      return;
    }
    if (played) return play();
    written.hidden = true;
    const picture = html("img", {
      src: `/api/v1/pages/${page.id}/view.jpg?purpose=${purpose}`,
      alt: say("panel.pages.page", { page: page.page_no }),
    });
    picture.addEventListener("load", () => write(page)); // after it: text and picture are one look in the trace
    picture.addEventListener("click", () => {
      wide = !wide;
      paper.classList.toggle("wide", wide);
    });
    paper.replaceChildren(picture);
  }

  /** What was read on the page that is shown. @param {any} page */
  async function write(page) {
    const { text } = await get(`pages/${page.id}/text?purpose=${purpose}`).catch(refusal) ?? {};
    if (page !== found.pages[at]) return;
    written.textContent = text ?? "";
    written.hidden = !text;
  }

  /** Sound, video and OFD beside the pages. */
  function choosing() {
    const glyph = /** @type {Record<string, string>} */ ({ sound: "♪", video: "▶", document: "▤" });
    return html(
      "div",
      { class: "filters" },
      others.map((one) =>
        html(
          "button",
          {
            type: "button",
            class: "filter",
            "aria-pressed": String(played === one),
            onclick: () => {
              played = played === one ? null : one;
              draw();
            },
          },
          `${glyph[one.kind]} ${one.name}`,
        ),
      ),
    );
  }

  /** Who, when and why stands over it as long as it plays. */
  function play() {
    const mark = html("p", { class: "leaf-mark" }, found.marks[purpose]);
    // nothing may enlarge it away from its mark, or save it past the right to take it along
    const kept = { controls: true, controlslist: "nodownload nofullscreen noremoteplayback", oncontextmenu: (/** @type {Event} */ event) => event.preventDefault() };
    const src = `/api/v1/e-files/${played.id}/play?purpose=${purpose}`;
    const player =
      played.kind === "video"
        ? html("video", { src, ...kept, disablepictureinpicture: true })
        : played.kind === "sound"
          ? html("audio", { src, ...kept })
          : layer();
    paper.replaceChildren(html("div", { class: "leaf-player" }, player, mark));
  }

  /** What an OFD carries as text; its layout and seals are not drawn. */
  function layer() {
    const text = html("div", { class: "leaf-layer" }, html("p", { class: "card" }, say("panel.pages.not_drawn")));
    get(`e-files/${played.id}/text?purpose=${purpose}`)
      .then((told) =>
        text.append(
          ...present([
            told.title ? html("h2", {}, told.title) : null,
            told.signed ? html("p", { class: "card" }, say("panel.pages.ofd_signed")) : null,
            told.pages.map((/** @type {string} */ page, /** @type {number} */ no) => [
              html("h3", {}, say("panel.pages.of", { page: no + 1, count: told.count })),
              html("pre", { class: "leaf-text" }, page || say("panel.pages.ofd_no_text")),
            ]),
          ]),
        ),
      )
      .catch(refusal);
    return text;
  }

  function taking() {
    if (!mayTake || !purpose) return null;
    const take = () => saveFile(`e-files/${played.id}/take?purpose=${purpose}`, played.name);
    return html("div", { class: "row" }, button(say("panel.pages.download"), take, { quiet: true }));
  }

  function turning() {
    const turn = (/** @type {number} */ by) => () => {
      at = Math.min(found.pages.length - 1, Math.max(0, at + by));
      played = null;
      draw();
    };
    const step = (/** @type {string} */ label, /** @type {number} */ by, /** @type {string} */ name) =>
      html("button", { type: "button", class: "act quiet", "aria-label": name, disabled: !found.pages[at + by], onclick: turn(by) }, label);
    return html(
      "div",
      { class: "row" },
      step("‹", -1, say("panel.pages.before")),
      html("b", { class: "grow leaf-no" }, say("panel.pages.of", { page: found.pages[at].page_no, count: found.pages.length })),
      step("›", 1, say("panel.pages.next")),
    );
  }

  /** @param {any} page */
  function acts(page) {
    if (!mayTake) return null;
    return html(
      "div",
      { class: "row" },
      button(say("panel.pages.download"), () => saveFile(`pages/${page.id}/take?how=download&purpose=${purpose}`, page.name), { quiet: true }),
      button(say("panel.pages.print"), () => print(page), { quiet: true }),
    );
  }

  /** @param {any} page */
  async function print(page) {
    const picture = await createImageBitmap(await fetched(`pages/${page.id}/take?how=print&purpose=${purpose}`));
    const sheet = html("canvas", { class: "print-sheet", width: picture.width, height: picture.height });
    sheet.getContext("2d").drawImage(picture, 0, 0);
    document.body.append(sheet);
    window.print();
    sheet.remove();
  }

  load().catch(refusal);
  return {};
}
