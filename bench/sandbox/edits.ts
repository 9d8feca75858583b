import * as fs from "node:fs";
import * as path from "node:path";
import { rootClients } from "../../sandbox/engine/clients";
import { until } from "../../sandbox/problem";
import { readState } from "../../sandbox/state";
import { EditedProject } from "../../test/sandbox/edited-project";
import { startSandbox } from "../../test/sandbox/launch";
import { median } from "../figure";

export interface EditKind {
  name: string;
  goal: string;
  seconds: number;
}

const ROUNDS = 3;

/** Seconds from an edit to its being live, each looked at where it has to arrive, with the first round left out. */
export async function measureEdits(folder: string): Promise<EditKind[]> {
  const project = new EditedProject(folder);
  const run = path.join(folder, ".sandbox/run");
  const sandbox = await startSandbox(run, ["--port", "0", "--no-logs", "--watch"], {}, folder);
  try {
    const state = readState(sandbox.paths);
    const use = rootClients(state.endpoints);
    const mover = state.resources.find(
      ({ type, name }) => type === "aws:lambda/function:Function" && name === "uploads-mover",
    )!.id;
    const moverSays = async () => {
      const { Payload } = await (
        await use("lambda")
      ).invoke({ FunctionName: mover, Payload: '{"Records":[]}' });
      return Buffer.from(Payload!).toString();
    };
    const editions = async () =>
      Promise.all(
        Array.from({ length: 4 }, async () =>
          (await fetch(state.url, { headers: { accept: "application/json" } })).text(),
        ),
      );
    const largest = async () => {
      const { AutoScalingGroups } = await (await use("autoscaling")).describeAutoScalingGroups({});
      return Math.max(...AutoScalingGroups!.map(({ MaxSize }) => MaxSize!));
    };
    const guard = "  if (settings.sourceBucket === settings.targetBucket)";
    const answer = "JSON.stringify({ hostname: server.config.INSTANCE_NAME })";
    const kinds: {
      name: string;
      goal: string;
      edit: (round: number) => void;
      isLive: (round: number) => Promise<boolean>;
    }[] = [
      {
        name: "function",
        goal: "<= 1",
        edit: (round) =>
          project.edit(
            "functions/uploads/move-sensitive.ts",
            guard,
            `  if (messages.length === 0) return { batchItemFailures: [{ itemIdentifier: "${round}" }] };\n${guard}`,
          ),
        isLive: async (round) => (await moverSays()).includes(`"${round}"`),
      },
      {
        name: "server",
        goal: "<= 3",
        edit: (round) =>
          project.edit("webapp/routes/home.ts", answer, answer.replace(" })", `, edition: "${round}" })`)),
        isLive: async (round) => (await editions()).every((text) => text.includes(`"edition":"${round}"`)),
      },
      {
        name: "asset",
        goal: "<= 1",
        edit: (round) => fs.writeFileSync(path.join(folder, "webapp/public/words.js"), `// ${round}\n`),
        isLive: async (round) =>
          (await (await fetch(`${state.url}/assets/words.js`)).text()).includes(`// ${round}`),
      },
      {
        name: "setting",
        goal: "<= 5",
        edit: (round) => project.edit("Pulumi.sandbox.yaml", "maxSize: 3", `maxSize: ${round + 4}`),
        isLive: async (round) => (await largest()) === round + 4,
      },
    ];
    const measured: EditKind[] = [];
    for (const { name, goal, edit, isLive } of kinds) {
      const seconds: number[] = [];
      for (let round = 0; round <= ROUNDS; round++) {
        const said = sandbox.output().length;
        const began = performance.now();
        edit(round);
        await until(`The edit of a ${name}`, () => isLive(round), { seconds: 120, everyMs: 20 });
        if (round > 0) seconds.push((performance.now() - began) / 1000);
        project.restoreAll();
        // What the sandbox still does for this edit must not slow the next one.
        await quiet(() => sandbox.output().length, said);
      }
      measured.push({ name, goal, seconds: median(seconds) });
    }
    return measured;
  } finally {
    await sandbox.stop();
  }
}

/** Waits until nothing more is said for a while. */
async function quiet(length: () => number, before: number): Promise<void> {
  const QUIET_MS = 6_000;
  let [known, since] = [before, performance.now()];
  await until(
    "An end of what is said",
    () => {
      if (length() !== known) [known, since] = [length(), performance.now()];
      return performance.now() - since > QUIET_MS;
    },
    { seconds: 120, everyMs: 100 },
  );
}
