import { DeleteItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { DomainStore } from "../domains";
import { updateOf } from "./attributes";
import { keyOf, move, readsOf, Table } from "./table";
import { DOMAINS } from "./table-claims";
import { dueIn } from "./table-due";

/** What the care of custom domain names reads and writes. */
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
    claims: (now) => dueIn(table, DOMAINS, now),
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
