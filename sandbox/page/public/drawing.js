/**
 * Draws a list so that items that stay keep their elements, and with them the focus.
 * @template One
 * @template {Element} Made
 * @param {Element} list
 * @param {One[]} items
 * @param {(one: One) => string} keyOf
 * @param {(one: One) => Made} make
 * @param {(made: Made, one: One) => void} update
 */
export function keyed(list, items, keyOf, make, update) {
  const before = /** @type {Map<string, Made>} */ (known.get(list) ?? new Map());
  /** @type {Map<string, Made>} */
  const now = new Map();
  for (const one of items) {
    const key = keyOf(one);
    const made = before.get(key) ?? make(one);
    update(made, one);
    now.set(key, made);
  }
  known.set(list, now);
  const wanted = [...now.values()];
  for (const child of [...list.children]) if (!wanted.includes(/** @type {Made} */ (child))) child.remove();
  wanted.forEach((made, index) => {
    if (list.children[index] !== made) list.insertBefore(made, list.children[index] ?? null);
  });
}

/** @type {WeakMap<Element, Map<string, Element>>} */
const known = new WeakMap();

/**
 * Sets a text only if it differs.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * A new element of a drawing.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} attributes
 * @param {...Node} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function drawn(tag, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/**
 * The drawing with this id.
 * @param {string} id
 */
export function svgById(id) {
  const found = document.getElementById(id);
  const given = /** @type {unknown} */ (found);
  if (given instanceof SVGSVGElement) return given;
  throw new Error(`The page must have one drawing with the id "${id}", got ${found ?? "none"}.`);
}
