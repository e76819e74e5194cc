// @ts-check
import { byId } from "./draw.js";
import { say } from "./words.js";

const form = /** @type {HTMLFormElement} */ (byId("login"));
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const refused = byId("refused");
  const fields = new FormData(form);
  const body = JSON.stringify({ name: fields.get("name"), password: fields.get("password") });
  try {
    const answer = await fetch("/api/v1/session", { method: "POST", headers: { "Content-Type": "application/json" }, body });
    if (answer.ok) return location.assign("/");
    const error = await answer.json();
    refused.textContent = error.code ? `${say(`error.${error.code}`)} ${say(`recovery.${error.recovery}`)}` : say("error.login_wrong");
  } catch {
    refused.textContent = say("console.login.unreachable");
  }
  refused.hidden = false;
  /** @type {HTMLInputElement} */ (byId("password")).select();
});
