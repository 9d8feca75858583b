import { updateOf } from "./attributes";
import { Project, State } from "../project";
import { StepStore } from "../store";
import { change, keyOf, OF_A_BUILD, onProject, onQuota, read, readsOf, Table, transact } from "./table";

/** What the steps write. */
export function stepStore(table: Table): StepStore {
  return {
    ...readsOf(table),
    begin: (id, step, stage, { token, due }) =>
      change(
        table,
        id,
        updateOf(
          { step, token, due, queue: "due", [`stages.${step}`]: stage },
          token ? [] : ["token"],
          step.startsWith("undo")
            ? "attribute_exists(#pk)"
            : "attribute_exists(#pk) AND attribute_not_exists(#cancel)",
        ),
      ),
    commit: async (project, stage, { clear = [], ...changes }) => {
      const written = updateOf(
        { ...changes, quota: "committed", "stages.finish": stage },
        clear,
        "#quota = :reserved AND attribute_not_exists(#cancel)",
        { ":reserved": "reserved" },
      );
      const refused = await transact(table, [
        onProject(table, project.id, written),
        onQuota(table, project.unit, "ADD reserved :less", { ":less": -project.cents }),
      ]);
      if (refused < 0) return true;
      return (await read<Project>(table, "project", project.id))?.quota === "committed";
    },
    close: async (project, stage, state, forgetAt) => {
      const reserved = project.quota === "reserved" ? -project.cents : 0;
      const written = updateOf(
        { state, quota: "released", "stages.undo reserve": stage, ttl: forgetAt },
        ["due", "queue", "step", "token", "cancel", "url", "hook", "nextPush"],
        "#quota = :quota",
        { ":quota": project.quota },
      );
      if (project.quota === "released") return;
      await transact(table, [
        onProject(table, project.id, written),
        onQuota(table, project.unit, "ADD used :less, reserved :reserved", {
          ":less": -project.cents,
          ":reserved": reserved,
        }),
        { Delete: { TableName: table.TableName, Key: keyOf("host", project.host) } },
      ]);
    },
    hold: async (id, stage, { clear = [], ...changes }) => {
      const held = { ...changes, state: "failed" satisfies State, "stages.hold": stage };
      const update = updateOf(
        held,
        [...clear, "step", "token"],
        "attribute_exists(#pk) AND attribute_not_exists(#cancel)",
      );
      return (await change(table, id, update)) !== undefined;
    },
    goBack: async (id, onward, stage, failure) => {
      const set = { ...onward, failure, queue: "due", "stages.keep": stage };
      const forgotten = ["cancel", "step", "token", ...OF_A_BUILD];
      await change(table, id, updateOf(set, forgotten, "attribute_exists(#pk)"));
    },
    settle: async (id, state, stage, { clear = [], ...changes }) => {
      const step = changes.failure ? "keep" : "finish";
      await change(
        table,
        id,
        updateOf(
          { ...changes, state, [`stages.${step}`]: stage },
          [...clear, "change", "cancel", "step", "token"],
          "attribute_exists(#pk)",
        ),
      );
    },
  };
}
