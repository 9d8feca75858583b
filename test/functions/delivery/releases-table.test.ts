import { strict as assert } from "node:assert";
import { releasesIn } from "../../../functions/delivery/releases-table";
import { recordedClient } from "../recorded-client";
import { without } from "../time-to-live";
import { releaseOf } from "./ports-in-memory";

const DAY = 24 * 60 * 60;

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

  it("expire with their bundles", async () => {
    const { client, calls } = recordedClient();
    await releasesIn(client, "releases", 30).put(fresh);
    const [[operation, { Item, ...rest }]] = calls as [[string, Record<string, never>]];
    assert.deepEqual(without("expiresAt", Item!, 30 * DAY), {
      ...key,
      release: { S: JSON.stringify(fresh) },
    });
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
