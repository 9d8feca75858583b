import { strict as assert } from "node:assert";
import { claimsIn } from "../../../functions/shared/claims";
import { awsError, recordedClient } from "../recorded-client";
import { without } from "../time-to-live";

const DENIED = { name: "AccessDeniedException" };
const DAY = 24 * 60 * 60;

describe("a claim in the table", () => {
  it("is granted unless somebody holds it, also if an expired one was not cleared away yet", async () => {
    const { client, calls } = recordedClient();
    assert.deepEqual(await claimsIn(client, "claims").claim("k", 40), { mine: true });
    const [[operation, input]] = calls as [[string, Record<string, never>]];
    const { Item, ExpressionAttributeValues, ...rest } = input;
    assert.deepEqual(without("ttl", Item!, 40), { pk: { S: "claim#k" } });
    const limit = Number((ExpressionAttributeValues![":now"] as { N: string }).N);
    assert.ok(Math.abs(limit - Date.now() / 1000) < 10);
    assert.deepEqual(
      [operation, rest],
      [
        "PutItem",
        {
          TableName: "claims",
          ConditionExpression: "attribute_not_exists(pk) OR #ttl < :now",
          ExpressionAttributeNames: { "#ttl": "ttl" },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        },
      ],
    );
  });

  it("of somebody else returns their answer, if there is one", async () => {
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

  it("keeps the answer for its time, or is released", async () => {
    const { client, calls } = recordedClient();
    const claims = claimsIn(client, "claims");
    await claims.keep("k", "done", DAY);
    await claims.release("k");
    const [[, { Item, ...rest }], release] = calls as [[string, Record<string, never>], unknown];
    assert.deepEqual(without("ttl", Item!, DAY), { pk: { S: "claim#k" }, answer: { S: "done" } });
    assert.deepEqual(rest, { TableName: "claims" });
    assert.deepEqual(release, ["DeleteItem", { TableName: "claims", Key: { pk: { S: "claim#k" } } }]);
  });
});
