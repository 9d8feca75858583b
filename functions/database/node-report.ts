import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";

/** A node's own report, beside the lease: without it nobody would miss a passive node. */
export interface NodeReport {
  /** It runs PostgreSQL, or has reached the data and could run it. */
  ready: boolean;
  /** When it reported, by its wall clock: good enough for an alarm, which decides nothing vital. */
  at: number;
}

/** How often a node reports. */
export const REPORT_MS = 15_000;
/** A report older than this no longer counts. */
const FRESH_MS = 4 * REPORT_MS;

const place = (table: string, node: string) => ({ TableName: table, Key: { pk: { S: `node/${node}` } } });

export async function writeReport(
  client: Pick<DynamoDBClient, "send">,
  table: string,
  node: string,
  { ready, at }: NodeReport,
): Promise<void> {
  await client.send(
    new UpdateItemCommand({
      ...place(table, node),
      UpdateExpression: "SET ready = :ready, saidAt = :at",
      ExpressionAttributeValues: { ":ready": { BOOL: ready }, ":at": { N: String(at) } },
    }),
    { abortSignal: AbortSignal.timeout(5000) },
  );
}

/** Whether the node has reported lately that it is ready. */
export async function isReady(
  client: Pick<DynamoDBClient, "send">,
  table: string,
  node: string,
  now: number,
): Promise<boolean> {
  const { Item } = await client.send(new GetItemCommand(place(table, node)));
  return Item?.ready?.BOOL === true && now - Number(Item.saidAt?.N) < FRESH_MS;
}
