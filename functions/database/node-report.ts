import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";

/** What a node says of itself, beside the lease: a passive one would not be missed otherwise. */
export interface NodeReport {
  /** It runs PostgreSQL, or has reached the data and could. */
  ready: boolean;
  /** When it said so, by its wall clock: good enough for an alarm, on which nobody's life depends. */
  at: number;
}

/** A node says something this often. */
export const REPORT_MS = 15_000;
/** A report that is older counts no longer. */
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

/** Whether the node has said lately that it is ready. */
export async function isReady(
  client: Pick<DynamoDBClient, "send">,
  table: string,
  node: string,
  now: number,
): Promise<boolean> {
  const { Item } = await client.send(new GetItemCommand(place(table, node)));
  return Item?.ready?.BOOL === true && now - Number(Item.saidAt?.N) < FRESH_MS;
}
