import { ask, byId, el, money, Problem } from "./console-server.js";
import { planOf } from "./console-project.js";

const form = byId("wish");
const said = byId("wish-problem");
const plan = byId("plan");
const fields = form.elements;
const ENVIRONMENTS = { dev: "Development", stag: "Staging", prod: "Production" };
const KINDS = {
  static: "Static site",
  spa: "Single-page app",
  dapp: "Dapp",
  dynamic: "Dynamic site",
  cms: "Content management",
  realtime: "Real-time app",
};

let kinds = {};
/** The same for every try of one request, so that a doubtful one can be sent again. */
let once = crypto.randomUUID();

/** The form for a new project, filled from the catalogue. */
export function startForm(look) {
  fill(fields.environment, ENVIRONMENTS);
  form.addEventListener("input", () => {
    once = crypto.randomUUID();
    plan.hidden = true;
  });
  fields.type.addEventListener("change", chooseStack);
  for (const name of ["environment", "type", "stack"]) fields[name].addEventListener("change", showPrice);
  byId("check").addEventListener("click", () => void busy(check));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void busy(async () => {
      await ask("POST", "/projects", wish(), { "idempotency-key": once });
      form.reset();
      chooseStack();
      once = crypto.randomUUID();
      plan.hidden = true;
      await look();
    });
  });
  ask("GET", "/catalogue").then(
    (answer) => {
      kinds = answer.kinds;
      fill(fields.type, Object.fromEntries(Object.keys(kinds).map((kind) => [kind, KINDS[kind] ?? kind])));
      chooseStack();
    },
    (error) => say(error.message),
  );
}

function chooseStack() {
  const stacks = Object.keys(kinds[fields.type.value] ?? {});
  fill(fields.stack, Object.fromEntries(stacks.map((stack) => [stack, stack])));
  showPrice();
}

function showPrice() {
  const price = kinds[fields.type.value]?.[fields.stack.value]?.[fields.environment.value];
  byId("price").textContent = price === undefined ? "" : money(price);
}

async function check() {
  if (!form.reportValidity()) return;
  const { template, resources, monthlyPrice, quota } = await ask("POST", "/projects?dryRun=1", wish());
  const after = quota.enough
    ? `${quota.left - monthlyPrice} USD of the quota would be left.`
    : `The quota does not reach: ${quota.left} USD are left.`;
  plan.replaceChildren(
    el("p", {}, `Template ${template}, ${money(monthlyPrice)}. ${after}`),
    el("ul", { className: "plan" }, ...planOf(resources)),
  );
  plan.classList.toggle("over", !quota.enough);
  plan.hidden = false;
}

/** What was left empty is not sent. */
const wish = () => Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));

async function busy(work) {
  const buttons = [byId("ask"), byId("check")];
  say("");
  for (const one of buttons) one.disabled = true;
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    say(error.message);
  } finally {
    for (const one of buttons) one.disabled = false;
  }
}

function say(text) {
  said.textContent = text;
  said.hidden = text === "";
}

function fill(select, options) {
  const before = select.value;
  select.replaceChildren(
    ...Object.entries(options).map(([value, textContent]) => el("option", { value, textContent })),
  );
  if (before in options) select.value = before;
}
