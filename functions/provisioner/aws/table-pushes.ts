import { updateOf } from "./attributes";
import type { State } from "../project";
import type { PushStore } from "../store";
import { change, read, Table } from "./table";
import { admitStore } from "./table-admit";

/** What takes pushes reads and writes. */
export function pushStore(table: Table): PushStore {
  const admitting = admitStore(table);
  return {
    ...admitting,
    at: async (host) => {
      const { id } = (await read<{ id: string }>(table, "host", host)) ?? {};
      return id === undefined ? undefined : admitting.get(id);
    },
    queuePush: async (id, nextPush) => {
      const moving = { ":running": "running", ":updating": "updating" } satisfies Record<string, State>;
      const update = updateOf({ nextPush }, [], "#state IN (:running, :updating)", moving);
      return (await change(table, id, update)) !== undefined;
    },
  };
}
