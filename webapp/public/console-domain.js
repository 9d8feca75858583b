import { ask, clearErrors, runForm } from "./console-api.js";
import { DOMAINS } from "./console-words.js";
import { byId, copyable, element, showProblem } from "./dom.js";

/**
 * @import { DnsRecord } from "../../functions/provisioner/project"
 * @import { PublicProject } from "../../functions/provisioner/public-project"
 */

/** Whether a project may have a name of its own: a preview goes too soon, and a server in dev has no HTTPS. @param {PublicProject} project */
export const mayHaveDomain = ({ previewOf, template, environment }) =>
  !previewOf && !(template === "server" && environment === "dev");

/**
 * How far the name of a project's own has come, with the records that its team enters.
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
 * Gives a project a name of its own, takes it away, and shows the records to copy; the dialog stays open until a change was accepted.
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
      ? "A name of yours that leads to this project beside its own, once you have entered two records for it. Then its servers start anew, and find it as PROJECT_URL."
      : "A name of yours that leads to this project beside its own, once you have entered two records for it.";
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
  ["Proves that the name is yours", "It has to stay: the certificate is renewed by it."],
  [
    "Leads the name to the project",
    "Where no CNAME can stand, as at the top of a zone, take an ALIAS or ANAME.",
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
