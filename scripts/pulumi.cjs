// node scripts/pulumi.cjs up|preview|destroy --stack NAME OPTIONS...: checks what can be checked locally, then starts the official
// Pulumi CLI.
const { spawn, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { Refusal, readOptions, refuseFromEnvironment } = require("./pulumi-options.cjs");
const {
  SANDBOX,
  callerOf,
  refuseStrangeAccount,
  refuseStrangeProject,
  stackOf,
  yaml,
} = require("./stack.cjs");

const root = path.join(__dirname, "..");
const VERBS = ["up", "preview", "destroy"];
/** Environments that may be destroyed without a further confirmation; all others, named or not, count as prod. */
const EASILY_DESTROYED = ["dev", "stag"];

/** The program checks it as well, and sees nothing but its environment. */
function confirmed(verb, stack, config, really) {
  if (verb !== "destroy" || EASILY_DESTROYED.includes(config["groundwork:environment"])) return [];
  if (!really)
    throw new Refusal(
      `Stack ${stack} is a prod environment, or does not say that it is none: destroying it takes --yes-really. What holds data stays protected even then, until keepData is false and applied.`,
    );
  return ["--run-program"];
}

/** npm's package of the CLI, which downloads the binary at its first run. Not through npx, which takes longer than every later run of it. */
const cli = (...args) => [
  process.execPath,
  ["--require", path.join(__dirname, "winds-up.cjs"), require.resolve("pulumi/run.js"), ...args],
];

function requireCli() {
  const done = spawnSync(...cli("version"), { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  if (done.status !== 0)
    throw new Refusal(
      "The Pulumi CLI could not be fetched or started: check that this machine reaches get.pulumi.com, or put the CLI that you have there by PULUMI_HOME.",
    );
}

function run(args) {
  // A Ctrl-C also reaches the CLI, which then shuts down; leaving before it would hide how it ended.
  process.on("SIGINT", () => {});
  const child = spawn(...cli(...args), { cwd: root, stdio: "inherit" });
  return new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
}

const gives = (rest, option) => rest.some((one) => one === `--${option}` || one.startsWith(`--${option}=`));

/** `up` applies the rules of the policy pack, unless the user names another pack. */
const underRules = (rest) => (gives(rest, "policy-pack") ? rest : ["--policy-pack=policies", ...rest]);

/** Ends with what the preview means: price, data, the internet, rights. A program that reads the preview gets no extra output. */
async function preview(full, stack, rest) {
  if (gives(rest, "json") || gives(rest, "event-log")) return run(["preview", full, ...rest]);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "groundwork-preview-"));
  const events = path.join(folder, "events.json");
  try {
    // The CLI accepts --event-log from nobody else.
    process.env.PULUMI_DEBUG_COMMANDS = "true";
    const code = await run(["preview", full, `--event-log=${events}`, ...rest]);
    if (!fs.existsSync(events)) return code;
    require("./loader.cjs");
    const { explain } = require("./preview/run.ts");
    return explain(events, stack) || code;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Whoever destroys only a part of a stack names that part. */
const PARTS = /^--(target|exclude)(=|-dependents|$)/;

/** Resources with data stay, with those that they depend on; all others go, once AWS releases them. */
async function takeDown(full, rest, more) {
  if (rest.some((option) => PARTS.test(option))) return run(["destroy", full, ...rest, ...more]);
  const wanted = rest.filter((option) => option !== "--exclude-protected");
  const held = wanted.includes("--preview-only") ? [] : heldByAws(full);
  if (held.length > 0) {
    console.log(
      "First AWS is told to let go of what it guards, though it holds no data; then the rest follows.",
    );
    const code = await run(["up", full, ...wanted, ...held.map((urn) => `--target=${urn}`)]);
    if (code !== 0) return code;
  }
  return run(["destroy", full, ...wanted, "--exclude-protected", ...more]);
}

/** The argument with which AWS protects a resource that holds no data; the program lifts it for a stack that is to be destroyed. */
const AWS_GUARDS = { "aws:lb/loadBalancer:LoadBalancer": "enableDeletionProtection" };

/** The URNs in the stack's state at which a destroy would fail. */
function heldByAws(full) {
  const { status, stdout } = spawnSync(...cli("stack", "export", full), {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Refusal("The stack's state could not be read, so nothing was destroyed.");
  return (JSON.parse(stdout).deployment.resources ?? [])
    .filter(({ type, protect, inputs }) => !protect && inputs?.[AWS_GUARDS[type]] === true)
    .map(({ urn }) => urn);
}

/** The local stack has no account that could be the wrong one, no quotas and no price. */
async function onEmulators(verb, rest) {
  require("./install.cjs")();
  require("./loader.cjs");
  const { Problem } = require("../sandbox/problem.ts");
  const { runPulumi } = require("../sandbox/provider/command.ts");
  try {
    return await runPulumi([verb, ...(verb === "destroy" ? rest : underRules(rest))], root);
  } catch (error) {
    throw error instanceof Problem ? new Refusal(error.message) : error;
  }
}

async function main([verb, ...args]) {
  if (!VERBS.includes(verb)) throw new Refusal(`Say what to do: one of ${VERBS.join(", ")}.`);
  refuseFromEnvironment(process.env);
  const options = readOptions(args);
  const stack = stackOf(options.stack, { sandbox: true });
  if (stack === SANDBOX) return onEmulators(verb, options.rest);
  require("./install.cjs")({ dev: false });
  refuseStrangeProject(options.stack);
  const config = yaml(`Pulumi.${stack}.yaml`).config ?? {};
  const more = confirmed(verb, stack, config, options.really);
  refuseStrangeAccount(stack, config, (await callerOf(config)).Account);
  requireCli();
  const full = `--stack=${options.stack}`;
  if (verb !== "destroy") {
    if (options.quotas) await require("./quotas.cjs")(stack, config);
    if (verb === "preview") return preview(full, stack, underRules(options.rest));
    return run([verb, full, ...underRules(options.rest)]);
  }
  process.env.GROUNDWORK_DESTROY = stack;
  return takeDown(full, options.rest, more);
}

main(process.argv.slice(2)).then(process.exit, (error) => {
  if (!(error instanceof Refusal)) throw error;
  console.error(error.message);
  process.exit(1);
});
