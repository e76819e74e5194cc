// @ts-check
/** Commands and questions to the node. A refusal arrives in words: what happened, and what to do next. */

export class Refused extends Error {
  /** @param {{code: string, said: string, do_next: string, params: any}} body @param {number} status */
  constructor(body, status) {
    super(body.said);
    this.code = body.code;
    this.doNext = body.do_next;
    this.params = body.params ?? {};
    this.status = status;
  }
}

const UNATTENDED_MS = 30_000;
let touched = performance.now();
for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, () => (touched = performance.now()), true);

/** Somebody does something that this screen was told of: a scan, a button at the block. */
export const attended = () => {
  touched = performance.now();
};

/** Whether somebody is at this screen. */
export const lately = () => performance.now() - touched <= UNATTENDED_MS;

/** The reader's language; and whether the screen asks by itself, which keeps nobody signed in. */
const headers = () => ({
  "accept-language": document.documentElement.lang,
  ...(lately() ? {} : { "storeroom-unattended": "1" }),
});

/** The node was not reached at all. */
export class Unheard extends Error {}

/** @param {string} path @param {RequestInit} request */
async function reach(path, request) {
  try {
    return await fetch(`/api/v1/${path}`, { cache: "no-store", ...request });
  } catch (error) {
    throw new Unheard(String(error));
  }
}

/** @param {string} method @param {string} path @param {any} [body] @returns {Promise<any>} */
async function call(method, path, body) {
  const answer = await reach(path, {
    method,
    headers: { ...headers(), ...(body === undefined ? {} : { "content-type": "application/json" }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return said(answer);
}

/** @param {Response} answer @returns {Promise<any>} */
async function said(answer) {
  const told = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new Refused(told, answer.status);
  return told;
}

/** A file that the node hands out. @param {string} path @returns {Promise<Blob>} */
export async function fetched(path) {
  const answer = await fetch(`/api/v1/${path}`, { method: "POST", cache: "no-store", headers: headers() });
  if (!answer.ok) throw new Refused(await answer.json(), answer.status);
  return answer.blob();
}

/** A file as it is. @param {string} path @param {Blob} content */
export async function send(path, content) {
  const sent = { ...headers(), "content-type": "application/octet-stream" };
  return said(await reach(path, { method: "POST", headers: sent, body: content }));
}

export const get = (/** @type {string} */ path) => call("GET", path);
export const post = (/** @type {string} */ path, /** @type {any} */ body = {}) => call("POST", path, body);
export const remove = (/** @type {string} */ path) => call("DELETE", path);
