import { updateOf } from "./attributes";
import type { State } from "../project";
import { ReconcileStore } from "../store";
import { change, move, readsOf, Table } from "./table";
import { dueIn } from "./table-due";

/** What the periodic reconciliation reads and writes. */
export function reconcileStore(table: Table): ReconcileStore {
  return {
    ...readsOf(table),
    move: (id, from, onward) => move(table, id, from, onward),
    due: (now) => dueIn(table, "due", now),
    stuck: async (id) => {
      const states = { ":a": "running", ":b": "updating", ":c": "deleting" } satisfies Record<string, State>;
      const broken = { state: "needs-attention" satisfies State };
      const update = updateOf(broken, ["due", "queue", "token"], "#state IN (:a, :b, :c)", states);
      return (await change(table, id, update)) !== undefined;
    },
  };
}
