// @ts-check
/** The words of the page's language: msgid → text, as `GET /api/v1/words/{language}` sends them. */

/** @type {Record<string, string>} */
let words = {};

/** @param {Record<string, string>} catalogue */
export function speak(catalogue) {
  words = catalogue;
}

/**
 * The text of `msgid` with its `{placeholders}` filled; the msgid itself where no words exist, so a gap is seen.
 * `{count:alarm|alarms}` is the number and the form that goes with it.
 * @param {string} msgid
 * @param {Record<string, unknown>} [params]
 */
export function say(msgid, params = {}) {
  const text = words[msgid] ?? msgid;
  return text.replace(/\{(\w+)(?::([^{}|]*)\|([^{}|]*))?\}/g, (whole, name, one, many) => {
    if (!(name in params)) return whole;
    const value = String(params[name]);
    return many === undefined ? value : `${value} ${value === "1" ? one : many}`;
  });
}

/** Several things in one line, as this language divides them. @param {any[]} parts */
export const listed = (parts) => parts.join(say("panel.comma"));

/** The text of `msgid`, or of `otherwise` where there is none. @param {string} msgid @param {string} otherwise */
export function sayOr(msgid, otherwise) {
  return words[msgid] ?? otherwise;
}
