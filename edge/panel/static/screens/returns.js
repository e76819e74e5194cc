// @ts-check
import { post } from "../api.js";
import { html, present } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { button } from "../notices.js";
import { readByPerson, verdictCard } from "./job-parts.js";
import { jobTitle } from "./place.js";

/** Something comes back: held to the camera, checked, confirmed. With the confirmation the borrower's liability ends. */

/** @param {any} stage */
export function show(stage) {
  const body = html("div", { class: "returns" });
  stage.root.append(html("h1", {}, say("panel.return.title")), body);

  const check = async () => draw(await post("returns/check"));

  /** @param {any} told */
  function draw(told) {
    const confirm = async (/** @type {string} */ number) =>
      draw(await post("returns/confirm", { look_id: told.verdict.look_id, number }));
    body.replaceChildren(
      ...present([
        verdictCard(told.verdict),
        told.verdict.cannot_tell ? readByPerson("thing", confirm) : null,
        told.loans.length
          ? html(
              "ul",
              { class: "job-list" },
              told.loans.map((/** @type {any} */ loan) =>
                html(
                  "li",
                  { class: "card" },
                  html("b", {}, jobTitle(loan)),
                  html(
                    "p",
                    { class: "soft" },
                    say("panel.return.confirmed", { person: loan.person_name, due: loan.due }),
                  ),
                ),
              ),
            )
          : null,
        html(
          "div",
          { class: "row end" },
          told.verdict.ok ? null : button(say("panel.return.check_again"), check),
          button(say("panel.return.another"), async () => ask(), { quiet: true }),
          told.box && told.verdict.ok
            ? html("a", { class: "act", href: `#/reshelving/${told.box.id}` }, say("panel.return.shelve"))
            : null,
        ),
      ]),
    );
  }

  function ask() {
    body.replaceChildren(
      html(
        "div",
        { class: "job-body" },
        html("div", { class: "camera-spot", "aria-hidden": "true" }),
        html(
          "div",
          { class: "grow" },
          html("h2", { class: "now" }, say("panel.return.hold")),
          html("p", { class: "now-more" }, say("panel.return.hold_more")),
        ),
        html("div", { class: "job-acts" }, button(say("panel.return.check"), check)),
      ),
    );
  }

  ask();
  return {};
}
