import { DeleteItemCommand, paginateQuery, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { Claim } from "../claim";
import type { DomainStore } from "../domains";
import { item, object, updateOf } from "./attributes";
import { keyOf, move, readsOf, Table } from "./table";
import { DOMAINS } from "./table-claims";

/** What looks after names of teams' own reads and writes. */
export function domainStore(table: Table): DomainStore {
  const { client, TableName } = table;
  const { get, note } = readsOf(table);
  const write = async (domain: string, changes: object, cleared: string[] = []) => {
    const update = updateOf({ ...changes }, cleared, "attribute_exists(#id)");
    await client.send(new UpdateItemCommand({ TableName, Key: keyOf("domain", domain), ...update }));
  };
  return {
    get,
    note,
    move: (id, from, onward) => move(table, id, from, onward),
    claims: async (now) => {
      const found: Claim[] = [];
      const asked = {
        ...{ TableName, IndexName: "byDue", KeyConditionExpression: "queue = :queue AND due <= :now" },
        ExpressionAttributeValues: item({ ":queue": DOMAINS, ":now": now }),
      };
      for await (const { Items = [] } of paginateQuery({ client }, asked))
        found.push(...Items.map((one) => object<Claim>(one)));
      return found;
    },
    mark: write,
    free: async (domain, heldUntil) => {
      const claimed = [
        "id",
        "queue",
        "due",
        "certificateArn",
        "askedAt",
        "told",
        "warned",
        "proven",
        "tried",
      ];
      if (heldUntil) await write(domain, { ttl: heldUntil }, claimed);
      else await client.send(new DeleteItemCommand({ TableName, Key: keyOf("domain", domain) }));
    },
  };
}
