// @ts-check
import { byId } from "./draw.js";
import { say } from "./words.js";

/** One's own password; afterwards one signs in anew. */

byId("own-password").addEventListener("submit", async (event) => {
  event.preventDefault();
  const fields = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
  const refused = byId("refused");
  try {
    const body = JSON.stringify({ old: fields.get("old"), new: fields.get("new") });
    const answer = await fetch("/api/v1/session/password", { method: "PUT", headers: { "Content-Type": "application/json" }, body });
    if (answer.ok) return location.assign("/login");
    const error = await answer.json();
    refused.textContent = `${say(`error.${error.code}`, error.params)} ${say(`recovery.${error.recovery}`, error.params)}`;
  } catch {
    refused.textContent = say("console.login.unreachable");
  }
  refused.hidden = false;
});
