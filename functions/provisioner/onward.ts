import { later, log } from "./journal";
import type { CommonPorts, Starter } from "./ports";
import { Change, Project, Run, State } from "./project";
import type { Moves, Onward } from "./store";

interface How extends Partial<Pick<Run, "approval" | "by">> {
  change?: Change;
  /** When somebody checks whether it has begun. @default by the next look */
  due?: string;
}

/** What a project at rest moves on to: an execution of its own that updates it or takes it down. */
export const onwardTo = (
  ports: Pick<CommonPorts, "now">,
  { id }: Pick<Project, "id">,
  action: "update" | "delete",
  { approval = false, by, change, due = later(ports) }: How = {},
): Onward => ({
  state: action === "update" ? "updating" : "deleting",
  run: { name: `${id}-${action}-${ports.now().getTime()}`, action, approval, ...(by && { by }) },
  due,
  change,
});

/** Moves a project on, unless it is no longer in one of these states; returns whether it did. */
export async function moveOn(
  ports: Starter & { store: Moves },
  { id }: Pick<Project, "id">,
  from: State[],
  onward: Onward,
): Promise<boolean> {
  const moved = await ports.store.move(id, from, onward);
  if (moved) await begin(ports, { id, run: onward.run });
  return moved;
}

/** The record names what is to run, so a failed start here is repeated within two minutes. */
export async function begin(ports: Starter, { id, run }: Pick<Project, "id" | "run">): Promise<void> {
  const { name, action, approval } = run;
  await ports.start(name, { id, action, approval }).catch((error: unknown) => log("start", id, error));
}
