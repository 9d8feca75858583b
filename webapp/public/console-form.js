import { ask, run, runForm } from "./console-api.js";
import { planOf } from "./console-facts.js";
import { ENVIRONMENTS, money, TYPES } from "./console-words.js";
import { valuesEditor } from "./console-values.js";
import { byId, element } from "./dom.js";

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
const portField = byId("port-field");
const values = valuesEditor();

/** The monthly price of each type, framework and environment. @type {Record<string, Record<string, Record<string, number>>>} */
let prices = {};
/** What else the catalogue says of each type and framework. @type {Record<string, Record<string, import("../../functions/provisioner/catalogue").About>>} */
let about = {};
/** Stays the same while the same request is sent again, so that the API takes it once. */
let idempotencyKey = crypto.randomUUID();

/**
 * The form for a new project, filled from the catalogue.
 * @param {() => Promise<void>} refresh shows the projects anew
 */
export function startForm(refresh) {
  setOptions(environment, ENVIRONMENTS);
  byId("request-values").append(...values.nodes);
  form.addEventListener("input", forgetPlan);
  type.addEventListener("change", showFrameworks);
  for (const select of [environment, framework]) select.addEventListener("change", showKind);
  checkButton.addEventListener("click", () => void runForm(buttons, form, problem, showPlan));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void runForm(buttons, form, problem, async () => {
      await ask("POST", "/projects", entered(), { "idempotency-key": idempotencyKey });
      form.reset();
      values.show({});
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

/** What was entered is another request now. */
function forgetPlan() {
  idempotencyKey = crypto.randomUUID();
  plan.hidden = true;
}

function showFrameworks() {
  const names = Object.keys(prices[type.value] ?? {});
  setOptions(framework, Object.fromEntries(names.map((name) => [name, name])));
  showKind();
}

function showKind() {
  const { template, notes: said = [] } = about[type.value]?.[framework.value] ?? {};
  const server = template === "server";
  values.allowSecrets(server);
  portField.hidden = !server;
  notes.replaceChildren(...said.map((note) => element("li", {}, note)));
  const found = prices[type.value]?.[framework.value]?.[environment.value];
  price.textContent = found === undefined ? "" : money(found);
}

async function showPlan() {
  if (!form.reportValidity()) return;
  const { template, resources, monthlyPrice, quota } = await ask("POST", "/projects?dryRun=1", entered());
  const after = quota.enough
    ? `${quota.left - monthlyPrice} USD of the quota would be left.`
    : `The quota is too small: ${quota.left} USD are left.`;
  plan.replaceChildren(
    element("p", {}, `Template ${template}, ${money(monthlyPrice)}. ${after}`),
    element("ul", { className: "plan" }, ...planOf(resources)),
  );
  plan.classList.toggle("over", !quota.enough);
  plan.hidden = false;
}

/** Fields that were left empty, or that this kind does not have, are not sent. */
function entered() {
  const { port, ...texts } = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
  return { ...texts, ...(port && !portField.hidden && { port: Number(port) }), ...values.given() };
}

/**
 * @param {HTMLSelectElement} select keeps its choice where that is still among the options
 * @param {Record<string, string>} options the words for each value
 */
function setOptions(select, options) {
  const before = select.value;
  select.replaceChildren(
    ...Object.entries(options).map(([value, words]) => element("option", { value }, words)),
  );
  if (before in options) select.value = before;
}
