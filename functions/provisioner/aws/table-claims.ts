import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Claim } from "../claim";
import type { Project } from "../project";
import { item } from "./attributes";
import { keyOf, Table } from "./table";

/** Names share an index with projects that are due for a look, in a list of their own. */
export const DOMAINS = "domains";

/** A part of a transaction that takes a name: one that is free, or that only its own business unit had lately. */
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
