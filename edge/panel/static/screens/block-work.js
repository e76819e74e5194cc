// @ts-check
import { post } from "../api.js";
import { html } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { button } from "../notices.js";
import { may, missing } from "../rights.js";

/** Somebody works at the block: who holds the maintenance key. Keys and padlocks themselves are turned at the block only. */

/** Names in `faultsOf` that are no faults: they end with the key or the padlock. */
export const WORK = ["maintenance", "locked_out"];

/** Who holds the key, and the button with which a person signs for it. @param {any} snapshot @param {any} stage */
export function keyHolder(snapshot, stage) {
  const name = snapshot.work.maintenance?.name;
  const mine = name && name === stage.session.person?.name;
  return html(
    "div",
    { class: "row" },
    html("p", { class: "grow now-more" }, name ? say("panel.work.held_by", { name }) : say("panel.work.held_by_nobody")),
    mine
      ? null
      : !stage.session.person
        ? html("a", { class: "act", href: "#/home" }, say("panel.work.sign_in"))
        : may(stage, "maintain")
          ? button(say("panel.work.sign"), () => post("maintenance/sign"), { quiet: Boolean(name) })
          : missing("maintain"),
  );
}

/** What the banner says of it, a text for each kind. @param {any} work @param {(ms: number) => string} time @returns {string[]} */
export function workBanner(work, time) {
  const said = [];
  const key = work.maintenance;
  if (key) {
    const at = { time: time(key.since_ms), name: key.name };
    said.push(key.name ? say("panel.work.banner_key", at) : say("panel.work.banner_key_nobody", { time: at.time }));
  }
  if (work.lockout) said.push(say("panel.work.banner_lock", { time: time(work.lockout.since_ms) }));
  return said;
}
