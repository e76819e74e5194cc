// @ts-check
/** The button in the bar that ends the session. */

document.getElementById("log-out")?.addEventListener("click", async () => {
  await fetch("/api/v1/session", { method: "DELETE" });
  location.assign("/login");
});
