import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Claim } from "../claim";
import type { Project } from "../project";
import { item } from "./attributes";
import { keyOf, Table } from "./table";

/** Names stand in the same index as projects that are looked at, in a list of their own. */
export const DOMAINS = "domains";

/** A part of a transaction that takes a name: one that nobody has, or that its business unit alone had lately. */
export const onDomain = (
  { TableName }: Table,
  { id, unit }: Pick<Project, "id" | "unit">,
  domain: string,
  at: string,
): TransactWriteItem => ({
  Put: {
    TableName,
    Item: {
      ...keyOf("domain", domain),
      ...item({ domain, id, holder: unit, at, due: at, queue: DOMAINS } satisfies Claim & { queue: string }),
    },
    // Time to live deletes late, by days at worst.
    ConditionExpression:
      "attribute_not_exists(#pk) OR (attribute_not_exists(#id) AND (#holder = :unit OR #ttl < :now))",
    ExpressionAttributeNames: { "#pk": "pk", "#id": "id", "#holder": "holder", "#ttl": "ttl" },
    ExpressionAttributeValues: item({ ":unit": unit, ":now": Math.floor(Date.parse(at) / 1000) }),
  },
});
