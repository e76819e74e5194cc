// @ts-check
/** Elements from data. Text is always text: nothing of a node's can become markup. */

/**
 * @param {string} tag
 * @param {Record<string, string | EventListener>} attributes  names starting with "on" are listeners
 * @param {...(Node | string | null)} children
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  }
  for (const child of children) if (child !== null) element.append(child);
  return element;
}

/** Keyed children, kept in place while their key stays: focus and a held press survive an update.
 * @template T
 * @param {HTMLElement} parent @param {T[]} items @param {(item: T) => string} key
 * @param {(item: T) => HTMLElement} draw
 */
export function keep(parent, items, key, draw) {
  const old = new Map([...parent.children].map((child) => [/** @type {HTMLElement} */ (child).dataset.key, child]));
  const wanted = items.map((item) => {
    const name = key(item);
    const known = old.get(name);
    const fresh = known ?? draw(item);
    /** @type {HTMLElement} */ (fresh).dataset.key = name;
    return fresh;
  });
  if (wanted.length === parent.children.length && wanted.every((child, at) => parent.children[at] === child)) return;
  parent.replaceChildren(...wanted);
}

/** @param {string} id */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
