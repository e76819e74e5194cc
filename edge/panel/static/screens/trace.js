// @ts-check
import { get } from "../api.js";
import { html, under } from "../elements/draw.js";
import { say, sayOr } from "../elements/words.js";
import { button } from "../notices.js";
import { may } from "../rights.js";
import { keptUp } from "./kept-up.js";

/** What happened, newest first. */

/** @param {any} stage */
export function show(stage) {
  const list = html("table", { class: "rows trace" });
  const register = may(stage, "read_trace") || may(stage, "choose");
  stage.root.append(
    html(
      "div",
      { class: "row" },
      stage.query.get("box") ? html("button", { type: "button", class: "act quiet", onclick: () => history.back() }, `‹ ${say("panel.back")}`) : null,
      html("h1", { class: "grow" }, say(stage.query.get("box") ? "panel.trace.of_box" : "panel.trace.title")),
      may(stage, "site_tables") && !may(stage, "describe") ? html("a", { class: "act quiet", href: "#/site" }, say("panel.site.title")) : null,
      register ? html("a", { class: "act quiet", href: "#/moves" }, say("panel.moves.title")) : null,
    ),
    list,
  );

  /** @type {Set<string>} pictures that stay open when the list is drawn again */
  const open = new Set();

  /** What the camera saw in a label check, under a key. @param {string} look */
  function picture(look) {
    const place = html("div", { class: "row" });
    const draw = () =>
      place.replaceChildren(
        button(say("panel.verdict.picture"), toggle, { quiet: true }),
        ...(open.has(look) ? [html("img", { class: "look", src: `/api/v1/looks/${look}.jpg`, alt: say("panel.verdict.picture") })] : []),
      );
    const toggle = async () => {
      if (!open.delete(look)) open.add(look);
      draw();
    };
    draw();
    return place;
  }

  async function load() {
    const { events } = await get(`trace?limit=200${stage.query.get("box") ? `&box=${stage.query.get("box")}` : ""}`);
    const zone = { timeZone: stage.zone };
    const day = new Intl.DateTimeFormat(stage.language, { month: "numeric", day: "numeric", ...zone });
    const clock = new Intl.DateTimeFormat(stage.language, { timeStyle: "medium", hour12: false, ...zone });
    const today = day.format(stage.snapshot.utc_ms);
    const when = (/** @type {number} */ ms) =>
      day.format(ms) === today ? clock.format(ms) : `${day.format(ms)} ${clock.format(ms)}`;
    list.replaceChildren(
      ...under(
        ["seq", "time", "what", "who", "detail"].map((name) => say(`panel.trace.head_${name}`)),
        events.map((/** @type {any} */ event) =>
          html(
            "tr",
            {},
            html("td", {}, String(event.seq)),
            html("td", {}, when(event.utc_ms)),
            html("th", { scope: "row" }, sayOr(`panel.event.${event.action}`, event.action)),
            html("td", {}, event.actor_name),
            html("td", { class: "soft" }, event.detail, event.look ? picture(event.look) : null),
          ),
        ),
      ),
    );
  }

  return keptUp((/** @type {any} */ snapshot) => snapshot.trace_seq, load);
}
