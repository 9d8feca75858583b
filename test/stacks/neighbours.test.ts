// The ordinary case of a small team: the account's own stack, dev and prod in one account. What AWS would make of it is left to
// test/engine; here it is what the three declare beside each other.
import { strict as assert } from "node:assert";
import type { Declared, StackView } from "../../policies/declared";
import { ONCE } from "../../policies/rules/aws/neighbours";
import { parsePolicy } from "../../policies/rules/statements";
import { taken, unheld } from "../../stacks/account-claim";
import { runStack } from "../harness";
import { some } from "../some";
import { isAllowed, Role, rolesOf } from "./iam-simulation";
import { Probe, probesOf } from "./probes";
import { stackView } from "./stacks";
import { leftToAll } from "../left-to-all";

const BY_PATH = "aws:ssm/getParametersByPath:getParametersByPath";
const heldBy = (holder: string) => ({
  [BY_PATH]: () => ({
    names: ["/groundwork/account/holder"],
    values: [holder],
    types: ["String"],
    arns: [""],
  }),
});
const share = (stack: string, singletons = "shared", holder = "groundwork/account") =>
  runStack(stack, { config: { "groundwork:account": { singletons } }, calls: heldBy(holder) });

const sharing = async (stack: string): Promise<StackView> => ({
  stack,
  keepData: stack !== "dev",
  resources: (await share(stack)).resources,
});

describe("the account, dev and prod in one account", () => {
  let views: StackView[];
  before(async () => {
    views = [await stackView("account"), await sharing("dev"), await sharing("prod")];
  });

  const owners = (wanted: (resource: Declared) => string[]) => {
    const found: Record<string, string[]> = {};
    for (const { stack, resources } of views)
      for (const key of resources.flatMap(wanted)) (found[key] ??= []).push(stack);
    return found;
  };

  it("declare account-wide resources only once, all in the account's own stack", () => {
    assert.deepEqual(
      owners(({ type }) => (ONCE[type] ? [type] : [])),
      Object.fromEntries(Object.keys(ONCE).map((type) => [type, ["account"]])),
    );
  });

  it("set no physical name twice", () => {
    const names = owners(({ type, inputs }) => named(type, inputs));
    assert.deepEqual(
      Object.entries(names).filter(([, stacks]) => stacks.length > 1),
      [],
    );
  });

  for (const [mine, others] of [
    [1, 2],
    [2, 1],
    [1, 0],
  ] as const)
    it(`give the roles of the stack ${mine} no access to the stack ${others}`, async () => {
      const reached: string[] = [];
      for (const role of some(rolesOf(views[mine]!)).map((one) => withoutOthers(one, views[others]!.stack)))
        for (const probe of some(othersProbes(views[others]!)))
          if (
            role.policies.some((policy) => mentions(policy, probe.action)) &&
            (await isAllowed(role, [probe.action, probe.resource], { underAnyCondition: true }))
          )
            reached.push(`${role.name} may ${probe.action} on ${probe.resource}`);
      assert.deepEqual(
        reached.filter((line) => !PREVIEWED.test(line)),
        [],
      );
    });
});

/** Pull requests preview every stack of the account by one role, which so reads the files that the program itself makes. */
const PREVIEWED = /^github may s3:GetObject on arn:aws:s3:::(provisioner-templates|database-agent)-\d+\/any$/;

/** What the program itself calls something by, where no suffix of Pulumi's tells it from a neighbour's. */
const FIXED = ["name", "functionName", "identifier", "clusterIdentifier", "dashboardName", "analyzerName"];
/** Names inside what they belong to, and those that AWS's zones and lists have in common. */
const INSIDE =
  /^aws:(apigateway\/|cognito\/|autoscaling\/lifecycleHook|cloudwatch\/logStream|lambda\/|imagebuilder\/|codedeploy\/)/;

function named(type: string, inputs: Declared["inputs"]): string[] {
  if (!type.startsWith("aws:") || INSIDE.test(type)) return [];
  const metric = inputs.metricTransformation as { namespace: string; name: string } | undefined;
  const figures = inputs.visibilityConfig as { metricName: string } | undefined;
  const own = FIXED.map((key) => inputs[key] as unknown).filter((name) => typeof name === "string");
  return [
    // API Gateway's log groups bear the API's id, which the mocks make of its name.
    ...own.filter((name) => !name.startsWith("API-Gateway-Execution-Logs_")).map((name) => `${type} ${name}`),
    ...(metric ? [`metric ${metric.namespace} ${metric.name}`] : []),
    ...(figures ? [`metric ${figures.metricName}`] : []),
  ];
}

/** AWS gives the same thing in another stack another suffix. */
const neighbours = (arn: string) =>
  arn
    .replace(/-1234567(?!\d)/g, "-7654321")
    .replace(/-id$/, "-other")
    .replace("eu-west-1_Example1", "eu-west-1_Example2")
    .replace("fs-0123456789abcdef0", "fs-0fedcba9876543210")
    .replace(/(:(db|cluster):\w+|:ec2:.*)$/, "$1-7654321");

/** A project that the other stack's provisioner has made. */
const project = (prefix: string): [string, string][] => [
  ["s3:DeleteObject", `arn:aws:s3:::${prefix}-shop-files/any`],
  ["cloudformation:DeleteStack", `arn:aws:cloudformation:eu-west-1:123456789012:stack/${prefix}-shop/1`],
  [
    "secretsmanager:DeleteSecret",
    `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${prefix}/shop-AbCdEf`,
  ],
  ["rds:DeleteDBInstance", `arn:aws:rds:eu-west-1:123456789012:db:${prefix}-shop`],
];

const othersProbes = (view: StackView): Probe[] => [
  ...probesOf(view).map(({ action, resource, about }) => ({
    action,
    resource: neighbours(about) + resource.slice(about.length),
    about,
  })),
  ...project(`gw${view.stack}`).map(([action, resource]) => ({ action, resource, about: resource })),
];

/** What prod's resources carry where dev's carry something else; `Name` is the same in both. */
const OTHERS_TAGS =
  /^(aws:(Resource|Request)Tag\/|ssm:resourceTag\/)(groundwork:\w+|database-lease|aws:autoscaling:groupName)$/;

/** The role's statements less those that ask for a tag which nothing of prod's carries. */
function withoutOthers(role: Role, other: string): Role {
  const policies = role.policies.map((policy) => {
    const document = JSON.parse(policy) as { Statement: object[] };
    const kept = document.Statement.filter((statement) =>
      parsePolicy(JSON.stringify({ Statement: [statement] })).every(
        ({ conditions }) =>
          !conditions.some(
            ({ key, values }) => OTHERS_TAGS.test(key) && !values.some((value) => value.includes(other)),
          ),
      ),
    );
    return JSON.stringify({ ...document, Statement: kept });
  });
  return { ...role, policies: policies.filter((policy) => JSON.parse(policy).Statement.length > 0) };
}

const mentions = (policy: string, action: string) =>
  parsePolicy(policy).some(({ actions }) =>
    actions.some((one) => one.includes("*") || one.toLowerCase() === action.toLowerCase()),
  );

describe("account-wide resources", () => {
  it("are created again by the stack that owns them", async function () {
    leftToAll(this);
    const { all } = await share("prod", "own", "groundwork/prod");
    assert.equal(all("accessanalyzer/analyzer:Analyzer").length, 1);
  });

  it("are claimed in the account before any of them is created", async () => {
    const { resources } = await stackView("prod");
    const before = (type: string) => resources.filter((one) => one.type === type).map((one) => one.dependsOn);
    // A second trail would be one more copy, and API Gateway's setting waits for its role, which waits for this.
    for (const type of some(Object.keys(ONCE).filter((one) => !/Trail|Account$|OpenId/.test(one))))
      assert.deepEqual(before(type), [["account"]], type);
  });

  it("refuses a second stack that would create them", () => {
    assert.equal(
      taken("groundwork/dev", "groundwork/prod"),
      "groundwork:account.singletons in Pulumi.prod.yaml must be shared, because stack groundwork/dev owns what this account has only once " +
        "(/groundwork/account/holder). If groundwork/dev should share it instead, set that there and run its up first",
    );
    assert.equal(taken("groundwork/dev", "groundwork/dev"), undefined);
    assert.equal(taken(undefined, "groundwork/dev"), undefined);
  });

  it("refuses to share what nobody has created, and lets a stack change from owning to sharing", () => {
    assert.equal(
      unheld(undefined, "groundwork/prod"),
      "groundwork:account.singletons in Pulumi.prod.yaml is shared, but no stack has created yet what this account has only once (there is no " +
        "/groundwork/account/holder in this region): run npm run up -- --stack account first, or leave the setting out if this is the only stack",
    );
    for (const holder of ["groundwork/account", "groundwork/prod"])
      assert.equal(unheld(holder, "groundwork/prod"), undefined);
  });

  it("stay in the account when their stack is destroyed, as far as they protect or serve others", async () => {
    const { resources } = await stackView("account");
    assert.deepEqual(
      resources
        .filter(({ retainOnDelete }) => retainOnDelete)
        .map(({ type }) => type)
        .sort(),
      [
        "aws:apigateway/account:Account",
        "aws:ebs/encryptionByDefault:EncryptionByDefault",
        "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess",
        "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults",
        "aws:iam/accountPasswordPolicy:AccountPasswordPolicy",
        "aws:iam/role:Role",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
      ],
    );
  });

  it("are not created if nothing in a stack needs them", async () => {
    const without = ["delivery", "operations", "provisioner"].map((area) => `groundwork:${area}`);
    const { resources } = await runStack("dev", { without });
    assert.deepEqual(
      resources.filter(({ type, name }) => type === "aws:ssm/parameter:Parameter" && name === "account"),
      [],
    );
  });

  it("do not include GitHub's provider if the account already has one", async () => {
    const config = { "groundwork:account": { singletons: "only", githubProvider: false } };
    const { all } = await runStack("account", { config });
    assert.deepEqual(all("iam/openIdConnectProvider:OpenIdConnectProvider"), []);
  });

  it("let GitHub's workflows sign in through a provider that another stack created", async () => {
    const { one, all } = await share("dev");
    assert.deepEqual(all("iam/openIdConnectProvider:OpenIdConnectProvider"), []);
    assert.match(
      one("iam/role:Role", "github").inputs.assumeRolePolicy,
      /arn:aws:iam::123456789012:oidc-provider\/token\.actions\.githubusercontent\.com/,
    );
  });

  it("refuses other areas in a stack of account-wide resources only", async () => {
    const config = { "groundwork:account": { singletons: "only" } };
    await assert.rejects(
      runStack("prod", { config }),
      /groundwork:web must be left out where groundwork:account.singletons is only/,
    );
  });
});
