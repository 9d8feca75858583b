import { type AttributeValue, DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { Lease } from "./lease";

/** Where the lease is kept. */
export interface LeaseLocation {
  table: string;
  key: string;
}

export const keyOf = ({ table, key }: LeaseLocation) => ({ TableName: table, Key: { pk: { S: key } } });

/** The current lease, by a consistent read. */
export async function readLease(
  client: Pick<DynamoDBClient, "send">,
  location: LeaseLocation,
  options?: { abortSignal: AbortSignal },
): Promise<Lease | undefined> {
  const { Item } = await client.send(
    new GetItemCommand({ ...keyOf(location), ConsistentRead: true }),
    options,
  );
  return Item && leaseIn(Item);
}

export function leaseIn(item: Record<string, AttributeValue>): Lease {
  return {
    record: item.recordId?.S ?? "",
    free: item.freeData?.S ?? "",
    initialised: item.initialised?.BOOL ?? false,
    epoch: Number(item.epoch?.N),
    beat: Number(item.beat?.N),
    holder: item.holder?.S ?? "",
    suspects: [...(item.suspects?.SS ?? [])].sort(),
    leaseMs: Number(item.leaseMs?.N),
    phase: (item.phase?.S ?? "") as Lease["phase"],
    wanted: item.wanted?.S ?? "",
    healthy: item.healthy?.BOOL ?? false,
  };
}
