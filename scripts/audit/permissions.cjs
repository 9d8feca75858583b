const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "../..");

/**
 * Which permissions of the running sandbox's roles nothing has used: IAM lists what the roles allow; the file that emulators write
 * if GROUNDWORK_PERMISSIONS names one lists what was used.
 */
async function permissions({ args: [file = process.env.GROUNDWORK_PERMISSIONS], state }) {
  if (!file || !fs.existsSync(file))
    throw new Error(
      `audit permissions takes the file that GROUNDWORK_PERMISSIONS named while tests or a sandbox ran, got ${file || "nothing"}.`,
    );
  const used = usedIn(fs.readFileSync(file, "utf8"));
  const roles = await rolesOf(state.environment);
  return roles.flatMap(({ name, service, actions }) =>
    actions.map((action) => ({
      stack: state.stack,
      check: `${name} (${service})`,
      title: "allowed and never used",
      resource: action,
      status: used.has(`${name} ${action.toLowerCase()}`) ? "PASS" : "FAIL",
    })),
  );
}

/** Pulumi's name of a resource: the physical name ends in seven digits of its own. */
const logical = (name) => name.replace(/-[0-9a-f]{7}$/, "");

/** "role action" of each line; calls to moto name the key, and MiniStack's lines name its owner. */
function usedIn(text) {
  const lines = text.split("\n").map((line) => line.split("\t"));
  const roleOf = new Map(lines.filter(([kind]) => kind === "key").map(([, key, role]) => [key, role]));
  return new Set(
    lines.flatMap(([kind, who, action]) => {
      const role = kind === "used" ? who : kind === "by-key" ? roleOf.get(who) : undefined;
      return role ? [`${logical(role)} ${action.toLowerCase()}`] : [];
    }),
  );
}

/** The roles with what their own policies allow; for roles with managed policies, AWS decides that. */
async function rolesOf(environment) {
  Object.assign(process.env, environment);
  const { IAM, paginateListRoles } = require("@aws-sdk/client-iam");
  const iam = new IAM({});
  const roles = [];
  for await (const { Roles } of paginateListRoles({ client: iam }, {})) roles.push(...Roles);
  const found = await Promise.all(
    roles.map(async ({ RoleName, AssumeRolePolicyDocument }) => ({
      name: logical(RoleName),
      service: takerOf(AssumeRolePolicyDocument),
      actions: await allowedBy(iam, RoleName),
    })),
  );
  iam.destroy();
  return found.sort((a, b) => a.name.localeCompare(b.name));
}

function takerOf(document) {
  const [{ Principal }] = JSON.parse(decodeURIComponent(document)).Statement;
  return [Object.values(Principal)].flat(2).join(", ");
}

async function allowedBy(iam, RoleName) {
  const { PolicyNames } = await iam.listRolePolicies({ RoleName });
  const documents = await Promise.all(
    PolicyNames.map((PolicyName) => iam.getRolePolicy({ RoleName, PolicyName })),
  );
  const actions = documents
    .flatMap(({ PolicyDocument }) => JSON.parse(decodeURIComponent(PolicyDocument)).Statement)
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap(({ Action }) => Action);
  return [...new Set(actions)].sort();
}

/** The running sandbox's description of itself. */
function runningSandbox() {
  const state = path.resolve(root, process.env.GROUNDWORK_SANDBOX ?? ".sandbox/run", "state.json");
  if (!fs.existsSync(state))
    throw new Error("The sandbox does not run: start it with npm start, then audit it.");
  return JSON.parse(fs.readFileSync(state, "utf8"));
}

module.exports = { permissions, usedIn, runningSandbox };
