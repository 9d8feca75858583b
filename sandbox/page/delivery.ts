import { Delivery } from "../delivery/delivery";
import type { Live } from "./live";

/** What the page shows about the program's pipelines. */
export const pipelinesOf = (delivery: Delivery): Live["pipelines"] =>
  delivery.pipelines.names.map((name) => {
    const [latest] = delivery.pipelines.executions(name);
    return {
      name,
      status: latest?.status ?? "NotStarted",
      stages: delivery.pipelines.stages(name).map((stage) => ({
        name: stage.name,
        actions: stage.actions.map((action) => {
          const run = stage.latest?.actions.find((one) => one.action.name === action);
          return {
            name: action,
            status: run?.status ?? "NotStarted",
            words: run?.error ?? run?.summary ?? "",
            log: run?.log && `/sandbox/delivery/${stage.latest!.executionId}/${run.id}`,
            approval: run?.token,
          };
        }),
      })),
    };
  });

/** An action's output so far; undefined for one that is not here. */
export async function logOf(
  delivery: Delivery,
  execution: string,
  action: string,
): Promise<string | undefined> {
  const found = delivery.pipelines.names
    .flatMap((name) => delivery.pipelines.executions(name))
    .find(({ id }) => id === execution)
    ?.stages.flatMap(({ actions }) => actions)
    .find(({ id }) => id === action);
  return found?.log && `${(await found.log()).join("\n")}\n`;
}
