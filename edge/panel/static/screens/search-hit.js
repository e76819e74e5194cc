// @ts-check
import { html } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { inOrOut, placeInWords, stateTag } from "./place.js";

const SHOWN = ["title", "ref_code", "box_no", "fonds_no"];

/** One hit: the record with what matched marked, why it matched, where its box is and whether it is in. */

/** @param {any} hit */
export function hitRow(hit) {
  const { item, volume, box } = hit;
  const record = item ?? volume;
  const page = inside(hit)?.page;
  const leaf = item && page ? `&page=${page}` : "";
  const where = record ? `#/box/${box ? box.id : "none"}?${item ? "item" : "volume"}=${record.id}${leaf}` : `#/box/${box.id}`;
  const title = record ? record.title : box.title || say("panel.box.no", { box_no: box.box_no });
  return html(
    "li",
    {},
    html(
      "a",
      { class: "hit", href: where },
      html("span", { class: "hit-title" }, markedOr(hit, "title", title)),
      html("span", { class: "hit-state" }, secretTag(item), stateTag(inOrOut(record, box))),
      html(
        "span",
        { class: "hit-where" },
        volume ? html("span", {}, say("panel.search.volume")) : null,
        record ? html("span", {}, markedOr(hit, "ref_code", record.ref_code)) : null,
        box ? html("span", {}, say("panel.box.no", { box_no: box.box_no })) : null,
        record ? null : html("span", {}, say("panel.search.fonds"), " ", markedOr(hit, "fonds_no", box.fonds_no)),
        box && (box.slot || box.home_slot) ? html("span", {}, placeInWords(box.slot || box.home_slot)) : null,
      ),
      html("span", { class: "hit-why" }, say(`panel.search.why.${hit.why}`)),
      elsewhere(hit),
    ),
  );
}

/** The mark 密级 of a secret item, for whoever is cleared to see it at all. @param {any} item */
const secretTag = (item) => (!item || item.secret_level === "public" || item.secret_level === "internal" ? [] : html("span", { class: "tag bad" }, say(`panel.secret.${item.secret_level}`)));

/** The field with its matches marked, or the text as it is. @param {any} hit @param {string} field @param {string} text */
function markedOr(hit, field, text) {
  const mark = hit.marks.find((/** @type {any} */ one) => one.field === field);
  return mark ? pieces(mark) : text;
}

/** The match that neither title nor number shows, or not alone: on a page or in the scope first of all. @param {any} hit */
function inside(hit) {
  const beyond = hit.marks.find((/** @type {any} */ one) => one.field === "text" || one.field === "scope");
  return beyond ?? (hit.marks.some((/** @type {any} */ one) => SHOWN.includes(one.field)) ? null : hit.marks[0]);
}

/** A line for it. @param {any} hit */
function elsewhere(hit) {
  const mark = inside(hit);
  if (!mark) return null;
  return html(
    "span",
    { class: "hit-more" },
    html("b", {}, say(`panel.search.inside.${mark.field}`, { page: mark.page })),
    html("span", {}, pieces(mark)),
  );
}

/** @param {any} mark */
function pieces(mark) {
  const told = [];
  const letters = [...mark.text]; // ranges count characters, not the halves JavaScript counts
  let from = 0;
  for (const [start, end] of mark.ranges) {
    told.push(letters.slice(from, start).join(""), html("mark", {}, letters.slice(start, end).join("")));
    from = end;
  }
  told.push(letters.slice(from).join(""));
  return told;
}
