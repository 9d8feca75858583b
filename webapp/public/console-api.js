import { byId, showProblem, whileDisabled } from "./dom.js";
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
 * Does what a button stands for, with these buttons disabled meanwhile, and shows what was refused.
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
