import { ask, run } from "./console-api.js";
import { byId, copyable, element, showProblem } from "./dom.js";

/** @import { PublicProject } from "../../functions/provisioner/public-project" */

/**
 * Turns builds of pushes on or off, or renews their secret, and says whether other branches get previews. The
 * secret is in the page while the dialog is open, and nowhere else.
 * @param {PublicProject} project
 * @returns {Promise<void>}
 */
export function changeHook({ id, name, branch, hook, template, previews, previewSecrets }) {
  const dialog = byId("hook", HTMLDialogElement);
  const made = byId("hook-made");
  const make = byId("hook-make", HTMLButtonElement);
  const end = byId("hook-end", HTMLButtonElement);
  const problem = byId("hook-problem");
  const path = `/projects/${id}/hook`;
  byId("hook-title").textContent = `Deploy on push: ${name}`;
  byId("hook-words").textContent = hook
    ? `Each push to ${branch} is built, since ${new Date(hook.at).toLocaleDateString()}. A new secret replaces the old one.`
    : `Each push to ${branch} is built once your Git host reports it: create an address for it to call.`;
  make.textContent = hook ? "Make a new secret" : "Make the address";
  make.hidden = false;
  end.hidden = !hook;
  byId("hook-not").textContent = "Cancel";
  made.replaceChildren();
  showProblem(problem, "");
  make.onclick = () =>
    void run([make, end], problem, async () => {
      const { url, secret } = await ask("PUT", path);
      made.replaceChildren(...steps(url, secret));
      byId("hook-words").textContent = "The secret is shown this once: copy both before you close this.";
      make.hidden = end.hidden = true;
      byId("hook-not").textContent = "Done";
      made.querySelector("input")?.focus();
    });
  end.onclick = () =>
    void run([make, end], problem, async () => {
      await ask("DELETE", path);
      dialog.close();
    });
  const shows = byId("hook-shows", HTMLInputElement);
  const secrets = byId("hook-secrets", HTMLInputElement);
  shows.checked = previews === true;
  secrets.checked = previewSecrets === true;
  const server = template === "server";
  byId("hook-secrets-field").hidden = !server;
  byId("hook-previews", HTMLFormElement).onsubmit = (event) => {
    event.preventDefault();
    void run([make, end, byId("hook-save", HTMLButtonElement)], problem, async () => {
      const changed = { previews: shows.checked, ...(server && { previewSecrets: secrets.checked }) };
      await ask("PATCH", `/projects/${id}`, changed);
      dialog.close();
    });
  };
  byId("hook-not").onclick = () => dialog.close();
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.onclose = () => {
      made.replaceChildren();
      resolve();
    };
  });
}

/**
 * @param {string} url
 * @param {string} secret
 */
const steps = (url, secret) => [
  ...copyable("hook-url", "Address", url),
  ...copyable("hook-secret", "Secret", secret),
  element(
    "p",
    { className: "hint" },
    "GitHub: Settings, Webhooks, Add webhook; the address is its payload URL, and the push event is enough. GitLab: Settings, Webhooks; the secret is its secret token, and push events are enough.",
  ),
];
