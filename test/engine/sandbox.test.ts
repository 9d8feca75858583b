// The sandbox's stack under the official engine: `npm run up -- --stack sandbox` on emulators, without a provider of AWS's. What the tables
// answer to a single call: test/sandbox/provider.test.ts.
import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { skipWithoutEmulators } from "../emulated";
import { newFolder } from "../folder";
import { some } from "../some";
import { OnEmulators, startOnEmulators } from "./emulators";
import { Ended, ROOT, askedFor, cliFor, ended } from "./stack";

const AT_ONCE = ["--yes", "--skip-preview"];

const SETTINGS = {
  "aws:region": "eu-west-1",
  "groundwork:environment": "dev",
  "groundwork:network": { egress: "none" },
  "groundwork:identity": {},
  "groundwork:uploads": {},
};

const succeeded = ({ code, output }: Ended): string => {
  assert.equal(code, 0, output);
  return output;
};

/** What stands of a program beside what the emulators have by themselves. */
async function leftOn({ use }: OnEmulators): Promise<Record<string, string[]>> {
  const [s3, lambda, iam, dynamodb, sqs, logs, cognito, ec2] = await Promise.all([
    use("s3"),
    use("lambda"),
    use("iam"),
    use("dynamodb"),
    use("sqs"),
    use("logs"),
    use("cognito"),
    use("ec2"),
  ]);
  return {
    buckets: ((await s3.listBuckets({})).Buckets ?? []).map(({ Name }) => Name!),
    functions: ((await lambda.listFunctions({})).Functions ?? []).map(({ FunctionName }) => FunctionName!),
    roles: ((await iam.listRoles({})).Roles ?? []).map(({ RoleName }) => RoleName!),
    tables: (await dynamodb.listTables({})).TableNames ?? [],
    queues: (await sqs.listQueues({})).QueueUrls ?? [],
    logs: ((await logs.describeLogGroups({})).logGroups ?? []).map(({ logGroupName }) => logGroupName!),
    pools: ((await cognito.listUserPools({ MaxResults: 60 })).UserPools ?? []).map(({ Name }) => Name!),
    networks: ((await ec2.describeVpcs({})).Vpcs ?? [])
      .filter((one) => !one.IsDefault)
      .map(({ VpcId }) => VpcId!),
  };
}

const NOTHING = Object.fromEntries(
  ["buckets", "functions", "roles", "tables", "queues", "logs", "pools", "networks"].map((kind) => [
    kind,
    [],
  ]),
);

describe("the sandbox's stack under the official engine", function () {
  this.timeout(900_000);
  let sandbox: OnEmulators;
  before(async function () {
    const cli = cliFor(this);
    await skipWithoutEmulators(this);
    sandbox = await startOnEmulators(cli);
    sandbox.configure(SETTINGS);
  });
  after(() => sandbox?.close());

  const resources = async () => (await sandbox.state()).resources ?? [];
  const idOf = async (type: string, name: string) =>
    (await resources()).find((one) => one.type === type && one.urn.endsWith(`::${name}`))!.id!;

  it("can be previewed, which creates nothing", async () => {
    const output = succeeded(await sandbox.npmRun("preview"));
    assert.match(output, /✅ groundwork@v/);
    assert.match(output, /\+ \d+ to create/);
    assert.deepEqual(await leftOn(sandbox), NOTHING);
  });

  it("is created on the emulators", async () => {
    succeeded(await sandbox.npmRun("up", ...AT_ONCE));
    const left = await leftOn(sandbox);
    for (const [kind, all] of some(Object.entries(left)))
      assert.equal(all.length > 0, kind !== "tables", `${kind}: ${all.join(", ")}`);
  });

  it("writes nothing into the project", () => {
    assert.deepEqual(JSON.parse(sandbox.settings()), { config: SETTINGS });
  });

  it("keeps secrets out of the readable state", async () => {
    const cognito = await sandbox.use("cognito");
    const UserPoolId = await idOf("aws:cognito/userPool:UserPool", "people");
    const { UserPoolClients = [] } = await cognito.listUserPoolClients({ UserPoolId });
    const clients = await Promise.all(
      UserPoolClients.map(({ ClientId }) => cognito.describeUserPoolClient({ UserPoolId, ClientId })),
    );
    const secrets = clients.flatMap(({ UserPoolClient }) => UserPoolClient?.ClientSecret ?? []);
    const text = JSON.stringify(await resources());
    for (const secret of some(secrets)) assert.equal(text.includes(secret), false);
  });

  it("shows no change when nothing was changed, nor at a refresh", async () => {
    succeeded(await sandbox.npmRun("preview", "--diff", "--expect-no-changes"));
    succeeded(await sandbox.npmRun("up", ...AT_ONCE, "--expect-no-changes"));
    succeeded(await sandbox.pulumi("refresh", ...AT_ONCE, "--expect-no-changes"));
  });

  it("shows a changed setting with --diff, and applies it in place", async () => {
    const lambda = await sandbox.use("lambda");
    const FunctionName = await idOf("aws:lambda/function:Function", "uploads-mover");
    const timeout = async () => (await lambda.getFunctionConfiguration({ FunctionName })).Timeout;
    sandbox.configure({ ...SETTINGS, "groundwork:uploads": { moverTimeoutSeconds: 60 } });
    const planned = succeeded(await sandbox.npmRun("preview", "--diff"));
    assert.match(planned, /~ timeout: 900 => 60/);
    assert.doesNotMatch(planned, /only recorded here/);
    assert.equal(await timeout(), 900);
    succeeded(await sandbox.npmRun("up", ...AT_ONCE));
    assert.equal(await timeout(), 60);
    assert.equal(await idOf("aws:lambda/function:Function", "uploads-mover"), FunctionName);
  });

  it("replaces what cannot be changed in place, and deletes the old one", async () => {
    const before = await leftOn(sandbox);
    sandbox.configure({ ...SETTINGS, "groundwork:network": { egress: "none", cidrBlock: "10.20.0.0/16" } });
    const planned = succeeded(await sandbox.npmRun("preview", "--diff"));
    assert.match(planned, /aws:ec2\/vpc:Vpc: \(replace\)/);
    succeeded(await sandbox.npmRun("up", ...AT_ONCE));
    const { networks = [] } = await leftOn(sandbox);
    assert.equal(networks.length, before["networks"]!.length);
    assert.notDeepEqual(networks, before["networks"]);
  });

  it("notices at a refresh what somebody has deleted, and creates it again", async () => {
    const logs = await sandbox.use("logs");
    const type = "aws:cloudwatch/logGroup:LogGroup";
    const logGroupName = await idOf(type, "uploads-mover");
    await logs.deleteLogGroup({ logGroupName });
    const refreshed = succeeded(await sandbox.pulumi("refresh", ...AT_ONCE));
    assert.match(refreshed, /- 1 deleted/);
    succeeded(await sandbox.npmRun("up", ...AT_ONCE));
    const { logGroups = [] } = await logs.describeLogGroups({
      logGroupNamePrefix: await idOf(type, "uploads-mover"),
    });
    assert.equal(logGroups.length, 1);
  });

  it("notices at a refresh what somebody has changed by hand, shows it with --diff, and restores it", async () => {
    const [lambda, s3] = [await sandbox.use("lambda"), await sandbox.use("s3")];
    const FunctionName = await idOf("aws:lambda/function:Function", "uploads-mover");
    const Bucket = (await resources()).find(({ type }) => type === "aws:s3/bucket:Bucket")!.id!;
    const timeout = async () => (await lambda.getFunctionConfiguration({ FunctionName })).Timeout;
    const tags = async () => (await s3.getBucketTagging({ Bucket })).TagSet;
    const [declared, tagged] = [await timeout(), await tags()];
    await lambda.updateFunctionConfiguration({ FunctionName, Timeout: 7 });
    await s3.putBucketTagging({ Bucket, Tagging: { TagSet: [...tagged!, { Key: "by", Value: "hand" }] } });
    const refreshed = succeeded(await sandbox.pulumi("refresh", "--diff", ...AT_ONCE));
    assert.match(refreshed, new RegExp(`~ timeout +: ${declared} => 7`));
    assert.match(refreshed, /\+ by +: "hand"/);
    assert.match(refreshed, /~ 2 updated/);
    const planned = succeeded(await sandbox.npmRun("preview", "--diff"));
    assert.match(planned, new RegExp(`~ timeout *: 7 => ${declared}`));
    succeeded(await sandbox.npmRun("up", ...AT_ONCE));
    assert.deepEqual([await timeout(), await tags()], [declared, tagged]);
    succeeded(await sandbox.pulumi("refresh", ...AT_ONCE, "--expect-no-changes"));
  });

  it("is destroyed as a whole", async () => {
    const all = await resources();
    assert.ok((await sandbox.stillThere(all)).length > 30);
    succeeded(await sandbox.npmRun("destroy", ...AT_ONCE));
    assert.deepEqual(await sandbox.stillThere(all), []);
    assert.deepEqual(await resources(), []);
    assert.deepEqual(await leftOn(sandbox), NOTHING);
  });
});

describe("the sandbox's whole stack under the official engine", function () {
  this.timeout(1_800_000);
  let sandbox: OnEmulators;
  before(async function () {
    askedFor(this);
    const cli = cliFor(this);
    await skipWithoutEmulators(this);
    sandbox = await startOnEmulators(cli);
  });
  after(() => sandbox?.close());

  it("is created with the sandbox's own settings, stays unchanged, and is destroyed as a whole", async () => {
    succeeded(await sandbox.npmRun("up", ...AT_ONCE));
    succeeded(await sandbox.npmRun("up", ...AT_ONCE, "--expect-no-changes"));
    succeeded(await sandbox.pulumi("refresh", ...AT_ONCE, "--expect-no-changes"));
    const { resources: all = [] } = await sandbox.state();
    succeeded(await sandbox.npmRun("destroy", ...AT_ONCE));
    // The account's own role for API Gateway's logs, with its policy, which the program leaves to it.
    const isOfTheAccount = (one: string) =>
      /^(aws:iam\/role(PolicyAttachment)?:\w+ )?api-[0-9a-f]{7}(\/arn:aws:iam::aws:policy\/\S+)?$/.test(one);
    const left = await leftOn(sandbox);
    assert.deepEqual({ ...left, roles: left["roles"]!.filter((one) => !isOfTheAccount(one)) }, NOTHING);
    assert.deepEqual(
      (await sandbox.stillThere(all)).filter((one) => !isOfTheAccount(one)),
      [],
    );
  });
});

describe("the sandbox's stack without emulators", () => {
  it("is refused, and the error says what to start", async () => {
    const env = { ...process.env, GROUNDWORK_EMULATORS: newFolder("groundwork-no-emulators") };
    const args = ["run", "--silent", "up", "--", "--stack", "sandbox"];
    const call = promisify(execFile)("npm", args, { cwd: ROOT, env });
    assert.deepEqual(await ended(call), {
      code: 1,
      output:
        "Stack sandbox runs on this machine's emulators, and none are running: start them in another terminal with npm run sandbox -- emulators.\n",
    });
  });
});
