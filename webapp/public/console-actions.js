import { ask, clearErrors, run, runForm } from "./console-api.js";
import { changeDomain, mayHaveDomain } from "./console-domain.js";
import { changeHook } from "./console-hook.js";
import { valuesEditor } from "./console-values.js";
import { byId, element, showProblem } from "./dom.js";

/** @import { PublicProject } from "../../functions/provisioner/public-project" */

/** @typedef {{ label: string, className: string, act(project: PublicProject): Promise<unknown> }} Action */

/**
 * What can be done with a project now. The API checks each request again.
 * @param {PublicProject} project
 */
export function actionsOf(project) {
  const { state, step, askedBy, template, expiresAt, moving, over, previewOf, releases = [] } = project;
  /** @type {Action[]} */
  const actions = [];
  if (state === "ready") {
    actions.push(change("Build again", { rebuild: true }));
    actions.push({ label: "Change and build", className: "quiet", act: correct });
    actions.push({
      label: template === "server" ? "Variables and secrets" : "Variables",
      className: "quiet",
      act: changeValues,
    });
    if (releases.length > 1) actions.push(back);
    if (template === "server") actions.push(runbook("Restart", "restart"), runbook("Patch", "patch"));
  }
  if (!previewOf && (state === "ready" || state === "failed"))
    actions.push({ label: "Deploy on push", className: "quiet", act: changeHook });
  if (state === "ready" && mayHaveDomain(project))
    actions.push({ label: "Own domain", className: "quiet", act: changeDomain });
  if (state === "failed")
    actions.push({ label: "Correct and try again", className: "primary", act: correct });
  if (expiresAt && (state === "ready" || state === "frozen"))
    actions.push(change("Extend", { extend: true }));
  const own = askedBy === byId("console").dataset.email;
  if (own && step === "approve" && state !== "running") actions.push(withdrawal);
  if (state === "running") actions.push({ label: "Cancel", className: "bad", act: remove });
  else if (!over && !moving) actions.push({ label: "Delete", className: "bad", act: remove });
  return actions;
}

/**
 * @param {string} label
 * @param {object} body
 * @returns {Action}
 */
const change = (label, body) => ({
  label,
  className: "quiet",
  act: ({ id }) => ask("PATCH", `/projects/${id}`, body),
});

/** @type {Action} */
const withdrawal = {
  label: "Withdraw",
  className: "quiet",
  act: ({ id }) => ask("POST", `/projects/${id}/withdrawal`, {}),
};

/** @type {Action} */
const back = {
  label: "Back to the release before",
  className: "quiet",
  act: ({ id }) => ask("POST", `/projects/${id}/rollback`, {}),
};

/**
 * @param {string} label
 * @param {string} name
 * @returns {Action}
 */
const runbook = (label, name) => ({
  label,
  className: "quiet",
  act: ({ id }) => ask("POST", `/projects/${id}/runbook`, { name }),
});

/**
 * Changes the environment of a project's program; the dialog stays open until the change is accepted.
 * @param {PublicProject} project
 * @returns {Promise<void>}
 */
function changeValues({ id, name, template, variables, secrets }) {
  const server = template === "server";
  const dialog = byId("values", HTMLDialogElement);
  const editor = valuesEditor();
  byId("values-title").textContent = `${server ? "Variables and secrets" : "Variables"} of ${name}`;
  byId("values-words").textContent = server
    ? "Its servers restart with them, and nothing is built."
    : "The site is rebuilt with them.";
  byId("values-fields").replaceChildren(...editor.nodes);
  editor.show({ variables, secrets });
  editor.allowSecrets(server);
  const problem = byId("values-problem");
  showProblem(problem, "");
  byId("values-not").onclick = () => dialog.close();
  const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
  form.onsubmit = (event) => {
    event.preventDefault();
    void runForm([byId("values-yes", HTMLButtonElement)], form, problem, async () => {
      const given = editor.given();
      if (Object.keys(given).length > 0) await ask("PATCH", `/projects/${id}`, given);
      dialog.close();
    }).then(() => problem.scrollIntoView({ block: "nearest" }));
  };
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.onclose = () => {
      // An entered secret does not stay in the page.
      byId("values-fields").replaceChildren();
      resolve();
    };
  });
}

/**
 * Rebuilds a project with changes to its request; the dialog stays open until they are accepted.
 * @param {PublicProject} project
 * @returns {Promise<void>}
 */
function correct(project) {
  const dialog = byId("correct", HTMLDialogElement);
  const { repository, branch, folder, healthPath = "/", releaseCommand } = project;
  /** @type {Record<string, string>} */
  const before = {
    repository,
    branch,
    folder: folder ?? "",
    healthPath,
    releaseCommand: releaseCommand ?? "",
  };
  const inputs = Object.keys(before).map((name) => byId(`correct-${name}`, HTMLInputElement));
  for (const input of inputs) input.value = before[input.name] ?? "";
  byId("correct-title").textContent =
    project.state === "failed" ? "Correct and try again" : "Change and build";
  byId("correct-name").textContent = project.name;
  // A preview has these from its project and branch.
  for (const name of ["repository", "branch"])
    byId(`correct-${name}-field`).hidden = project.previewOf !== undefined;
  byId("correct-folder-field").hidden = project.template !== "static";
  byId("correct-releaseCommand-field").hidden = project.template !== "server";
  const problem = byId("correct-problem");
  showProblem(problem, "");
  byId("correct-not").onclick = () => dialog.close();
  const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
  clearErrors(form);
  form.onsubmit = (event) => {
    event.preventDefault();
    void runForm([byId("correct-yes", HTMLButtonElement)], form, problem, async () => {
      const changed = inputs
        .filter(({ name, value }) => value !== before[name] && (value !== "" || CLEARED.includes(name)))
        .map(({ name, value }) => [name, value]);
      await ask("PATCH", `/projects/${project.id}`, { rebuild: true, ...Object.fromEntries(changed) });
      dialog.close();
    });
  };
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.onclose = () => resolve();
  });
}

/** What a project can do without. */
const CLEARED = ["releaseCommand"];

/** Warns only of losses that a project can have. */
const REMOVALS = {
  cancel: {
    title: "Cancel this project?",
    words: "Its setup stops, and what exists of it so far is deleted.",
    act: "Cancel it",
  },
  site: {
    title: "Delete this project?",
    words: "This deletes the site and its address for good.",
    act: "Delete it",
  },
  server: {
    title: "Delete this project?",
    words:
      "This deletes its servers, everything that it has stored, its database if it has one, and its address for good.",
    act: "Delete it",
  },
};

/**
 * Deletes a project once its name has been typed.
 * @param {PublicProject} project
 * @returns {Promise<void>}
 */
function remove({ id, name, state, template }) {
  const dialog = byId("remove", HTMLDialogElement);
  const typed = byId("remove-typed", HTMLInputElement);
  const yes = byId("remove-yes", HTMLButtonElement);
  const { title, words, act } =
    REMOVALS[state === "running" ? "cancel" : template === "server" ? "server" : "site"];
  byId("remove-title").textContent = title;
  byId("remove-words").textContent = words;
  yes.textContent = act;
  byId("remove-name").textContent = name;
  typed.value = "";
  yes.disabled = true;
  typed.oninput = () => (yes.disabled = typed.value !== name);
  byId("remove-not").onclick = () => dialog.close("no");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve, reject) => {
    dialog.onclose = () =>
      dialog.returnValue === "yes" && typed.value === name
        ? ask("DELETE", `/projects/${id}`).then(resolve, reject)
        : resolve();
  });
}

/**
 * A row of buttons, one of which runs at a time, and the paragraph for refusals.
 * @param {() => Promise<void>} refresh reloads the projects
 */
export function actionRow(refresh) {
  const row = element("div", { className: "actions" });
  const problem = element("p", { className: "problem", role: "alert", hidden: true });
  /** @param {() => Promise<unknown>} act */
  const start = (act) =>
    run(row.querySelectorAll("button"), problem, async () => {
      await act();
      await refresh();
    });
  /**
   * @param {string} label
   * @param {string} className
   * @param {() => Promise<unknown>} act
   */
  const button = (label, className, act) =>
    element("button", { type: "button", className, onclick: () => void start(act) }, label);
  return { row, problem, button };
}
