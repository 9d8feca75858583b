// node scripts/pulumi.cjs up|preview|destroy --stack NAME OPTIONS...: checks what can be checked on this side, then hands over to the
// official Pulumi CLI.
const { spawn, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { Refusal, readOptions, refuseFromEnvironment } = require("./pulumi-options.cjs");

const root = path.join(__dirname, "..");
const VERBS = ["up", "preview", "destroy"];
/** These stacks are for this machine; `npm start` runs them. */
const NOT_DEPLOYED = ["sandbox", "local"];
/** Environments that go down without a second word; whatever else the settings say, or do not say, is taken for prod. */
const EASILY_DESTROYED = ["dev", "stag"];
const CREDENTIALS_WAIT_MS = 5_000;

function stacks() {
  return fs
    .readdirSync(root)
    .map((file) => /^Pulumi\.([\w-]+)\.yaml$/.exec(file)?.[1])
    .filter((stack) => stack && !NOT_DEPLOYED.includes(stack))
    .sort();
}

/** A stack may come with its organization, or with organization and project, before it. */
function stackOf(full) {
  const stack = full?.split("/").pop();
  const known = stacks().join(", ");
  if (!stack || stack.startsWith("-")) throw new Refusal(`Say which stack: --stack with one of ${known}.`);
  if (NOT_DEPLOYED.includes(stack))
    throw new Refusal(`Pulumi.${stack}.yaml stands for this machine: npm start runs it. There are ${known}.`);
  if (!stacks().includes(stack))
    throw new Refusal(
      `There is no stack ${stack}: Pulumi.${stack}.yaml would hold its settings. There are ${known}.`,
    );
  return stack;
}

function refuseStrangeProject(full) {
  const { name } = yaml("Pulumi.yaml");
  const parts = full.split("/");
  if (parts.length > 3 || (parts.length === 3 && parts[1] !== name))
    throw new Refusal(
      `--stack must be STACK, ORGANIZATION/STACK or ORGANIZATION/${name}/STACK, got ${full}: the settings of other projects are not here.`,
    );
}

function yaml(file) {
  const { load } = require("js-yaml");
  try {
    return load(fs.readFileSync(path.join(root, file), "utf8")) ?? {};
  } catch (error) {
    throw new Refusal(`${file} is not YAML: ${error.message.split("\n")[0]}.`);
  }
}

/** The program is asked as well, which hears of nothing but its environment. */
function confirmed(verb, stack, config, really) {
  if (verb !== "destroy" || EASILY_DESTROYED.includes(config["groundwork:environment"])) return [];
  if (!really)
    throw new Refusal(
      `Stack ${stack} is a prod environment, or does not say that it is none: destroying it takes --yes-really. What holds data stays protected even then, until keepData is false and applied.`,
    );
  return ["--run-program"];
}

async function accountOf(config) {
  // The SDK's warning about an old Node is meant for maintainers, not for whoever deploys.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  const { GetCallerIdentityCommand, STSClient } = require("@aws-sdk/client-sts");
  const profile = config["aws:profile"];
  if (profile) process.env.AWS_PROFILE = profile;
  const region = config["aws:region"] ?? process.env.AWS_REGION ?? "us-east-1";
  const client = new STSClient({ region, maxAttempts: 1 });
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`AWS did not answer within ${CREDENTIALS_WAIT_MS / 1000} s`)),
      CREDENTIALS_WAIT_MS,
    );
  });
  try {
    return (await Promise.race([client.send(new GetCallerIdentityCommand({})), late])).Account;
  } catch (error) {
    throw new Refusal(
      `No AWS credentials that work: ${String(error.message).replace(/\.$/, "")}. Run \`aws sso login\`, or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
    );
  } finally {
    clearTimeout(timer);
    client.destroy();
  }
}

/** A list, as JSON or not, or a single id; YAML takes an id for a number, which has no zeros in front. */
function idsIn(setting = []) {
  const list = typeof setting === "string" ? (setting.match(/\d+/g) ?? []) : [setting].flat();
  return list.map((id) => String(id).padStart(12, "0"));
}

function refuseStrangeAccount(stack, config, account) {
  const allowed = idsIn(config["aws:allowedAccountIds"]);
  if (allowed.length > 0 && !allowed.includes(account))
    throw new Refusal(
      `These credentials are for account ${account}, and stack ${stack} belongs to ${allowed.join(", ")} (aws:allowedAccountIds in Pulumi.${stack}.yaml).`,
    );
}

/** npm's package of the CLI, which fetches the binary at its first run; not by npx, which takes longer than its every later one. */
const cli = (...args) => [process.execPath, [require.resolve("pulumi/run.js"), ...args]];

function requireCli() {
  const done = spawnSync(...cli("version"), { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  if (done.status !== 0)
    throw new Refusal(
      "The Pulumi CLI could not be fetched or started: check that this machine reaches get.pulumi.com, or put the CLI that you have there by PULUMI_HOME.",
    );
}

function run(args) {
  // A Ctrl-C reaches the CLI as well, which then winds up; leaving before it does would hide how it ended.
  process.on("SIGINT", () => {});
  const child = spawn(...cli(...args), { cwd: root, stdio: "inherit" });
  return new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
}

const gives = (rest, option) => rest.some((one) => one === `--${option}` || one.startsWith(`--${option}=`));

/** What is brought up keeps the rules of the policy pack, unless a pack of somebody's own takes its place. */
const held = (rest) => (gives(rest, "policy-pack") ? rest : ["--policy-pack=policies", ...rest]);

/** Ends with what the preview means: price, data, the internet, rights. A program that reads the preview gets nothing besides. */
async function preview(full, stack, rest) {
  if (gives(rest, "json") || gives(rest, "event-log")) return run(["preview", full, ...rest]);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "groundwork-preview-"));
  const events = path.join(folder, "events.json");
  try {
    // The CLI takes --event-log from nobody else.
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

/** Whoever takes down a part of a stack says himself which. */
const PARTS = /^--(target|exclude)(=|-dependents|$)/;

/** What holds data stays, with what that stands on; all the rest goes, once AWS lets go of it. */
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

/** The argument by which AWS guards a resource that holds no data; the program takes it back for a stack that is meant to go. */
const AWS_GUARDS = { "aws:lb/loadBalancer:LoadBalancer": "enableDeletionProtection" };

/** The URNs in the stack's state that a destroy would end at. */
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

async function main([verb, ...args]) {
  if (!VERBS.includes(verb)) throw new Refusal(`Say what to do: one of ${VERBS.join(", ")}.`);
  refuseFromEnvironment(process.env);
  const options = readOptions(args);
  const stack = stackOf(options.stack);
  require("./install.cjs")({ dev: false });
  refuseStrangeProject(options.stack);
  const config = yaml(`Pulumi.${stack}.yaml`).config ?? {};
  const more = confirmed(verb, stack, config, options.really);
  refuseStrangeAccount(stack, config, await accountOf(config));
  requireCli();
  const full = `--stack=${options.stack}`;
  if (verb === "preview") return preview(full, stack, held(options.rest));
  if (verb === "up") return run([verb, full, ...held(options.rest)]);
  process.env.GROUNDWORK_DESTROY = stack;
  return takeDown(full, options.rest, more);
}

main(process.argv.slice(2)).then(process.exit, (error) => {
  if (!(error instanceof Refusal)) throw error;
  console.error(error.message);
  process.exit(1);
});
