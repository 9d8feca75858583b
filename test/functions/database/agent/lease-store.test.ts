import { strict as assert } from "node:assert";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Lease } from "../../../../functions/database/lease";
import { LeaseStore } from "../../../../functions/database/agent/lease-store";
import { some } from "../../../some";

const LEASE: Lease = {
  record: "table/1",
  free: "table/0 7",
  initialised: true,
  epoch: 4,
  beat: 9,
  holder: "i-a",
  suspects: ["i-b", "i-c"],
  leaseMs: 2000,
  phase: "active",
  wanted: "i-d",
  healthy: true,
};
const ITEM = {
  recordId: { S: "table/1" },
  freeData: { S: "table/0 7" },
  initialised: { BOOL: true },
  epoch: { N: "4" },
  beat: { N: "9" },
  holder: { S: "i-a" },
  suspects: { SS: ["i-c", "i-b"] },
  leaseMs: { N: "2000" },
  phase: { S: "active" },
  wanted: { S: "i-d" },
  healthy: { BOOL: true },
};
const BARE = { epoch: { N: "4" }, beat: { N: "9" }, leaseMs: { N: "2000" } };

/** DynamoDB that gives one answer, and what it was asked. */
function rig(answer: object | Error = { Item: ITEM, Attributes: ITEM }) {
  const asked: [name: string, input: Record<string, unknown>][] = [];
  const limits: (AbortSignal | undefined)[] = [];
  const send = async (
    command: { constructor: { name: string }; input: Record<string, unknown> },
    { abortSignal }: { abortSignal?: AbortSignal } = {},
  ) => {
    asked.push([command.constructor.name, command.input]);
    limits.push(abortSignal);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const store = new LeaseStore({ send } as unknown as Pick<DynamoDBClient, "send">, "table", "lease", 50);
  return { store, asked, limits };
}

const AT = { TableName: "table", Key: { pk: { S: "lease" } } };
const updated = (more: object) => [["UpdateItemCommand", { ...AT, ReturnValues: "ALL_NEW", ...more }]];
const named = (name: string) => Object.assign(new Error("no"), { name });

describe("the lease in DynamoDB", () => {
  it("is read consistently, not as it was a moment ago", async () => {
    const { store, asked } = rig();
    assert.deepEqual(await store.read(), LEASE);
    assert.deepEqual(asked, [["GetItemCommand", { ...AT, ConsistentRead: true }]]);
  });

  it("may be absent, and may be held and wanted by nobody", async () => {
    assert.equal(await rig({}).store.read(), undefined);
    const unknown = { record: "", free: "", initialised: false };
    const nobody = { ...LEASE, ...unknown, holder: "", suspects: [], phase: "", wanted: "", healthy: false };
    assert.deepEqual(await rig({ Item: BARE }).store.read(), nobody);
  });

  it("is taken by the node that read it last, with those that may still be alive", async () => {
    const { store, asked } = rig();
    const before = { ...LEASE, epoch: 3, beat: 7 };
    assert.deepEqual(await store.take(before, LEASE), LEASE);
    assert.deepEqual(
      asked,
      updated({
        UpdateExpression:
          "SET recordId = :record, epoch = :epoch, beat = :beat, holder = :holder, leaseMs = :leaseMs, phase = :phase, wanted = :none, suspects = :suspects",
        ConditionExpression: "epoch = :oldEpoch AND beat = :oldBeat",
        ExpressionAttributeValues: {
          ":record": { S: "table/1" },
          ":epoch": { N: "4" },
          ":beat": { N: "9" },
          ":holder": { S: "i-a" },
          ":leaseMs": { N: "2000" },
          ":phase": { S: "active" },
          ":none": { S: "" },
          ":suspects": { SS: ["i-b", "i-c"] },
          ":oldEpoch": { N: "3" },
          ":oldBeat": { N: "7" },
        },
      }),
    );
  });

  it("is taken for the first time by the first node", async () => {
    const { store, asked } = rig();
    await store.take(undefined, { ...LEASE, suspects: [] });
    assert.deepEqual(
      asked,
      updated({
        UpdateExpression:
          "SET recordId = :record, epoch = :epoch, beat = :beat, holder = :holder, leaseMs = :leaseMs, phase = :phase, wanted = :none REMOVE suspects",
        ConditionExpression: "attribute_not_exists(pk)",
        ExpressionAttributeValues: {
          ":record": { S: "table/1" },
          ":epoch": { N: "4" },
          ":beat": { N: "9" },
          ":holder": { S: "i-a" },
          ":leaseMs": { N: "2000" },
          ":phase": { S: "active" },
          ":none": { S: "" },
        },
      }),
    );
  });

  const held = { ":node": { S: "i-a" }, ":epoch": { N: "4" }, ":one": { N: "1" } };
  const changes: [string, (store: LeaseStore) => Promise<unknown>, object][] = [
    [
      "is renewed by its holder alone, with what that is doing",
      (store) => store.renew("i-a", 4, "starting", true),
      {
        UpdateExpression: "SET phase = :phase, healthy = :healthy, initialised = :healthy ADD beat :one",
        ConditionExpression: "holder = :node AND epoch = :epoch",
        ExpressionAttributeValues: { ...held, ":phase": { S: "starting" }, ":healthy": { BOOL: true } },
      },
    ],
    [
      "is given up by its holder alone",
      (store) => store.release("i-a", 4),
      {
        UpdateExpression: "SET holder = :none, phase = :none, healthy = :no ADD beat :one",
        ConditionExpression: "holder = :node AND epoch = :epoch",
        ExpressionAttributeValues: { ...held, ":none": { S: "" }, ":no": { BOOL: false } },
      },
    ],
    [
      "says that there is data once PostgreSQL has answered",
      (store) => store.renew("i-a", 4, "starting", false),
      {
        UpdateExpression: "SET phase = :phase, healthy = :healthy ADD beat :one",
        ConditionExpression: "holder = :node AND epoch = :epoch",
        ExpressionAttributeValues: { ...held, ":phase": { S: "starting" }, ":healthy": { BOOL: false } },
      },
    ],
    [
      "takes a person's word for data of another record",
      (store) => store.free("old/1", 7),
      {
        UpdateExpression: "SET freeData = :data",
        ConditionExpression: "attribute_exists(pk)",
        ExpressionAttributeValues: { ":data": { S: "old/1 7" } },
      },
    ],
    [
      "is cleared of a suspect only in the epoch of the suspicion",
      (store) => store.clear("i-b", 4),
      {
        UpdateExpression: "DELETE suspects :suspect",
        ConditionExpression: "epoch = :epoch",
        ExpressionAttributeValues: { ":suspect": { SS: ["i-b"] }, ":epoch": { N: "4" } },
      },
    ],
    [
      "is asked for only while somebody holds it",
      (store) => store.want("i-b", 4),
      {
        UpdateExpression: "SET wanted = :wanted",
        ConditionExpression: "epoch = :epoch AND holder <> :none",
        ExpressionAttributeValues: { ":wanted": { S: "i-b" }, ":epoch": { N: "4" }, ":none": { S: "" } },
      },
    ],
  ];
  for (const [title, change, input] of changes)
    it(title, async () => {
      const { store, asked } = rig();
      assert.deepEqual(await change(store), LEASE);
      assert.deepEqual(asked, updated(input));
    });

  it("refuses a change whose condition does not hold, and fails at anything else", async () => {
    const refused = rig(named("ConditionalCheckFailedException"));
    assert.equal(await refused.store.release("i-a", 4), "refused");
    await assert.rejects(rig(named("ThrottlingException")).store.release("i-a", 4), {
      name: "ThrottlingException",
    });
  });

  it("is not waited for beyond the given time", async () => {
    const { store, limits } = rig();
    await store.read();
    await store.release("i-a", 4);
    assert.equal(limits.length, 2);
    for (const limit of some(limits)) {
      if (!limit!.aborted) await new Promise((resolve) => limit!.addEventListener("abort", resolve));
      assert.equal((limit!.reason as Error).name, "TimeoutError");
    }
  });
});
