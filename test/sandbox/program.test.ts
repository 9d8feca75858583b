// What the sandbox knows of the program, held to what the sandbox's own stack declares.
import { strict as assert } from "node:assert";
import type { Declared } from "../../policies/declared";
import { readConfiguration } from "../../sandbox/engine/config";
import {
  isDatabaseNode,
  launchHookIn,
  nodeIn,
  ON_NODES,
  OUTPUTS,
  PEOPLE,
  settingOf,
  webVariables,
  WRITTEN_BY_ADMINS,
} from "../../sandbox/program";
import { Run, runStack } from "../harness";
import { some } from "../some";

describe("the sandbox's knowledge of the program", () => {
  let stack: Run<Record<string, unknown>>;
  before(async () => {
    stack = await runStack("sandbox");
  });

  const userData = (name: string) =>
    Buffer.from(
      stack.one("ec2/launchTemplate:LaunchTemplate", name).inputs.userData as string,
      "base64",
    ).toString();

  it("names outputs that the program has", () => {
    for (const name of some(Object.values(OUTPUTS))) assert.ok(stack.outputs[name], name);
  });

  it("names settings that the program reads", () => {
    const { values } = readConfiguration("sandbox");
    assert.equal(settingOf("database", values)?.engine, ON_NODES);
    assert.match(settingOf("provisioner", values)?.sender ?? "", /@/);
    assert.notEqual(settingOf("uploads", values), undefined);
  });

  it("finds a web server's variables in its user data", () => {
    assert.equal(webVariables(userData("web"))?.["PARAMETER_PATH"], "/groundwork/sandbox");
    assert.equal(webVariables(userData("database")), undefined);
  });

  it("finds the launch hook that a web server completes", () => {
    const { initialLifecycleHooks } = stack.one("autoscaling/group:Group", "web").inputs;
    const [{ name }] = initialLifecycleHooks as [{ name: string }];
    assert.deepEqual(launchHookIn(userData("web")), { name, path: "/health" });
    assert.equal(launchHookIn(userData("database")), undefined);
  });

  it("finds every part of a database node in its user data", () => {
    assert.deepEqual([isDatabaseNode(userData("web")), isDatabaseNode(userData("database"))], [false, true]);
    const { config, script, agent, secretArn } = nodeIn(userData("database"));
    assert.equal(typeof config.virtualIp, "string");
    assert.match(script("attach") + script("start") + script("detach"), /^#!/);
    assert.match(agent.key, /^agent/);
    assert.match(secretArn, /^arn:aws:secretsmanager:/);
  });

  it("names the groups of the program's people, and the attributes that admins write", () => {
    const names = (type: string) => stack.all(type).map(({ inputs }: Declared) => inputs.name as string);
    for (const { group } of some(PEOPLE))
      assert.ok(names("cognito/userGroup:UserGroup").includes(group), group);
    const { schemas } = stack.one("cognito/userPool:UserPool").inputs;
    assert.deepEqual(
      schemas
        .map(({ name }: { name: string }) => `custom:${name}`)
        .filter((name: string) => name in WRITTEN_BY_ADMINS),
      Object.keys(WRITTEN_BY_ADMINS),
    );
  });
});
