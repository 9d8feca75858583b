import { plannedChanges } from "../../../sandbox/engine/plan";
import { readState } from "../../../sandbox/state";
import { Broken, Context, Promised } from "../promised";
import { lastOf, script } from "../script";

export const drift: Promised = {
  name: "nothing has drifted",
  expected: "the program in this folder would change nothing in the stack",
  takes: { sandbox: 20, AWS: 180 },
  usd: 0,
  missing: () => undefined,
  run: (context) => (context.stage.target === "AWS" ? byCli(context) : byProgram()),
};

/** Pulumi first asks AWS for the current state. */
async function byCli(context: Context): Promise<string> {
  const options = ["--refresh", "--expect-no-changes", "--non-interactive", "--no-quotas", "--color=never"];
  const ended = await script(context, 900, "pulumi.cjs", [
    "preview",
    "--stack",
    context.stage.stack,
    ...options,
  ]);
  if (ended.code !== 0) throw new Broken(`npm run preview ended with ${ended.code}: ${lastOf(ended)}`);
  return "npm run preview --refresh --expect-no-changes found nothing to change";
}

async function byProgram(): Promise<string> {
  const state = readState();
  const lines = await plannedChanges(state);
  if (lines.length > 0)
    throw new Broken(
      `an up would change ${lines.length} of ${state.resources.length} resources: ${lines.slice(0, 3).join("; ")}${lines.length > 3 ? "; ..." : ""}`,
    );
  return `a second run of the program would change none of ${state.resources.length} resources (compares what it declares; the sandbox reads nothing back)`;
}
