import { strict as assert } from "node:assert";
import { claimsIn, releasesIn } from "../../functions/pipeline-tables";
import { releaseOf } from "./pipeline-ports-in-memory";
import { awsError, recordedClient } from "./recorded-client";

const DENIED = { name: "AccessDeniedException" };
const DAY = 24 * 60 * 60;
const now = () => Date.now() / 1000;

/** An item without its end, which must be so many seconds from now. */
function without(item: Record<string, { N?: string }>, seconds: number) {
  const { expiresAt, ...rest } = item;
  const left = Number(expiresAt!.N) - now();
  assert.ok(left > seconds - 10 && left <= seconds, `${left} s`);
  assert.match(expiresAt!.N!, /^\d+$/);
  return rest;
}

describe("a claim in the table", () => {
  it("is taken unless somebody holds it, or held it and is late in being cleared away", async () => {
    const { client, calls } = recordedClient();
    assert.deepEqual(await claimsIn(client, "claims").claim("k", 40), { mine: true });
    const [[operation, input]] = calls as [[string, Record<string, never>]];
    const { Item, ExpressionAttributeValues, ...rest } = input;
    assert.deepEqual(without(Item!, 40), { claimKey: { S: "k" } });
    const limit = Number((ExpressionAttributeValues![":now"] as { N: string }).N);
    assert.ok(Math.abs(limit - now()) < 10);
    assert.deepEqual(
      [operation, rest],
      [
        "PutItem",
        {
          TableName: "claims",
          ConditionExpression: "attribute_not_exists(claimKey) OR expiresAt < :now",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        },
      ],
    );
  });

  it("of somebody else tells what they answered, if they have", async () => {
    const held = (Item?: object) => awsError("ConditionalCheckFailedException", "held", { Item });
    const { client } = recordedClient({
      PutItem: [held({ answer: { S: "done" } }), held({}), held(), awsError(DENIED.name)],
    });
    const { claim } = claimsIn(client, "claims");
    assert.deepEqual(await claim("k", 40), { mine: false, answer: "done" });
    assert.deepEqual(await claim("k", 40), { mine: false, answer: undefined });
    assert.deepEqual(await claim("k", 40), { mine: false, answer: undefined });
    await assert.rejects(claim("k", 40), DENIED);
  });

  it("keeps the answer for its time, or is let go", async () => {
    const { client, calls } = recordedClient();
    const claims = claimsIn(client, "claims");
    await claims.keep("k", "done", DAY);
    await claims.release("k");
    const [[, { Item, ...rest }], release] = calls as [[string, Record<string, never>], unknown];
    assert.deepEqual(without(Item!, DAY), { claimKey: { S: "k" }, answer: { S: "done" } });
    assert.deepEqual(rest, { TableName: "claims" });
    assert.deepEqual(release, ["DeleteItem", { TableName: "claims", Key: { claimKey: { S: "k" } } }]);
  });
});

describe("the releases in the table", () => {
  const { deployedAt, ...fresh } = releaseOf(1);
  const key = { recordKind: { S: "release" }, recordedAs: { S: "2026-01-01T00:01:00Z#execution-1" } };

  it("come back as they were written, the newest first", async () => {
    const release = { S: JSON.stringify(fresh) };
    const Items = [{ release, deployedAt: { S: deployedAt } }, { release }];
    const { client, calls } = recordedClient({ Query: [{ Items }, {}] });
    const { list } = releasesIn(client, "releases", 30);
    assert.deepEqual(await list(), [releaseOf(1), { ...fresh, deployedAt: undefined }]);
    assert.deepEqual(calls, [
      [
        "Query",
        {
          TableName: "releases",
          KeyConditionExpression: "recordKind = :kind",
          ExpressionAttributeValues: { ":kind": { S: "release" } },
          ScanIndexForward: false,
          Limit: 200,
          ConsistentRead: true,
        },
      ],
    ]);
    assert.deepEqual(await list(), []);
  });

  it("end with their bundles", async () => {
    const { client, calls } = recordedClient();
    await releasesIn(client, "releases", 30).put(fresh);
    const [[operation, { Item, ...rest }]] = calls as [[string, Record<string, never>]];
    assert.deepEqual(without(Item!, 30 * DAY), { ...key, release: { S: JSON.stringify(fresh) } });
    assert.deepEqual([operation, rest], ["PutItem", { TableName: "releases" }]);
  });

  it("are marked when they have reached every instance", async () => {
    const { client, calls } = recordedClient();
    await releasesIn(client, "releases", 30).markDeployed(fresh, "2026-01-02");
    assert.deepEqual(calls, [
      [
        "UpdateItem",
        {
          TableName: "releases",
          Key: key,
          UpdateExpression: "SET deployedAt = :at",
          ExpressionAttributeValues: { ":at": { S: "2026-01-02" } },
        },
      ],
    ]);
  });
});
