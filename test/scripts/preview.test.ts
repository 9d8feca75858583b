import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { readEvents } from "../../scripts/preview/events";
import { plain } from "../../scripts/preview/plain";
import { reportOf } from "../../scripts/preview/report";

type Inputs = Record<string, unknown>;
const ROOT = path.join(__dirname, "../..");
const urn = (type: string, name: string) =>
  `urn:pulumi:dev::groundwork::groundwork:index:Part$${type}::${name}`;
const state = (inputs: Inputs, more: object = {}) => ({ custom: true, inputs, ...more });

/** A step as the engine tells of it. */
const step = (
  op: string,
  type: string,
  name: string,
  states: { old?: object; new?: object; keys?: string[] },
) => JSON.stringify({ resourcePreEvent: { metadata: { op, urn: urn(type, name), ...states } } });

const asked = { stack: "dev", region: "eu-west-1" };
const report = (...events: string[]) => reportOf(readEvents(events.join("\n")), asked).markdown;

const DATABASE = "aws:rds/instance:Instance";
const RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const POLICY = "aws:iam/rolePolicy:RolePolicy";
const small = { instanceClass: "db.t4g.micro", allocatedStorage: 20 };

describe("what a preview means", () => {
  it("says what a change costs, from the state before and after", () => {
    const text = report(
      step("update", DATABASE, "database", { old: state(small), new: state({ ...small, multiAz: true }) }),
      step("same", "aws:kms/key:Key", "database", { old: state({}), new: state({}) }),
      step("delete", "aws:ec2/natGateway:NatGateway", "a", { old: state({}) }),
    );
    // 730 hours of 0.017 and 20 GB of 0.127, twice, and a key; 730 hours of 0.048 and 10 GB of it.
    assert.match(text, /^### dev: 1 to update, 1 to delete; about 31 USD a month \(21 USD less than now\)$/m);
    assert.match(text, /^\| Part \| 51\.47 \| 30\.90 \|$/m);
  });

  it("counts a replacement once, before and after", () => {
    const states = { old: state(small), new: state({ ...small, multiAz: true }), keys: ["storageEncrypted"] };
    const text = report(
      step("create-replacement", DATABASE, "database", states),
      step("replace", DATABASE, "database", states),
      step("delete-replaced", DATABASE, "database", { old: states.old }),
    );
    assert.match(text, /^### dev: 1 to replace; about 30 USD a month \(15 USD more than now\)$/m);
    assert.match(
      text,
      /🔴 Data\*\*\n\n- Instance database is replaced by an empty one, for its storageEncrypted$/m,
    );
  });

  it("prices a group by its template and minimum size, although a preview does not know the ids", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const template = state({
      instanceType: "t4g.small",
      networkInterfaces: [{ associatePublicIpAddress: "true" }],
    });
    const text = report(
      step("create", "aws:ec2/launchTemplate:LaunchTemplate", "web", { new: template }),
      step("create", "aws:autoscaling/group:Group", "web", {
        new: state({ minSize: 2, maxSize: 4, launchTemplate: { id: unknown } }),
      }),
    );
    // Twice: 730 hours of 0.0184 and of 0.005, and 8 GB of 0.088.
    assert.match(text, /^\| Part \| 0\.00 \| 35\.57 \|$/m);
  });

  it("names machines without a known price, instead of counting them as free", () => {
    const text = report(
      step("create", DATABASE, "database", { new: state({ instanceClass: "db.x9.huge" }) }),
    );
    assert.match(text, /\*\*No price is known for rds db\.x9\.huge: these are missing from the sum\.\*\*/);
  });

  it("distinguishes data that is deleted from data that stays behind", () => {
    const text = report(
      step("delete", "aws:s3/bucket:Bucket", "files", { old: state({}) }),
      step("delete", "aws:efs/fileSystem:FileSystem", "data", { old: state({}, { retainOnDelete: true }) }),
      step("delete", "aws:sqs/queue:Queue", "events", { old: state({}) }),
    );
    assert.match(
      text,
      /Data\*\*\n\n- Bucket files is deleted with what it holds\n- FileSystem data leaves the stack and stays in the account\n\n/,
    );
  });

  it("reports what opens to the internet, but not what was already open", () => {
    const open = { cidrIpv4: "0.0.0.0/0", fromPort: 443, toPort: 443, ipProtocol: "tcp" };
    const text = report(
      step("create", RULE, "https", { new: state(open) }),
      step("update", RULE, "old", { old: state(open), new: state({ ...open, description: "words" }) }),
      step("create", RULE, "inside", { new: state({ ...open, cidrIpv4: "10.0.0.0/8" }) }),
      step("update", DATABASE, "database", {
        old: state(small),
        new: state({ ...small, publiclyAccessible: true }),
      }),
    );
    assert.match(
      text,
      /Newly open to the internet\*\*\n\n- SecurityGroupIngressRule https lets 0\.0\.0\.0\/0 in at port 443\n- Instance database has an address on the internet\n\n/,
    );
  });

  it("reports new permissions, but not existing ones", () => {
    const policy = (...actions: string[]) =>
      state({
        policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: actions, Resource: "arn:x" }] }),
      });
    const text = report(
      step("update", POLICY, "web", {
        old: policy("s3:GetObject"),
        new: policy("s3:GetObject", "s3:PutObject"),
      }),
      step("update", POLICY, "less", {
        old: policy("s3:GetObject", "s3:PutObject"),
        new: policy("s3:GetObject"),
      }),
    );
    assert.match(text, /Newly allowed\*\*\n\n- RolePolicy web: s3:PutObject on arn:x\n\n/);
  });

  it("reports the mandatory rules that are broken, each once", () => {
    const policyEvent = {
      resourceUrn: urn(DATABASE, "database"),
      policyName: "keeps-data",
      enforcementLevel: "mandatory",
    };
    const text = report(
      JSON.stringify({ policyEvent }),
      JSON.stringify({ policyEvent }),
      JSON.stringify({ policyEvent: { ...policyEvent, policyName: "advice", enforcementLevel: "advisory" } }),
    );
    assert.match(text, /Rules that are broken\*\*\n\n- database: keeps data\n\n/);
  });

  it("refuses a change that costs more than the settings allow", () => {
    const gateways = ["a", "b"].map((name) =>
      step("create", "aws:ec2/natGateway:NatGateway", name, { new: state({}) }),
    );
    const of = (monthlyBudgetUsd: number) =>
      reportOf(readEvents(gateways.join("\n")), { ...asked, monthlyBudgetUsd }).overBudget;
    assert.equal(of(72), undefined);
    assert.equal(
      of(71),
      "Stack dev would cost about 71 USD a month, and its budget is 71 USD (operations.monthlyBudgetUsd).",
    );
  });

  it("is shown on a terminal without Markdown syntax", () => {
    const text = plain(report(step("create", "aws:kms/key:Key", "key", { new: state({}) })));
    assert.match(text, /^dev: 1 to create; about 1\.00 USD a month$/m);
    assert.match(text, /^ {2}Part +0\.00 +1\.00$/m);
    assert.doesNotMatch(text, /[|`]|\*\*|<details>/);
  });

  it("works without account and CLI, from the program and its settings", function () {
    this.timeout(60_000);
    const price = (...args: string[]) =>
      spawnSync(process.execPath, ["scripts/with-install.cjs", "scripts/preview/price.ts", ...args], {
        cwd: ROOT,
        encoding: "utf8",
      });
    const { status, stdout, stderr } = price("--stack", "account");
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^account: \d+ to create; about \d+(\.\d+)? USD a month$/m);
    assert.match(price().stderr, /^Say which stack: --stack STACK\.\n$/);
    assert.match(
      price("--stack", "none").stderr,
      /^There is no stack none: .*Pulumi\.none\.yaml would hold its settings\.\n$/,
    );
  });
});
