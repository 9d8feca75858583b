import { strict as assert } from "node:assert";
import { guard, reachesAws } from "../../stacks/guard";
import { readSettings, SettingsError } from "../../stacks/settings";
import { runStack } from "../harness";
import { stackView } from "./stacks";

const ACCOUNTS = "aws:allowedAccountIds";

function problems(stack: string, environment: string, accounts?: string): string[] {
  const config = {
    "groundwork:environment": environment,
    ...(accounts !== undefined && { [ACCOUNTS]: accounts }),
  };
  try {
    guard(stack, readSettings(stack, config), config);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

describe("the guard in the program", () => {
  it("lets each stack run with its own environment, in an account that it names", () => {
    assert.deepEqual(problems("dev", "dev"), []);
    assert.deepEqual(problems("stag", "stag"), []);
    for (const accounts of ['["123456789012"]', "123456789012"])
      assert.deepEqual(problems("prod", "prod", accounts), []);
  });

  it("lets a stack of another name be any environment", () => {
    for (const environment of ["dev", "stag", "prod"])
      assert.deepEqual(problems("europe", environment, '["123456789012"]'), []);
  });

  it("refuses the settings of another environment", () => {
    assert.deepEqual(problems("prod", "dev"), [
      'groundwork:environment must be prod in the stack of that name, got "dev"',
    ]);
    assert.deepEqual(problems("dev", "prod", '["123456789012"]'), [
      'groundwork:environment must be dev in the stack of that name, got "prod"',
    ]);
  });

  it("refuses a prod environment that names no account", () => {
    const rule = `${ACCOUNTS} must name the account of a prod environment, got`;
    assert.deepEqual(problems("prod", "prod"), [`${rule} nothing`]);
    assert.deepEqual(problems("europe", "prod", "[]"), [`${rule} []`]);
  });

  it("refuses a second stack of an environment the first one's projects", () => {
    const config = (provisioner: object) => ({
      "groundwork:environment": "dev",
      "groundwork:web": "{}",
      "groundwork:identity": "{}",
      "groundwork:provisioner": JSON.stringify({ sender: "a@b.cd", ...provisioner }),
    });
    const judged = (stack: string, given: Record<string, string>) =>
      guard(stack, readSettings(stack, given), given, false);
    judged("dev", config({}));
    judged("second", config({ prefix: "gwtwo" }));
    assert.throws(() => judged("second", config({})), {
      problems: [
        "groundwork:provisioner.prefix must be given in a stack that is not named after its environment, got nothing: gwdev is stack dev's",
      ],
    });
  });

  it("refuses the sandbox's stack under Pulumi's own engine", () => {
    const config = { "groundwork:environment": "dev" };
    const settings = readSettings("sandbox", config);
    guard("sandbox", settings, config, false);
    assert.throws(() => guard("sandbox", settings, config, true), {
      problems: ["it stands for this machine: npm start runs it, or npm run up -- --stack sandbox"],
    });
  });

  it("lets it run if emulators replace the AWS provider, and no other stack", () => {
    assert.equal(reachesAws("sandbox", "aws:4711,awsx:4712"), false);
    assert.equal(reachesAws("sandbox", "awsx:4712"), true);
    assert.equal(reachesAws("sandbox", undefined), true);
    assert.equal(reachesAws("dev", "aws:4711,awsx:4712"), true);
  });

  it("refuses placeholder names where AWS would accept them", () => {
    const config = {
      "groundwork:environment": "dev",
      "groundwork:web": '{"domainName": "www.example.com"}',
      "groundwork:identity": "{}",
      "groundwork:delivery": '{"repository": "example/groundwork"}',
      "groundwork:provisioner": '{"sender": "projects@example.com"}',
      "groundwork:operations": '{"alarmEmails": ["us@example.org"]}',
    };
    const settings = readSettings("dev", config);
    assert.throws(() => guard("dev", settings, config, true), {
      problems: [
        'groundwork:web.domainName must be your own, got "www.example.com"',
        'groundwork:delivery.repository must be your own, got "example/groundwork"',
        'groundwork:provisioner.sender must be your own, got "projects@example.com"',
        'groundwork:operations.alarmEmails.0 must be your own, got "us@example.org"',
      ],
    });
    guard("dev", settings, config, false);
    const ours = { ...config, "groundwork:web": '{"domainName": "www.our-example.com"}' };
    assert.throws(
      () => guard("dev", readSettings("dev", ours), ours, true),
      ({ problems }: SettingsError) => !problems.some((one) => one.includes("domainName")),
    );
  });

  it("refuses them in the program itself, however it is started", async () => {
    for (const preview of [true, false])
      await assert.rejects(runStack("prod", { preview, config: { "groundwork:environment": "dev" } }), {
        name: "SettingsError",
        message:
          'Pulumi.prod.yaml has 1 wrong setting:\n  groundwork:environment must be prod in the stack of that name, got "dev"',
      });
  });

  it("comes before everything else when prod is destroyed, and only then", async () => {
    const { resources } = await stackView("prod");
    const topmost = resources.filter(
      ({ parentType }) => parentType === "pulumi:pulumi:Stack" || parentType === "",
    );
    const others = topmost.map(({ name }) => name).filter((name) => name !== "destroy-guard");
    assert.ok(others.length > 5);
    const guards = async (stack: string) =>
      (await stackView(stack)).resources.filter(({ type }) => type === "groundwork:index:DestroyGuard");
    assert.deepEqual(
      (await guards("prod")).map(({ dependsOn }) => [...dependsOn].sort()),
      [others.sort()],
    );
    assert.deepEqual(await guards("stag"), []);
  });
});
