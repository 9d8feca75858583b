// npm run verify -- --full, from nothing to nothing, with stand-ins for Pulumi's CLI and for AWS. Nobody has run it on AWS.
import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import * as path from "node:path";
import { load } from "js-yaml";
import { version } from "pulumi/package.json";
import type { Report } from "../../scripts/verify/report";
import { awsCallOf, listen } from "../listener";
import { ACCOUNT } from "../sts";
import { some } from "../some";
import { newFolder } from "../folder";
import { leftToAll } from "../left-to-all";

const ROOT = path.join(__dirname, "../..");
const SETTINGS = `# A comment that must come back.
config:
  aws:region: eu-west-1
  groundwork:environment: dev
  groundwork:network:
    egress: none
  groundwork:web: {}
`;
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/waits-for-its-end`;
const BUCKET = "arn:aws:s3:::forgotten";

/** Writes down how it was called, and of each `up` what the settings were. */
const CLI = `#!/usr/bin/env node
const fs = require("node:fs");
const call = process.argv.slice(2).join(" ");
const at = (file) => process.env.STAND_IN + "/" + file;
const { load } = require(process.env.MODULES + "/js-yaml");
fs.appendFileSync(at("calls"), call + "\\n");
const [verb, what] = process.argv.slice(2);
if (verb === "stack" && what === "export") console.log(process.env.STATE ?? '{"deployment":{}}');
if (verb === "stack" && what === "output") console.log(JSON.stringify({ url: process.env.AWS_ENDPOINT_URL, webGroupName: "web", vpcId: "vpc-1" }));
if (verb === "config") console.log("eu-west-1");
if (verb === "destroy") process.exitCode = Number(process.env.DESTROY_EXIT ?? 0);
if (verb === "up") {
  const { config } = load(fs.readFileSync("Pulumi.dev.yaml", "utf8"));
  process.exitCode = Number(process.env.UP_EXIT ?? 0);
  if (process.env.UP_WAITS) {
    process.on("SIGINT", () => setTimeout(() => {
      fs.appendFileSync(at("calls"), "up has wound up\\n");
      process.exit(255);
    }, 1_000));
    setTimeout(() => {}, 60_000);
  }
  // Last, because a test that interrupts it waits for this.
  fs.appendFileSync(at("applied"), JSON.stringify({ maxSize: config["groundwork:web"].maxSize ?? 2, scaling: config["groundwork:web"].scaling ?? "steps", egress: config["groundwork:network"].egress, tags: config["aws:defaultTags"].tags }) + "\\n");
}
`;

type Applied = Record<"scaling" | "egress", string> & { maxSize: number; tags: object };

describe("npm run verify -- --full", function () {
  this.timeout(120_000);
  let folder: string;
  let aws: Awaited<ReturnType<typeof listen>>;
  /** How often AWS still lists something after the destroy. */
  let lingers: number;
  /** AWS does not follow a changed way out. */
  let stuck: boolean;
  const tagsAsked: string[] = [];

  const at = (name: string) => path.join(folder, name);
  const lines = (name: string) =>
    fs.existsSync(at(name)) ? fs.readFileSync(at(name), "utf8").trim().split("\n") : [];
  const applied = () => lines("applied").map((line) => JSON.parse(line) as Applied);

  before(async () => {
    folder = newFolder("groundwork-full");
    fs.cpSync(path.join(ROOT, "scripts"), at("scripts"), { recursive: true });
    fs.writeFileSync(at("scripts/quotas.cjs"), "module.exports = async () => {};");
    for (const name of ["package.json", "package-lock.json", "Pulumi.yaml", "tsconfig.json"])
      fs.copyFileSync(path.join(ROOT, name), at(name));
    const beside = ["node_modules", "stacks", "components", "functions", "sandbox", "webapp", "index.ts"];
    for (const name of beside) fs.symlinkSync(path.join(ROOT, name), at(name));
    const bin = at(`home/versions/${version}/bin`);
    fs.mkdirSync(bin, { recursive: true });
    fs.writeFileSync(path.join(bin, "pulumi"), CLI, { mode: 0o755 });
    aws = await listen(answerOfAws);
  });
  after(async () => {
    await aws.close();
  });
  beforeEach(() => {
    for (const name of ["calls", "applied", "report"]) fs.rmSync(at(name), { recursive: true, force: true });
    fs.writeFileSync(at("Pulumi.dev.yaml"), SETTINGS);
    lingers = 0;
    stuck = false;
    tagsAsked.length = 0;
  });

  async function answerOfAws(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { target, body } = await awsCallOf(request);
    const action = target === "null" ? request.url! : target.split(".").at(-1)!;
    response.end(ANSWERS[action]?.(body) ?? "{}");
  }
  const list = (...arns: string[]) =>
    JSON.stringify({ ResourceTagMappingList: arns.map((ResourceARN) => ({ ResourceARN })) });
  const ANSWERS: Record<string, (body: string) => string> = {
    GetCallerIdentity: () =>
      `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${ACCOUNT}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
    DescribeAutoScalingGroups: () =>
      `<DescribeAutoScalingGroupsResponse><DescribeAutoScalingGroupsResult><AutoScalingGroups><member><AutoScalingGroupName>web</AutoScalingGroupName><DesiredCapacity>1</DesiredCapacity><MaxSize>${applied().at(-1)!.maxSize}</MaxSize><TargetGroupARNs><member>arn:web</member></TargetGroupARNs><Instances><member><InstanceId>i-1</InstanceId><LifecycleState>InService</LifecycleState></member></Instances></member></AutoScalingGroups></DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>`,
    DescribePolicies: () => {
      const types =
        applied().at(-1)!.scaling === "target"
          ? ["TargetTrackingScaling"]
          : ["SimpleScaling", "SimpleScaling"];
      const members = types.map((type) => `<member><PolicyType>${type}</PolicyType></member>`).join("");
      return `<DescribePoliciesResponse><DescribePoliciesResult><ScalingPolicies>${members}</ScalingPolicies></DescribePoliciesResult></DescribePoliciesResponse>`;
    },
    DescribeNatGateways: () => {
      const gateway = "<item><natGatewayId>nat-1</natGatewayId><state>available</state></item>";
      const there = applied().at(-1)!.egress === "gateway" && !stuck ? gateway : "";
      return `<DescribeNatGatewaysResponse><natGatewaySet>${there}</natGatewaySet></DescribeNatGatewaysResponse>`;
    },
    DescribeTargetHealth: () =>
      "<DescribeTargetHealthResponse><DescribeTargetHealthResult><TargetHealthDescriptions><member><Target><Id>i-1</Id></Target><TargetHealth><State>healthy</State></TargetHealth></member></TargetHealthDescriptions></DescribeTargetHealthResult></DescribeTargetHealthResponse>",
    GetResources: (body) => {
      tagsAsked.push(JSON.stringify((JSON.parse(body) as { TagFilters: unknown }).TagFilters));
      return lingers-- > 0 ? list(KEY, BUCKET) : list(KEY);
    },
    DescribeKey: () => JSON.stringify({ KeyMetadata: { KeyId: "key", KeyState: "PendingDeletion" } }),
    "/health": () => JSON.stringify({ status: "ok" }),
  };

  function start(args: string[], env: Record<string, string> = {}) {
    const child = spawn(
      process.execPath,
      ["scripts/with-install.cjs", "scripts/verify/run.ts", "--full", "--report", at("report"), ...args],
      {
        cwd: folder,
        detached: true, // a Ctrl-C reaches all of its group, and not this test
        env: {
          ...{ PATH: process.env["PATH"]!, HOME: folder, NODE_NO_WARNINGS: "1", STAND_IN: folder },
          ...{ MODULES: path.join(ROOT, "node_modules"), PULUMI_HOME: at("home") },
          ...{ AWS_ENDPOINT_URL: aws.url, AWS_ACCESS_KEY_ID: "key", AWS_SECRET_ACCESS_KEY: "secret" },
          ...env,
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (part: Buffer) => (said += part.toString()));
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    return { child, said: () => said, ended };
  }
  async function full(args: string[], env?: Record<string, string>) {
    const { said, ended } = start(args, env);
    return { status: await ended, said: said() };
  }
  const DEV = ["--stack", "dev", "--only", "health", "--yes"];
  const reported = () => {
    const [file] = fs.readdirSync(at("report")).filter((name) => name.endsWith(".json"));
    return JSON.parse(fs.readFileSync(path.join(at("report"), file!), "utf8")) as Report;
  };
  /** The CLI's calls that change something, or look whether something would change. */
  const changes = () =>
    lines("calls")
      .filter((call) => /^(up|preview|destroy) /.test(call))
      .map((call) => call.replace(/ --policy-pack=policies| --event-log=\S+/g, ""));
  const UP = "up --stack=dev --yes --skip-preview --non-interactive";
  const DESTROY = "destroy --stack=dev --yes --skip-preview --non-interactive --exclude-protected";

  it("brings a stack up, checks it, changes settings and changes them back, destroys it, and waits until nothing is left", async () => {
    lingers = 2;
    const { status, said } = await full(DEV);
    assert.equal(status, 0, said);
    assert.deepEqual(
      reported().promises.map(({ name, state }) => [name, state]),
      [
        ["a stack is created from nothing", "kept"],
        ["the site of a new stack answers", "kept"],
        ["health", "kept"],
        ["a setting is changed and changed back", "kept"],
        ["a stack is destroyed and leaves nothing", "kept"],
      ],
    );
    assert.deepEqual(changes(), [
      ...Array.from({ length: 7 }, () => UP),
      "preview --stack=dev --expect-no-changes --non-interactive",
      DESTROY,
    ]);
    assert.deepEqual(
      applied().map(({ maxSize, scaling, egress }) => `${maxSize} ${scaling} ${egress}`),
      [
        "2 steps none",
        ...["3 steps none", "2 steps none"],
        ...["2 target none", "2 steps none"],
        ...["2 steps gateway", "2 steps none"],
      ],
    );
    const [first, ...others] = applied().map(({ tags }) => JSON.stringify(tags));
    const [, run] = /^\{"groundwork-verify":"([0-9a-f]{12})"\}$/.exec(first!)!;
    for (const tags of some(others)) assert.equal(tags, first);
    // Each look asks in the stack's region and where what has no region is told of: one that finds something, and one that finds nothing.
    assert.deepEqual(new Set(tagsAsked), new Set([`[{"Key":"groundwork-verify","Values":["${run}"]}]`]));
    assert.equal(tagsAsked.length, 4);
    assert.equal(fs.readFileSync(at("Pulumi.dev.yaml"), "utf8"), SETTINGS);
    assert.match(
      said,
      /^It takes about \d+ minutes and costs about \d\.\d\d USD, most of it for a stack of \d+ USD a month/m,
    );
    assert.ok(said.indexOf("It takes about") < said.indexOf("kept"), "told before it begins");
    assert.ok(reported().usd > 0);
  });

  it("leaves an existing network alone", async function () {
    leftToAll(this);
    const existing = {
      ...{ vpcId: "vpc-1", cidrBlock: "10.0.0.0/16" },
      ...{ publicSubnetIds: ["subnet-1", "subnet-2"], privateSubnetIds: ["subnet-3", "subnet-4"] },
    };
    const { config } = load(SETTINGS) as { config: object };
    const settings = JSON.stringify({ config: { ...config, "groundwork:network": { existing } } });
    fs.writeFileSync(at("Pulumi.dev.yaml"), settings);
    const { said } = await full(DEV);
    assert.deepEqual([...new Set(applied().map(({ egress }) => egress))], [undefined], said);
    assert.equal(applied().length, 5);
  });

  it("reports which setting AWS did not follow, and takes the stack down", async function () {
    leftToAll(this);
    stuck = true;
    const { status, said } = await full(DEV);
    assert.equal(status, 1, said);
    assert.match(
      said,
      /^broken: a setting is changed and changed back: network\.egress: AWS reports no NAT gateway, not NAT gateway$/m,
    );
    assert.equal(changes().at(-1), DESTROY);
  });

  it("takes down what came up in part, and ends with 1", async () => {
    const { status, said } = await full(DEV, { UP_EXIT: "7" });
    assert.equal(status, 1, said);
    assert.deepEqual(changes(), [UP, DESTROY]);
    assert.deepEqual(
      reported().promises.map(({ state }) => state),
      ["broken", "not asked", "not asked", "not asked", "kept"],
    );
    assert.match(said, /^broken: a stack is created from nothing: npm run up ended with 7: see above$/m);
    assert.equal(fs.readFileSync(at("Pulumi.dev.yaml"), "utf8"), SETTINGS);
  });

  /** A Ctrl-C while the stack comes up. */
  async function interrupted(env: Record<string, string> = {}) {
    const { child, said, ended } = start(DEV, { UP_WAITS: "yes", ...env });
    const looking = setInterval(() => {
      if (lines("applied").length === 0) return;
      clearInterval(looking);
      process.kill(-child.pid!, "SIGINT");
    }, 100);
    const status = await ended;
    clearInterval(looking);
    return { status, said: said() };
  }

  it("takes the stack down when it is interrupted", async () => {
    const { status, said } = await interrupted();
    assert.equal(status, 130, said);
    assert.deepEqual(changes(), [UP, "up has wound up", DESTROY]);
    assert.match(said, /^Interrupted: taking the stack down\./m);
    assert.equal(fs.readFileSync(at("Pulumi.dev.yaml"), "utf8"), SETTINGS);
  });

  it("tries three times to take the stack down, and says that it is still up if that fails, interrupted or not", async function () {
    leftToAll(this);
    const { said } = await interrupted({ DESTROY_EXIT: "1" });
    assert.deepEqual(changes(), [UP, "up has wound up", DESTROY, DESTROY, DESTROY]);
    assert.deepEqual(
      reported().promises.map(({ state }) => state),
      ["not asked", "not asked", "not asked", "not asked", "broken"],
    );
    assert.match(
      said,
      /^broken: a stack is destroyed and leaves nothing: npm run destroy ended with 1: see above$/m,
    );
  });

  const REFUSALS: [
    why: string,
    said: RegExp,
    change?: Record<string, unknown>,
    env?: Record<string, string>,
  ][] = [
    [
      "prod",
      /needs a stack whose groundwork:environment is dev or stag, got prod/,
      { "groundwork:environment": "prod" },
    ],
    [
      "a stack that does not say what it is",
      /dev or stag, got none in Pulumi\.dev\.yaml/,
      { "groundwork:environment": undefined },
    ],
    [
      "a stack that keeps data",
      /needs a stack with groundwork:keepData: false, got true/,
      { "groundwork:environment": "stag" },
    ],
    [
      "a stack without a site",
      /needs a stack with groundwork:web, got none/,
      { "groundwork:web": undefined },
    ],
    ["people without an address for the first", /name its address/, { "groundwork:identity": {} }],
    [
      "a stack that is up",
      /Stack dev is up, with 2 resources/,
      {},
      { STATE: '{"deployment":{"resources":[{},{}]}}' },
    ],
    ["another account", /These credentials are for account/, { "aws:allowedAccountIds": ["999999999999"] }],
  ];
  for (const [why, words, change = {}, env] of REFUSALS)
    it(`refuses ${why}, and creates nothing`, async () => {
      const { config } = load(SETTINGS) as { config: object };
      fs.writeFileSync(at("Pulumi.dev.yaml"), JSON.stringify({ config: { ...config, ...change } }));
      const { status, said } = await full(DEV, env);
      assert.equal(status, 1);
      assert.match(said, words);
      assert.deepEqual(changes(), []);
    });

  it("refuses the sandbox, and to begin without confirmation", async () => {
    assert.match(
      (await full(["--stack", "sandbox"])).said,
      /needs a stack on AWS: npm start starts the sandbox/,
    );
    const { said } = await full(["--stack", "dev"]);
    assert.match(
      said,
      /^Stack dev in eu-west-1, FROM NOTHING TO NOTHING[^]*Nobody is there to answer: use --yes/,
    );
    assert.deepEqual(changes(), []);
  });
});
