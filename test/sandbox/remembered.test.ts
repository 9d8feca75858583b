// What the fleet reads at each look: it is asked for again once it was changed, whoever changed it.
import assert from "node:assert/strict";
import { EventBridge } from "@aws-sdk/client-eventbridge";
import { newCredentials } from "../../sandbox/emulators/endpoints";
import { Remembered } from "../../sandbox/fleet/remembered";
import { bodyOf, LocalServer } from "../../sandbox/server";

describe("what is remembered of an emulator", () => {
  const credentials = newCredentials();
  let writes: object;
  let asked: string[];
  let status = 200;
  const server = new LocalServer(
    "emulator",
    async (request, response) => {
      // A kept connection that was idle while a busy machine loaded a client could end just when it is used again.
      response.setHeader("connection", "close");
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
