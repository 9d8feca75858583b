import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { item, object, updateOf } from "./attributes";
import { Project, State } from "../project";
import { ReconcileStore } from "../store";
import { change, move, readsOf, Table } from "./table";

/** What the periodic correction reads and writes. */
export function reconcileStore(table: Table): ReconcileStore {
  const { client, TableName } = table;
  return {
    ...readsOf(table),
    move: (id, from, onward) => move(table, id, from, onward),
    due: async (now) => {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName,
          IndexName: "byDue",
          KeyConditionExpression: "queue = :queue AND due <= :now",
          ExpressionAttributeValues: item({ ":queue": "due", ":now": now }),
        }),
      );
      return Items.map((one) => object<Project>(one));
    },
    stuck: async (id) => {
      const states = { ":a": "running", ":b": "updating", ":c": "deleting" } satisfies Record<string, State>;
      const broken = { state: "needs-attention" satisfies State };
      const update = updateOf(broken, ["due", "queue", "token"], "#state IN (:a, :b, :c)", states);
      return (await change(table, id, update)) !== undefined;
    },
  };
}
