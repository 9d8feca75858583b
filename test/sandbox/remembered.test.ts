// What the fleet reads at each look: it is asked for again once it was changed, whoever changed it.
import assert from "node:assert/strict";
import { EventBridge } from "@aws-sdk/client-eventbridge";
import { newCredentials, ownKey } from "../../sandbox/emulators/endpoints";
import { Remembered } from "../../sandbox/fleet/remembered";
import { until } from "../../sandbox/problem";
import { bodyOf, LocalServer } from "../../sandbox/server";
import { SharedSandbox, sharedSandbox } from "./shared";

describe("what is remembered of an emulator", () => {
  const credentials = newCredentials();
  let writes: object;
  let asked: string[];
  let status = 200;
  const server = new LocalServer(
    "emulator",
    async (request, response) => {
      if (request.url === "/_groundwork/writes") {
        const known = request.headers["x-groundwork-key"] === credentials.secretAccessKey;
        return response.writeHead(known ? 200 : 403).end(JSON.stringify(writes));
      }
      const target = request.headers["x-amz-target"];
      const text = (await bodyOf(request)).toString();
      asked.push(target ? `${String(target).split(".")[1]} ${text}` : text);
      if (!target) return response.writeHead(200, { "content-type": "text/xml" }).end("<Answer/>");
      const body = JSON.stringify(status === 200 ? { Rules: [{ Name: "one" }] } : { __type: "Refused" });
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(body);
    },
    () => {},
  );
  let now: number;
  let remembered: Remembered;
  let events: EventBridge;
  before(() => server.start());
  after(() => server.stop());
  beforeEach(async () => {
    [writes, asked, now, status] = [{ byService: { events: 1 }, byItself: 0 }, [], 1_000, 200];
    const address = `http://127.0.0.1:${server.port}`;
    const endpoints = { ministack: address, moto: address, region: "eu-west-1", credentials };
    remembered = new Remembered(endpoints, () => now);
    events = await remembered.use("events");
    await remembered.look("ministack");
    assert.deepEqual((await events.listRules({})).Rules, [{ Name: "one" }]);
    assert.deepEqual(asked, ["ListRules {}"]);
  });

  const again = async () => {
    asked = [];
    assert.deepEqual((await events.listRules({})).Rules, [{ Name: "one" }]);
    return asked;
  };

  it("is not asked for again while nothing of its service is changed", async () => {
    writes = { byService: { events: 1, dynamodb: 7 }, byItself: 0 };
    await remembered.look("ministack");
    now += 4_999;
    assert.deepEqual(await again(), []);
  });

  it("is asked for again after a change that a look has heard of", async () => {
    writes = { byService: { events: 2 }, byItself: 0 };
    assert.deepEqual(await again(), []);
    await remembered.look("ministack");
    assert.deepEqual(await again(), ["ListRules {}"]);
    assert.deepEqual(await again(), []);
  });

  it("is asked for again when the emulator has gone on by itself, or after a while", async () => {
    writes = { byService: { events: 1 }, byItself: 1 };
    await remembered.look("ministack");
    assert.deepEqual(await again(), ["ListRules {}"]);
    now += 5_000;
    assert.deepEqual(await again(), ["ListRules {}"]);
  });

  it("is asked for again when a service has changed that changes it: a group launches machines", async () => {
    const ec2 = await remembered.use("ec2");
    const machines = async () => {
      asked = [];
      await ec2.describeInstances({});
      return asked.length;
    };
    await remembered.look("moto");
    assert.deepEqual([await machines(), await machines()], [1, 0]);
    writes = { byService: { autoscaling: 1 }, byItself: 0 };
    await remembered.look("moto");
    assert.deepEqual([await machines(), await machines()], [1, 0]);
    writes = { byService: { autoscaling: 1, wafv2: 1 }, byItself: 0 };
    await remembered.look("moto");
    assert.equal(await machines(), 0);
  });

  it("is another answer for another question, and no refusal", async () => {
    await events.listRules({ Limit: 5 });
    assert.deepEqual(asked.at(-1), 'ListRules {"Limit":5}');
    status = 400;
    await assert.rejects(events.listRules({ Limit: 6 }), { name: "Refused" });
    status = 200;
    await events.listRules({ Limit: 6 });
    assert.equal(asked.filter((one) => one.includes("6")).length, 2);
  });

  it("is nothing that changes something", async () => {
    for (let i = 0; i < 2; i++) await events.enableRule({ Name: "one" });
    assert.deepEqual(asked.slice(1), Array(2).fill('EnableRule {"Name":"one"}'));
  });

  it("is nothing while the emulator does not tell", async () => {
    const stranger = { ...credentials, secretAccessKey: "wrong" };
    const address = `http://127.0.0.1:${server.port}`;
    const other = { ministack: address, moto: address, region: "eu-west-1", credentials: stranger };
    const told = new Remembered(other).look("moto");
    await assert.rejects(told, /^Error: moto does not tell what was changed, but answers with 403$/);
  });
});

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
