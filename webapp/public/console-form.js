import { ask, run, runForm } from "./console-api.js";
import { planOf } from "./console-facts.js";
import { takeFiles } from "./console-file.js";
import { ENVIRONMENTS, money, TYPES } from "./console-words.js";
import { valuesEditor } from "./console-values.js";
import { byId, element, reveal } from "./dom.js";

const form = byId("request", HTMLFormElement);
const problem = byId("request-problem");
const plan = byId("plan");
const price = byId("price");
const environment = byId("environment", HTMLSelectElement);
const type = byId("type", HTMLSelectElement);
const framework = byId("stack", HTMLSelectElement);
const checkButton = byId("check", HTMLButtonElement);
const sendButton = byId("ask", HTMLButtonElement);
const buttons = [checkButton, sendButton];
const notes = byId("notes");
const repository = byId("repository", HTMLInputElement);
const starter = byId("starter", HTMLButtonElement);
/** Only servers have these. */
const serverFields = ["releaseCommand", "port", "previewSecrets"].map((name) => byId(`${name}-field`));
const values = valuesEditor();

/** The monthly price of each type, framework and environment. @type {Record<string, Record<string, Record<string, number>>>} */
let prices = {};
/** What else the catalogue says about each type and framework. @type {Record<string, Record<string, import("../../functions/provisioner/about").About>>} */
let about = {};
/** Stays the same while the same request is repeated, so that the API takes it once. */
let idempotencyKey = crypto.randomUUID();

/**
 * The form for a new project, filled from the catalogue.
 * @param {() => Promise<void>} refresh reloads the projects
 */
export function startForm(refresh) {
  setOptions(environment, ENVIRONMENTS);
  byId("request-values").append(...values.nodes);
  form.addEventListener("input", forgetPlan);
  // The browser points at what it refuses. A field says so itself, and the event does not bubble.
  form.addEventListener("invalid", ({ target }) => void (target instanceof Element && reveal(target)), true);
  type.addEventListener("change", showFrameworks);
  for (const select of [environment, framework]) select.addEventListener("change", showKind);
  takeFiles(form, (read) => void runForm(buttons, form, problem, async () => fill(await read())));
  starter.addEventListener("click", takeStarter);
  checkButton.addEventListener("click", () => void runForm(buttons, form, problem, showPlan));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void runForm(buttons, form, problem, async () => {
      await ask("POST", "/projects", entered(), { "idempotency-key": idempotencyKey });
      form.reset();
      values.show({});
      unfoldFilled();
      showFrameworks();
      forgetPlan();
      await refresh();
    });
  });
  void run(buttons, problem, async () => {
    ({ kinds: prices, about } = await ask("GET", "/catalogue"));
    setOptions(type, Object.fromEntries(Object.keys(prices).map((name) => [name, TYPES[name] ?? name])));
    showFrameworks();
  });
}

/** With new input it is another request. */
function forgetPlan() {
  idempotencyKey = crypto.randomUUID();
  plan.hidden = true;
}

function showFrameworks() {
  const names = Object.keys(prices[type.value] ?? {});
  setOptions(framework, Object.fromEntries(names.map((name) => [name, name])));
  showKind();
}

const aboutKind = () => about[type.value]?.[framework.value];

function takeStarter() {
  repository.value = aboutKind()?.starter ?? "";
  forgetPlan();
  repository.focus();
}

function showKind() {
  const { template, notes: said = [], starter: offered } = aboutKind() ?? {};
  starter.hidden = !offered;
  starter.textContent = `Begin with the starter for ${framework.value}`;
  const server = template === "server";
  values.allowSecrets(server);
  for (const field of serverFields) field.hidden = !server;
  // A server in dev has no HTTPS.
  byId("domain-field").hidden = server && environment.value === "dev";
  notes.replaceChildren(...said.map((note) => element("li", {}, note)));
  const found = prices[type.value]?.[framework.value]?.[environment.value];
  price.textContent = found === undefined ? "" : money(found);
}

/**
 * Copies a file's request into the form, and lets the API check the file itself, so that fields without a place
 * in the form are reported too.
 * @param {Record<string, unknown>} asked
 */
async function fill(asked) {
  form.reset();
  for (const name of ["environment", "type", "stack", ...Object.keys(asked)]) {
    const field = form.elements.namedItem(name);
    const value = asked[name];
    const isText = typeof value === "string" || typeof value === "number";
    if (field instanceof HTMLSelectElement && isText) choose(field, String(value));
    else if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = value === true;
    else if (
      (field instanceof HTMLInputElement && field.type !== "file") ||
      field instanceof HTMLTextAreaElement
    )
      field.value = isText ? String(value) : "";
    if (name === "type") showFrameworks();
  }
  showKind();
  values.fill(asked);
  unfoldFilled();
  forgetPlan();
  await planFor(asked);
}

/** Leaves open only what says something. */
function unfoldFilled() {
  for (const part of form.querySelectorAll("details"))
    part.open = [...part.querySelectorAll("input, textarea")].some((field) =>
      field instanceof HTMLInputElement && field.type === "checkbox"
        ? field.checked
        : /** @type {HTMLInputElement | HTMLTextAreaElement} */ (field).value !== "",
    );
}

/**
 * @param {HTMLSelectElement} select
 * @param {string} value
 */
function choose(select, value) {
  if ([...select.options].some((option) => option.value === value)) select.value = value;
}

async function showPlan() {
  if (form.reportValidity()) await planFor(entered());
}

/** @param {object} asked */
async function planFor(asked) {
  const { template, parts, monthlyPrice, quota, mail } = await ask("POST", "/projects?dryRun=1", asked);
  const after = quota.enough
    ? `${quota.left - monthlyPrice} USD of the quota would be left.`
    : `The quota is too small: ${quota.left} USD are left.`;
  plan.replaceChildren(
    element("p", {}, `Template ${template}, ${money(monthlyPrice)}. ${after}`),
    element("ul", { className: "plan" }, ...planOf(parts)),
    ...(mail ? [element("p", { className: "hint" }, mail)] : []),
  );
  plan.classList.toggle("over", !quota.enough);
  plan.hidden = false;
}

/** Fields that are empty, or that this kind lacks, are not sent. */
function entered() {
  const given = [...new FormData(form)].filter(([name, value]) => value !== "" && !isHidden(name));
  const { port, ...texts } = Object.fromEntries(given);
  const checked = [...form.querySelectorAll("input:checked")]
    .map(({ id }) => id)
    .filter((id) => !isHidden(id));
  const switches = Object.fromEntries(checked.map((id) => [id, true]));
  return { ...texts, ...switches, ...(port && { port: Number(port) }), ...values.given() };
}

/** @param {string} name */
const isHidden = (name) => document.getElementById(name)?.closest("[hidden]") != null;

/**
 * @param {HTMLSelectElement} select keeps its choice if that is still among the options
 * @param {Record<string, string>} options the words for each value
 */
function setOptions(select, options) {
  const before = select.value;
  select.replaceChildren(
    ...Object.entries(options).map(([value, words]) => element("option", { value }, words)),
  );
  if (before in options) select.value = before;
}
