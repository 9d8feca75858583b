import { updateOf } from "./attributes";
import type { State } from "../project";
import type { PushStore } from "../store";
import { change, Table } from "./table";
import { admitStore } from "./table-admit";

/** What the handling of pushes reads and writes. */
export function pushStore(table: Table): PushStore {
  return {
    ...admitStore(table),
    queuePush: async (id, nextPush) => {
      const moving = { ":running": "running", ":updating": "updating" } satisfies Record<string, State>;
      const update = updateOf({ nextPush }, [], "#state IN (:running, :updating)", moving);
      return (await change(table, id, update)) !== undefined;
    },
  };
}
