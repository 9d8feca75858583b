// The policy pack puts rules of policies/rules/ to a real preview: which, and by which standards, says policies/standards.ts.
import { strict as assert } from "node:assert";
import { policies, policyName } from "../../policies/pack";
import { STANDARDS } from "../../policies/standards";
import { readSettings } from "../../stacks/settings";
import { run } from "../harness";
import { EXCEPTIONS } from "../../policies/exceptions";
import { RULES } from "../../policies/rules";
import { ENVIRONMENTS } from "../../stacks/environments";
import { VIOLATIONS } from "./violations";
import { some } from "../some";
import { made } from "./cases/case";
import { asEngine, ask, askWith } from "./engine";

/** What only the program's own tests can judge, and why. */
const LEFT_OUT: Record<string, string> = {
  "narrows each wildcard to the stack's own resources": "the pack is not told which stack it looks at",
  "sets no physical name": "the engine has filled in the generated names by then",
  "keeps each rule of a security group as a resource of its own":
    "AWS reports the rules inside the group too",
  "starts groups from a numbered version of a launch template": "the number is unknown in a preview",
  "gives each function a JSON log of its own": "the log groups' names are unknown in a preview",
  "names condition keys that the actions support": "a mistake there refuses too much, never too little",
  "gives an action every type of resource that it needs":
    "a mistake there refuses too much, never too little",
  "watches only metrics that something reports":
    "the names and ids that figures are kept by are unknown in a preview; a mistake there is silent, and opens nothing",
  "keeps policies within IAM's size limits":
    "IAM says so itself; the tests say it before, and for longer names",
};

describe("the policy pack", () => {
  for (const rule of some(Object.keys(STANDARDS)))
    it(`refuses what breaks: ${rule}`, async () => {
      const { program, problems, keepData = true } = VIOLATIONS[rule]!;
      const { resources } = await run(() => {
        program();
        return {};
      });
      const due = problems.filter((p) => !EXCEPTIONS.some((e) => e.rule === rule && e.problem.test(p)));
      // What is judged together has been made by then, so that AWS's part is known.
      const seen = resources.map((one) =>
        STANDARDS[rule]!.scope === "stack" ? { ...asEngine(one), props: one.outputs } : asEngine(one),
      );
      assert.deepEqual(await ask(policyName(rule), seen, keepData), due);
    });

  it("contains each rule of the stacks, or leaves it out for a reason", () => {
    assert.deepEqual([...Object.keys(STANDARDS), ...Object.keys(LEFT_OUT)].sort(), Object.keys(RULES).sort());
  });

  it("names each policy once", () => {
    const names = Object.keys(STANDARDS).map(policyName);
    assert.equal(new Set(names).size, names.length);
  });

  it("names the published requirements that each policy meets", () => {
    const described = Object.fromEntries(policies.map(({ name, description }) => [name, description]));
    const rule = "opens no administration port to the internet";
    assert.equal(described[policyName(rule)], `${rule}, EC2.13, EC2.14, CIS 6.3`);
    assert.equal(policyName("Encrypts each bucket, S3's own"), "encrypts-each-bucket-s3-s-own");
  });

  const bucket = made("aws:s3/bucket:Bucket", { forceDestroy: true });
  const KEPT = policyName("protects what holds data in a stack that keeps its data, and only there");
  const kept = async (config: Record<string, string>) =>
    (await askWith(config, KEPT, [asEngine({ ...bucket, protect: true })])).length === 0;

  const dropped = async (config: Record<string, string>) =>
    (await askWith(config, KEPT, [asEngine(bucket)])).length === 0;

  it("protects data as the settings say, or else as their environment does", async () => {
    assert.equal(await dropped({ "groundwork:keepData": "false", "groundwork:environment": "prod" }), true);
    assert.equal(await dropped({ "groundwork:environment": "dev" }), true);
    assert.equal(await dropped({ "groundwork:environment": "prod" }), false);
    assert.equal(await dropped({ "groundwork:keepData": "true", "groundwork:environment": "dev" }), false);
    assert.equal(await kept({ "groundwork:environment": "dev" }), false);
  });

  it("assumes for each environment what the settings do", async () => {
    for (const environment of some(ENVIRONMENTS)) {
      const config = { "groundwork:environment": environment };
      const { keepData } = readSettings(environment, config);
      assert.equal(await dropped(config), !keepData, environment);
    }
  });

  it("requires a program without our settings to keep its data", async () => {
    const safe = [asEngine(made("aws:s3/bucket:Bucket", { forceDestroy: false }, { protect: true }))];
    assert.deepEqual(await askWith({}, KEPT, safe), []);
    assert.equal(await kept({}), false);
  });

  it("excuses only what the rule's own exceptions name", async () => {
    const RULE = "names resources wherever an action can be limited to them";
    const may = (Action: string) => {
      const policy = JSON.stringify({ Statement: [{ Effect: "Allow", Action, Resource: "*" }] });
      return asEngine(made("aws:iam/rolePolicy:RolePolicy", { policy }));
    };
    assert.deepEqual(await ask(policyName(RULE), [may("ssm:UpdateInstanceInformation")], true), []);
    assert.equal((await ask(policyName(RULE), [may("sqs:SendMessage")], true)).length, 1);
    const key = made("aws:kms/key:Key", {
      policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: ["kms:*", "s3:*"], Resource: "*" }] }),
    });
    assert.deepEqual(await ask(policyName("allows no service as a whole"), [asEngine(key)], true), [
      "aws:kms/key:Key it allows s3:*",
    ]);
  });

  it("excuses no problem of one rule by an exception of another", async () => {
    const sends = [
      { Effect: "Allow", Action: "ssm:UpdateInstanceInformation", Resource: "arn:aws:s3:::mine" },
    ];
    const policy = made("aws:iam/rolePolicy:RolePolicy", { policy: JSON.stringify({ Statement: sends }) });
    const told = await ask(policyName("names resources that the actions apply to"), [asEngine(policy)], true);
    assert.match(told[0]!, /lets ssm:UpdateInstanceInformation act on arn:aws:s3:::mine, which it cannot/);
  });

  it("checks before creation whatever needs no other resources", () => {
    for (const [rule, { scope }] of some(Object.entries(STANDARDS))) {
      const policy = policies.find(({ name }) => name === policyName(rule))!;
      assert.equal("validateResource" in policy ? "resource" : "stack", scope, rule);
    }
  });

  it("checks no resource that only bundles others", async () => {
    const component = asEngine(made("awsx:ecr:Repository", { forceDelete: true }));
    assert.deepEqual(await askWith({}, KEPT, [component]), []);
  });
});
