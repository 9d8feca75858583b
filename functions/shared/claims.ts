import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";

/** Records who may do a thing, and its result. A claim expires by itself, so that a crash blocks nobody for long. */
export interface Claims {
  /** Takes the key unless somebody holds it; otherwise returns the holder's answer, if there is one. */
  claim(key: string, seconds: number): Promise<{ mine: boolean; answer?: string }>;
  keep(key: string, answer: string, seconds: number): Promise<void>;
  release(key: string): Promise<void>;
}

/** Claims as items that a conditional write creates, in a table with the key `pk`; its time to live, `ttl`, removes them. */
export function claimsIn(client: DynamoDBClient, TableName: string): Claims {
  const now = () => Math.floor(Date.now() / 1000);
  const pk = (key: string) => ({ pk: { S: `claim#${key}` } });
  const until = (seconds: number) => ({ ttl: { N: String(now() + seconds) } });
  return {
    claim: async (key, seconds) => {
      try {
        await client.send(
          new PutItemCommand({
            TableName,
            Item: { ...pk(key), ...until(seconds) },
            // Time to live deletes late, by days at worst: an expired claim counts as gone.
            ConditionExpression: "attribute_not_exists(pk) OR #ttl < :now",
            ExpressionAttributeNames: { "#ttl": "ttl" },
            ExpressionAttributeValues: { ":now": { N: String(now()) } },
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        );
        return { mine: true };
      } catch (error) {
        const { name, Item } = error as Error & { Item?: Record<string, { S?: string }> };
        if (name !== "ConditionalCheckFailedException") throw error;
        return { mine: false, answer: Item?.["answer"]?.S };
      }
    },
    keep: async (key, answer, seconds) => {
      await client.send(
        new PutItemCommand({ TableName, Item: { ...pk(key), ...until(seconds), answer: { S: answer } } }),
      );
    },
    release: async (key) => {
      await client.send(new DeleteItemCommand({ TableName, Key: pk(key) }));
    },
  };
}
