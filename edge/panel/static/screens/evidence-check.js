// @ts-check
import { send } from "../api.js";
import { html } from "../elements/draw.js";
import { say } from "../elements/words.js";
import { chosen, refusal } from "../notices.js";

/** An evidence file that somebody brings: whole or not, of which record, and whose signature. @param {any} stage */
export function checkEvidence(stage) {
  const file = html("input", { type: "file", accept: ".zip", class: "page-file" });
  file.addEventListener("change", () => check(file.files[0]).catch(refusal));
  return html("label", { class: "act quiet" }, say("panel.evidence.check"), file);

  /** @param {File | undefined} brought */
  async function check(brought) {
    if (!brought) return;
    file.value = "";
    const told = await send(`evidence/check?name=${encodeURIComponent(brought.name)}`, brought);
    const made = new Intl.DateTimeFormat(stage.language, { dateStyle: "long", timeStyle: "short", hour12: false, timeZone: stage.zone });
    const details = html(
      "div",
      {},
      html("p", {}, say("panel.evidence.found", told)),
      html("p", { class: "soft" }, made.format(told.utc_ms)),
      html("p", { class: "path" }, told.own_key ? `✓ ${say("panel.evidence.own_key")}` : `⚠ ${say("panel.evidence.other_key", told)}`),
    );
    await chosen(`✓ ${say("panel.evidence.whole")}`, details, []);
  }
}
