import { paginateQuery } from "@aws-sdk/client-dynamodb";
import { item, object } from "./attributes";
import type { Table } from "./table";

/** Everything in one of the index's lists that is due by now. */
export async function dueIn<T>({ client, TableName }: Table, queue: string, now: string): Promise<T[]> {
  const found: T[] = [];
  const asked = {
    TableName,
    IndexName: "byDue",
    KeyConditionExpression: "queue = :queue AND due <= :now",
    ExpressionAttributeValues: item({ ":queue": queue, ":now": now }),
  };
  for await (const { Items = [] } of paginateQuery({ client }, asked))
    found.push(...Items.map((one) => object<T>(one)));
  return found;
}
