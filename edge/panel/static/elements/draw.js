// @ts-check
/** Makes HTML and SVG elements; text is always text, never markup. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {Element} element
 * @param {Record<string, any>} attributes `onclick` and the like are listeners; false and null leave an attribute out
 * @param {any[]} children
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...present(children));
  return element;
}

/** Children without the gaps that `condition ? child : null` leaves. @param {any[]} children @returns {any[]} */
export function present(children) {
  return children.flat(2).filter((child) => child !== null && child !== undefined && child !== false);
}

/** @param {string} tag @param {Record<string, any>} [attributes] @param {...any} children @returns {any} */
export function html(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** @param {string} tag @param {Record<string, any>} [attributes] @param {...any} children @returns {any} */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** The head and the body of a table. @param {string[]} heads @param {any[]} rows @returns {any[]} */
export function under(heads, rows) {
  const head = heads.map((text) => html("th", { scope: "col" }, text));
  return [html("thead", {}, html("tr", {}, head)), html("tbody", {}, rows)];
}

/** Sets the text only where it differs: an unchanged node keeps its selection and costs no layout. @param {any} node @param {string} text */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
