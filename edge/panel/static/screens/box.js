// @ts-check
import { get, post } from "../api.js";
import "../elements/block-plan.js";
import { html, present } from "../elements/draw.js";
import "../elements/shelf-face.js";
import { say, sayOr } from "../elements/words.js";
import { button, refusal } from "../notices.js";
import { may, missing } from "../rights.js";
import { inOrOut, placeInWords, stateTag } from "./place.js";

/** One item, volume or box: what it is, where it stands (plan and face), and the three ways to ask for it. */

/** @param {any} stage */
export function show(stage) {
  const plan = html("block-plan", { class: "compact" });
  const left = html("div", { class: "record" });
  const right = html("div", { class: "where" });
  stage.root.append(html("div", { class: "box-screen" }, left, right));
  /** @type {any} */ let placed = null;
  const leaf = Number(stage.query.get("page")) || 0; // of the item, where a search found it
  load();

  async function load() {
    const [level] = ["item", "volume"].filter((one) => stage.query.get(one));
    const subject = stage.query.get(level ?? "");
    try {
      const found =
        stage.path[1] === "none"
          ? { box: null, items: [], loan: null, place: null, [level ?? "item"]: await get(`${level}s/${subject}`) }
          : await get(`boxes/${stage.path[1]}${level ? `?${level}=${subject}` : ""}`);
      drawRecord(found);
      placed = found.place;
      if (placed) {
        const face = html("shelf-face");
        face.show(placed);
        plan.mark(placed);
        right.replaceChildren(
          html(
            "p",
            { class: "where-line" },
            html("b", {}, placeInWords(placed.slot)),
            html("span", { class: "soft" }, placed.slot),
            placed.standing ? null : html("span", { class: "tag warn" }, say("panel.box.not_there")),
          ),
          plan,
          face,
        );
        if (stage.snapshot) plan.show(stage.snapshot.block);
      } else {
        right.replaceChildren(html("p", { class: "card" }, say("panel.box.no_place")));
      }
    } catch (error) {
      refusal(error);
    }
  }

  /** @param {any} found */
  function drawRecord({ box, item, volume, items, loan }) {
    const record = item ?? volume;
    const ask = async (/** @type {any} */ what) => stage.go(`job/${(await post("requests", what)).id}`);
    const facts = item
      ? [
          ["fonds", item.fonds_no],
          ["date", item.date_written || item.date],
          ["year", item.year],
          ["retention", sayOr(`panel.search.kept.${item.retention}`, item.retention)],
          ["secret_level", say(`panel.secret.${item.secret_level}`)],
          ["doc_no", item.doc_no],
          ["responsible", item.responsible],
          ["pages", item.pages],
        ]
      : volume
        ? [
            ["fonds", volume.fonds_no],
            ["year", volume.year],
            ["span", [...new Set([volume.start_date, volume.end_date])].filter(Boolean).join("—")],
            ["retention", sayOr(`panel.search.kept.${volume.retention}`, volume.retention)],
            ["secret_level", say(`panel.secret.${volume.secret_level}`)],
            ["responsible", volume.responsible],
            ["pages", volume.pages],
            ["items", items.length],
          ]
        : [
            ["fonds", box?.fonds_no ?? ""],
            ["items", items.length],
          ];
    const free = !loan && may(stage, "ask");
    left.replaceChildren(
      ...present([
        html(
          "div",
          { class: "row" },
          html(
            "button",
            { type: "button", class: "act quiet", onclick: () => history.back() },
            `‹ ${say("panel.back")}`,
          ),
          html("span", { class: "grow" }),
          stateTag(inOrOut(record, box)),
        ),
        html("h1", {}, record ? record.title : box.title || say("panel.box.no", { box_no: box.box_no })),
        html(
          "dl",
          { class: "facts" },
          record?.ref_code ? html("div", { class: "whole" }, html("dt", {}, say("panel.fact.ref_code")), html("dd", {}, record.ref_code)) : null,
          box ? html("div", {}, html("dt", {}, say("panel.fact.box")), html("dd", {}, box.box_no)) : null,
          facts
            .filter(([, value]) => value !== null && value !== "")
            .map(([name, value]) =>
              html("div", {}, html("dt", {}, say(`panel.fact.${name}`)), html("dd", {}, String(value))),
            ),
        ),
        item
          ? null
          : html(
              "ul",
              { class: "box-items" },
              items
                .slice(0, 60)
                .map((/** @type {any} */ one) =>
                  html(
                    "li",
                    {},
                    html(
                      "a",
                      { href: `#/box/${box.id}?item=${one.id}` },
                      html("span", { class: "soft" }, one.ref_code),
                      " ",
                      one.title,
                    ),
                  ),
                ),
            ),
        loan
          ? html(
              "p",
              { class: "card" },
              say("panel.box.loan_runs", { state: say(`panel.loan.${loan.state}`) }),
              loan.queued && !loan.yours ? ` ${say("panel.box.asked_by_other")}` : "",
            )
          : null,
        may(stage, "ask") ? null : missing("ask"),
        html(
          "div",
          { class: "asks" },
          item && free ? button(say("panel.ask.item"), () => ask({ item_id: item.id })) : null,
          volume && free ? button(say("panel.ask.volume"), () => ask({ volume_id: volume.id }), { quiet: Boolean(item) }) : null,
          box && free ? button(say("panel.ask.box"), () => ask({ box_id: box.id }), { quiet: Boolean(record) }) : null,
          record && stage.session.person?.rights.includes("correct")
            ? html("a", { class: "act quiet", href: `#/record/${item ? "item" : "volume"}/${record.id}` }, say("panel.record.edit"))
            : null,
          box && may(stage, "shelve") ? html("a", { class: "act quiet", href: `#/box-place/${box.id}` }, say("panel.placing.past")) : null,
          box && (may(stage, "check") || may(stage, "read_trace")) ? html("a", { class: "act quiet", href: `#/trace?box=${box.id}` }, say("panel.trace.of_box")) : null,
          item && may(stage, "view_pages")
            ? html("a", { class: "act quiet", href: `#/pages/${item.id}${leaf ? `?page=${leaf}` : ""}` }, say("panel.pages.open"))
            : null,
          loan && loan.queued && loan.yours ? html("a", { class: "act", href: `#/job/${loan.id}` }, say("panel.jobs.open")) : null,
        ),
      ]),
    );
  }

  return { update: (/** @type {any} */ snapshot) => placed && plan.show(snapshot.block) };
}
