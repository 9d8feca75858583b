import { DynamoDBClient, PutItemCommand, QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { Release, Releases } from "./releases";

const RELEASE = { S: "release" };
const recordedAs = (release: Release) => ({ S: `${release.recordedAt}#${release.id}` });

/** Releases under one partition key, sorted by time; they expire with their bundles. */
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
            expiresAt: { N: String(Math.floor(Date.now() / 1000) + keptDays * 24 * 60 * 60) },
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
