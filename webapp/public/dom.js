/**
 * The element with this id, which must be of the given kind.
 * @template {HTMLElement} [Kind=HTMLElement]
 * @param {string} id
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
export function byId(id, kind = /** @type {any} */ (HTMLElement)) {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`The page must have one ${kind.name} with the id "${id}", got ${found ?? "none"}.`);
}

/**
 * A new element with its properties and its content. Text stays text, whatever it holds.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<HTMLElementTagNameMap[Tag]>} properties
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/**
 * Disables buttons while their work runs.
 * @param {Iterable<HTMLButtonElement>} buttons
 * @param {() => Promise<void>} work
 */
export async function whileDisabled(buttons, work) {
  const all = [...buttons];
  for (const button of all) button.disabled = true;
  try {
    await work();
  } finally {
    for (const button of all) button.disabled = false;
  }
}

/**
 * Shows a problem in its paragraph, or hides that when there is none.
 * @param {HTMLElement} paragraph
 * @param {string} message
 */
export function showProblem(paragraph, message) {
  paragraph.textContent = message;
  paragraph.hidden = message === "";
}

/**
 * A labelled text to copy.
 * @param {string} id
 * @param {string} words
 * @param {string} value
 */
export function copyable(id, words, value) {
  const input = element("input", { id, value, readOnly: true, autocomplete: "off", spellcheck: false });
  input.onfocus = () => input.select();
  return [element("label", { htmlFor: id }, words), input];
}

/**
 * Opens whatever a field is folded into.
 * @param {Element} field
 */
export function reveal(field) {
  for (let at = field.closest("details"); at; at = at.parentElement?.closest("details") ?? null)
    at.open = true;
}
