// @ts-check
import { fetched } from "./api.js";

/** What the node hands out, into a file of this machine. @param {string} path as `fetched` @param {string} name */
export async function saveFile(path, name) {
  const url = URL.createObjectURL(await fetched(path));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
