import { ask, clearErrors, runForm } from "./console-api.js";
import { DOMAINS } from "./console-words.js";
import { byId, copyable, element, showProblem } from "./dom.js";

/**
 * @import { DnsRecord } from "../../functions/provisioner/project"
 * @import { PublicProject } from "../../functions/provisioner/public-project"
 */

/** Whether a project may have a name of its own: a preview ends too soon, and a server in dev has no HTTPS. @param {PublicProject} project */
export const mayHaveDomain = ({ previewOf, template, environment }) =>
  !previewOf && !(template === "server" && environment === "dev");

/**
 * The progress of a project's own name, with the records that its team enters.
 * @param {PublicProject} project
 */
export function domainOf({ domain, domainState }) {
  const shown = domainState?.domain ?? domain;
  if (!shown) return undefined;
  const { state, until, reason, records = [] } = domainState ?? {};
  const by = state === "waits" && until ? `, until ${new Date(until).toLocaleString()}` : "";
  const words = state ? DOMAINS[state] : "its records are shown once the project is ready";
  const other = domain && domain !== shown ? `; ${domain} takes its place` : "";
  return element(
    "div",
    {},
    `${shown}: ${words}${by}${other}${reason ? `. ${reason}` : ""}`,
    ...(records.length > 0 ? [element("ul", { className: "releases" }, ...records.map(line))] : []),
  );
}

/** @param {DnsRecord} record */
const line = ({ name, type, value }) => element("li", {}, `${name} ${type} ${value}`);

/**
 * Adds or removes a project's own name, and shows the records to copy; the dialog stays open until a change is accepted.
 * @param {PublicProject} project
 * @returns {Promise<void>}
 */
export function changeDomain({ id, name, template, domain, domainState }) {
  const dialog = byId("domain-dialog", HTMLDialogElement);
  const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
  const input = byId("domain-name", HTMLInputElement);
  const save = byId("domain-yes", HTMLButtonElement);
  const remove = byId("domain-remove", HTMLButtonElement);
  const problem = byId("domain-problem");
  byId("domain-title").textContent = `Own domain of ${name}`;
  byId("domain-words").textContent =
    template === "server"
      ? "A name of your own for this project, beside the one it has. It works once you have entered two records for it; then its servers restart, and find it as PROJECT_URL."
      : "A name of your own for this project, beside the one it has. It works once you have entered two records for it.";
  const { records = [], state } = domainState ?? {};
  byId("domain-records").replaceChildren(...(state === "given-up" ? [] : records.flatMap(toCopy)));
  input.value = domain ?? "";
  remove.hidden = !domain;
  clearErrors(form);
  showProblem(problem, "");
  /** @param {string | null} asked */
  const change = (asked) =>
    void runForm([save, remove], form, problem, async () => {
      if ((asked ?? "") !== (domain ?? "")) await ask("PATCH", `/projects/${id}`, { domain: asked });
      dialog.close();
    });
  form.onsubmit = (event) => {
    event.preventDefault();
    change(input.value.trim() || null);
  };
  remove.onclick = () => change(null);
  byId("domain-not").onclick = () => dialog.close();
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.onclose = () => {
      byId("domain-records").replaceChildren();
      resolve();
    };
  });
}

/** Each record's purpose, in order. */
const PURPOSES = [
  ["Proves that the name is yours", "It must stay: the certificate is renewed with it."],
  [
    "Points the name to the project",
    "Where no CNAME is possible, as at the top of a zone, use an ALIAS or ANAME.",
  ],
];

/**
 * @param {DnsRecord} record
 * @param {number} index
 * @param {DnsRecord[]} all
 */
function toCopy({ name, type, value }, index, all) {
  // ACM provides the first some seconds later.
  const [purpose = "", hint = ""] = PURPOSES[all.length === 1 ? 1 : index] ?? [];
  return [
    element("h3", {}, `${purpose} (${type})`),
    element("p", { className: "hint" }, hint),
    ...copyable(`domain-record-${index}-name`, "Name", name),
    ...copyable(`domain-record-${index}-value`, "Value", value),
  ];
}
