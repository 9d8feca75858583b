import { ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { root } from "../paths";
import { Problem } from "../problem";

export interface Providers {
  /** The two ports. */
  aws: string;
  awsx: string;
  close(): void;
}

/** The providers as a separate process, for the emulators that the environment names. It ends with this one, however this one ends. */
export async function startProviders(env: NodeJS.ProcessEnv): Promise<Providers> {
  const child = spawn(
    process.execPath,
    ["-r", path.join(root, "scripts/loader.cjs"), path.join(__dirname, "main.ts")],
    // A separate group: a Ctrl-C is for the CLI, which needs them until it has shut down.
    { cwd: root, env, stdio: ["ignore", "pipe", "inherit", "ipc"], detached: true },
  );
  const [aws, awsx] = await linesOf(child, 2);
  return { aws: aws!, awsx: awsx!, close: () => void child.kill() };
}

/** The first lines that such a process prints. */
export async function linesOf(child: ChildProcess, count: number): Promise<string[]> {
  const said = (async () => {
    const lines: string[] = [];
    for await (const line of createInterface(child.stdout!)) if (lines.push(line) === count) return lines;
    return lines;
  })();
  const ended = once(child, "exit").then(([code]) => {
    throw new Problem(`The providers ended with ${code} before they said where they are.`);
  });
  ended.catch(() => {}); // after its first lines, nobody waits for its end
  return Promise.race([said, ended]);
}
