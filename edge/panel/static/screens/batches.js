// @ts-check
import { get, post } from "../api.js";
import { html } from "../elements/draw.js";
import { worded } from "../elements/key-board.js";
import { say } from "../elements/words.js";
import { button, refusal } from "../notices.js";

/** Digitisation batches: begin one, or go on with one. */

/** @param {any} stage */
export function show(stage) {
  const begin = html("div", { class: "card batch-begin" });
  const list = html("ul", { class: "job-list" });
  stage.root.append(
    html(
      "div",
      { class: "row" },
      html("h1", { class: "grow" }, say("panel.batch.title")),
      html("a", { class: "act quiet", href: "#/digitise" }, say("panel.digitise.title")),
    ),
    begin,
    list,
  );
  const day = new Intl.DateTimeFormat(stage.language, { dateStyle: "medium" });

  async function load() {
    try {
      const { batches, suggested } = await get("batches");
      const name = worded(say("panel.batch.name"), { value: suggested });
      const contractor = worded(say("panel.batch.contractor"));
      const open = async () => {
        const made = await post("batches", { name: name.value, contractor: contractor.value });
        stage.go(`batch/${made.id}`);
      };
      begin.replaceChildren(
        html("div", { class: "row" }, html("div", { class: "batch-name" }, name), html("div", { class: "grow" }, contractor), button(say("panel.batch.open"), open)),
      );
      list.replaceChildren(
        ...batches.map((/** @type {any} */ one) =>
          html(
            "li",
            {},
            html(
              "a",
              { class: "hit", href: `#/batch/${one.id}` },
              html("span", { class: "hit-title" }, [one.name, one.contractor].filter(Boolean).join(" · ")),
              html("span", { class: "hit-state" }, html("span", { class: one.state === "open" ? "tag info" : "tag good" }, say(`panel.batch.state.${one.state}`))),
              html("span", { class: "hit-where" }, day.format(one.opened_ms)),
            ),
          ),
        ),
      );
    } catch (error) {
      refusal(error);
    }
  }
  load();
  return {};
}
