// Which stack a command means, what its file says, and whose account the credentials are for: what our commands check before anything else.
const fs = require("node:fs");
const path = require("node:path");
const { Refusal } = require("./pulumi-options.cjs");

const root = path.join(__dirname, "..");
/** The local stack: it always runs on the emulators, however it is started. */
const SANDBOX = "sandbox";
const CREDENTIALS_WAIT_MS = 5_000;

function stacks() {
  return fs
    .readdirSync(root)
    .map((file) => /^Pulumi\.([\w-]+)\.yaml$/.exec(file)?.[1])
    .filter((stack) => stack && stack !== SANDBOX)
    .sort();
}

/** A stack may follow its organization, or organization and project. The sandbox's is accepted only if that is asked for. */
function stackOf(full, { sandbox = false } = {}) {
  const stack = full?.split("/").pop();
  const known = stacks().join(", ");
  if (!stack || stack.startsWith("-")) throw new Refusal(`Say which stack: --stack with one of ${known}.`);
  if (sandbox && full === SANDBOX) return stack;
  if (stack === SANDBOX)
    throw new Refusal(
      `Pulumi.${stack}.yaml stands for this machine: npm start runs it, or npm run up -- --stack sandbox. There are ${known}.`,
    );
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

/** The owner of the credentials: the account, and the user or role in it. */
async function callerOf(config) {
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
    return await Promise.race([client.send(new GetCallerIdentityCommand({})), late]);
  } catch (error) {
    throw new Refusal(
      `No AWS credentials that work: ${String(error.message).replace(/\.$/, "")}. Run \`aws sso login\`, or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
    );
  } finally {
    clearTimeout(timer);
    client.destroy();
  }
}

/** A list, as JSON or not, or a single id; YAML reads an id as a number and drops leading zeros. */
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

module.exports = { Refusal, SANDBOX, callerOf, refuseStrangeAccount, refuseStrangeProject, stackOf, yaml };
