// What the emulators count, so that the fleet asks again only for what was changed.
import assert from "node:assert/strict";
import { ownKey } from "../../sandbox/emulators/endpoints";
import { Remembered } from "../../sandbox/fleet/remembered";
import { until } from "../../sandbox/problem";
import { SharedSandbox, sharedSandbox } from "./shared";

describe("both emulators count what is changed", () => {
  let sandbox: SharedSandbox;
  let remembered: Remembered;
  before(async function () {
    sandbox = await sharedSandbox(this);
    remembered = new Remembered(sandbox.state.endpoints);
  });

  it("by a call in JSON, and by one in a form", async () => {
    const list = {
      rules: async () =>
        (await (await remembered.use("events")).listRules({ NamePrefix: "counted" })).Rules!.length,
      keys: async () =>
        (await (await remembered.use("ec2")).describeKeyPairs({ KeyNames: [] })).KeyPairs!.length,
    };
    const look = async () => {
      await remembered.look("ministack");
      await remembered.look("moto");
    };
    await look();
    const [rules, keys] = [await list.rules(), await list.keys()];
    await (await sandbox.use("events")).putRule({ Name: "counted", ScheduleExpression: "rate(1 day)" });
    await (await sandbox.use("ec2")).createKeyPair({ KeyName: "counted" });
    assert.deepEqual([await list.rules(), await list.keys()], [rules, keys], "before a look");
    await look();
    assert.deepEqual([await list.rules(), await list.keys()], [rules + 1, keys + 1]);
    await (await sandbox.use("events")).deleteRule({ Name: "counted" });
    await (await sandbox.use("ec2")).deleteKeyPair({ KeyName: "counted" });
  });

  it("as CloudFormation's own steps what it does in no call of anybody's", async () => {
    const { endpoints } = sandbox.state;
    const steps = async () => {
      const url = `${endpoints.ministack}/_groundwork/writes`;
      const answer = await fetch(url, { headers: ownKey(endpoints) });
      return ((await answer.json()) as { byItself: number }).byItself;
    };
    const before = await steps();
    const StackName = "counted";
    const Resources = { Topic: { Type: "AWS::SNS::Topic" } };
    const cloudformation = await sandbox.use("cloudformation");
    await cloudformation.createStack({ StackName, TemplateBody: JSON.stringify({ Resources }) });
    const made = async () => (await steps()) - before;
    await until("Two steps for the stack, two for its topic", made, { wanted: (count) => count === 4 });
    await cloudformation.deleteStack({ StackName });
  });
});
