import { byId, element, reveal, showProblem, whileDisabled } from "./dom.js";
import { askSignedIn, Refused } from "./ask.js";

const { form } = byId("console").dataset;

/**
 * Asks the provisioner's API, through the web app and as whoever is signed in.
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {Record<string, string>} [headers]
 */
export const ask = (method, path, body, headers) =>
  askSignedIn(method, `/console/api${path}`, { body, form, headers });

/**
 * Does a form's work, and shows each refusal at its field, or in the form's own paragraph.
 * @param {Iterable<HTMLButtonElement>} buttons
 * @param {HTMLFormElement} form
 * @param {HTMLElement} problem
 * @param {() => Promise<void>} work
 */
export function runForm(buttons, form, problem, work) {
  clearErrors(form);
  return run(buttons, problem, async () => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const others = error.problems.filter((one) => !showError(form, one));
      if (error.problems.length === 0 || others.length > 0)
        throw new Refused(error.problems.length === 0 ? error.message : others.join("; "));
      /** @type {HTMLElement | null} */ (form.querySelector("[aria-invalid]"))?.focus();
    }
  });
}

/** @param {HTMLFormElement} form */
export function clearErrors(form) {
  for (const shown of form.querySelectorAll(".error")) shown.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    const { hint } = /** @type {HTMLElement} */ (field).dataset;
    if (hint) field.setAttribute("aria-describedby", hint);
    else field.removeAttribute("aria-describedby");
  }
}

/**
 * Shows a message that begins with a field's name below that field; returns whether there is such a field.
 * @param {HTMLFormElement} form
 * @param {string} told such as "name must be lower-case, got nothing", or "secrets.PORT is a reserved name"
 */
function showError(form, told) {
  const [, name = "", words = ""] = /^([\w.]+) ((?:must|is) .*)$/s.exec(told) ?? [];
  // Variable rows have no name of their own, since a form would send it.
  const field = form.elements.namedItem(name) ?? form.querySelector(`[data-field="${name}"]`);
  if (!(field instanceof HTMLElement) || field.closest("[hidden]")) return false;
  const hint = field.getAttribute("aria-describedby") ?? "";
  const id = `${field.id}-error`;
  reveal(field);
  field.dataset.hint = hint;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", `${hint} ${id}`.trim());
  const text = `${words[0]?.toUpperCase()}${words.slice(1)}.`;
  (field.closest(".value") ?? field).after(element("p", { className: "error", id }, text));
  return true;
}

/**
 * Does a button's work, with these buttons disabled meanwhile, and shows a refusal.
 * @param {Iterable<HTMLButtonElement>} buttons
 * @param {HTMLElement} problem
 * @param {() => Promise<void>} work
 */
export function run(buttons, problem, work) {
  showProblem(problem, "");
  return whileDisabled(buttons, async () => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      showProblem(problem, error.message);
    }
  });
}
