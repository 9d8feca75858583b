import {
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { Claims } from "../shared/idempotency";
import { Release, Releases } from "./releases";

const now = () => Math.floor(Date.now() / 1000);

/** Claims as items that a conditional write takes; the table's time to live clears them away. */
export function claimsIn(client: DynamoDBClient, TableName: string): Claims {
  return {
    claim: async (key, seconds) => {
      try {
        await client.send(
          new PutItemCommand({
            TableName,
            Item: { claimKey: { S: key }, expiresAt: { N: String(now() + seconds) } },
            // Time to live deletes late, by days at worst: a claim that has ended counts as gone.
            ConditionExpression: "attribute_not_exists(claimKey) OR expiresAt < :now",
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
        new PutItemCommand({
          TableName,
          Item: { claimKey: { S: key }, answer: { S: answer }, expiresAt: { N: String(now() + seconds) } },
        }),
      );
    },
    release: async (key) => {
      await client.send(new DeleteItemCommand({ TableName, Key: { claimKey: { S: key } } }));
    },
  };
}

const RELEASE = { S: "release" };
const recordedAs = (release: Release) => ({ S: `${release.recordedAt}#${release.id}` });

/** Releases under one partition key, sorted by time; they end with their bundles. */
export function releasesIn(client: DynamoDBClient, TableName: string, keptDays: number): Releases {
  return {
    list: async () => {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: "recordKind = :kind",
          ExpressionAttributeValues: { ":kind": RELEASE },
          ScanIndexForward: false,
          Limit: 200,
          ConsistentRead: true,
        }),
      );
      return Items.map((item) => ({
        ...JSON.parse(item["release"]!.S!),
        deployedAt: item["deployedAt"]?.S,
      }));
    },
    put: async (release) => {
      await client.send(
        new PutItemCommand({
          TableName,
          Item: {
            recordKind: RELEASE,
            recordedAs: recordedAs(release),
            release: { S: JSON.stringify(release) },
            expiresAt: { N: String(now() + keptDays * 24 * 60 * 60) },
          },
        }),
      );
    },
    markDeployed: async (release, deployedAt) => {
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key: { recordKind: RELEASE, recordedAs: recordedAs(release) },
          UpdateExpression: "SET deployedAt = :at",
          ExpressionAttributeValues: { ":at": { S: deployedAt } },
        }),
      );
    },
  };
}
