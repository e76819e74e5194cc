// @ts-check
import { byId } from "./draw.js";
import { say } from "./words.js";

/** Who may use the console. A password is shown once, to whoever asked for it. */

/** @param {string} path @param {string} method @param {object} [body] */
async function ask(path, method, body) {
  try {
    const answer = await fetch(path, { method, headers: { "Content-Type": "application/json" }, body: body && JSON.stringify(body) });
    const said = await answer.json();
    if (answer.ok) return said;
    tell(said.code ? `${say(`error.${said.code}`, said.params)} ${say(`recovery.${said.recovery}`, said.params)}` : say("error.user_needs_name"));
  } catch {
    tell(say("console.login.unreachable"));
  }
  return null;
}

/** @param {string} text */
function tell(text) {
  byId("told").textContent = text;
  byId("told").hidden = !text;
  byId("told").scrollIntoView({ block: "nearest" });
}

/** @param {HTMLFormElement} form */
const rights = (form) => [...form.querySelectorAll("input[name=right]:checked")].map((box) => /** @type {HTMLInputElement} */ (box).value);

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form.user"))) {
  const name = form.dataset.name;
  const path = `/api/v1/users/${encodeURIComponent(name ?? "")}`;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (name !== undefined) {
      if (await ask(`${path}/rights`, "PUT", { rights: rights(form) })) tell(say("console.user.kept", { name }));
      return;
    }
    const added = await ask("/api/v1/users", "POST", { name: new FormData(form).get("name"), rights: rights(form) });
    if (added) shown(added);
  });
  form.querySelector("[data-do=password]")?.addEventListener("click", async () => {
    const given = await ask(`${path}/password`, "POST");
    if (given) shown(given);
  });
  form.querySelector("[data-do=remove]")?.addEventListener("click", async () => {
    if (await ask(path, "DELETE")) location.reload();
  });
}

/** @param {{name: string, password: string}} made */
const shown = (made) => tell(say("console.user.password", { name: made.name, password: made.password }));
