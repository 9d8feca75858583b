// Reads the arguments of npm run up, preview and destroy, and writes them anew for the CLI, so that exactly the checked arguments
// run, however they were spelled. An unlisted option could lead the CLI to another stack, folder, file or account, past
// `protect`, or to settings that were not read. Each version of the CLI adds options, so this lists the ones that cannot do that.
const { parseArgs } = require("node:util");

class Refusal extends Error {}

const REALLY = "yes-really";
const NO_QUOTAS = "no-quotas";
/** Our own options, which the CLI never sees. */
const OWN = [REALLY, NO_QUOTAS];

const string = (short) => ({ type: "string", ...(short && { short }) });
const boolean = (short) => ({ type: "boolean", ...(short && { short }) });

/** `refresh` and `suppress-permalink` take a value only after an equals sign, as booleans do. */
const OPTIONS = {
  stack: string("s"),
  [REALLY]: boolean(),
  [NO_QUOTAS]: boolean(),

  color: string(),
  "continue-on-error": boolean(),
  debug: boolean("d"),
  diff: boolean(),
  emoji: boolean("e"),
  "event-log": string(),
  exclude: string("x"),
  "exclude-dependents": boolean(),
  "exclude-protected": boolean(),
  "expect-no-changes": boolean(),
  json: boolean("j"),
  logflow: boolean(),
  logtostderr: boolean(),
  message: string("m"),
  "non-interactive": boolean(),
  parallel: string("p"),
  plan: string(),
  "policy-pack": string(),
  "policy-pack-config": string(),
  "preview-only": boolean(),
  refresh: boolean("r"),
  replace: string(),
  "save-plan": string(),
  "show-full-output": boolean(),
  "show-reads": boolean(),
  "show-replacement-steps": boolean(),
  "show-sames": boolean(),
  "skip-preview": boolean("f"),
  "suppress-outputs": boolean(),
  "suppress-permalink": boolean(),
  "suppress-progress": boolean(),
  target: string("t"),
  "target-dependents": boolean(),
  "target-replace": string(),
  urns: boolean(),
  verbose: string("v"),
  yes: boolean("y"),
};

const TAKEN = Object.keys(OPTIONS)
  .map((name) => `--${name}`)
  .join(", ");

/** The parsed command line: the stack, our own options, and the rest for the CLI. */
function readOptions(args) {
  const { tokens } = parseArgs({
    args,
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const all = tokens.map(asOption);
  const stacks = all.filter(({ name }) => name === "stack");
  if (stacks.length > 1)
    throw new Refusal(
      `--stack must be given once, got ${stacks.map(({ value }) => value).join(" and ")}: the CLI would take the last.`,
    );
  return {
    stack: stacks[0]?.value,
    really: all.some(({ name }) => name === REALLY),
    quotas: !all.some(({ name }) => name === NO_QUOTAS),
    rest: all.filter(({ name }) => name !== "stack" && !OWN.includes(name)).map(({ text }) => text),
  };
}

function asOption(token) {
  if (token.kind !== "option")
    throw new Refusal(`Only options are taken here, got ${token.value ?? "--"}. They are ${TAKEN}.`);
  const { name, rawName, value } = token;
  const known = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
  if (!known)
    throw new Refusal(
      `${rawName} is not taken here, because it may lead to what was not checked. Taken are ${TAKEN}.`,
    );
  if (known.type === "string" && !value) throw new Refusal(`${rawName} must have a value, got none.`);
  if (OWN.includes(name) && value !== undefined)
    throw new Refusal(`--${name} must stand alone, got ${value}.`);
  // The CLI accepts `-s=dev`, too.
  const plain = rawName.startsWith("--") ? value : value?.replace(/^=/, "");
  return { name, value: plain, text: plain === undefined ? `--${name}` : `--${name}=${plain}` };
}

/** The CLI also reads every option from the environment. */
function refuseFromEnvironment(environment) {
  for (const variable of Object.keys(environment).filter((name) => name.startsWith("PULUMI_OPTION_"))) {
    const name = variable.slice("PULUMI_OPTION_".length).toLowerCase().replaceAll("_", "-");
    if (name === "stack" || OWN.includes(name) || !Object.hasOwn(OPTIONS, name))
      throw new Refusal(`${variable} is set, which is --${name} for the CLI: unset it first.`);
  }
}

module.exports = { Refusal, readOptions, refuseFromEnvironment };
