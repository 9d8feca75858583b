// One sandbox for all tests of a run: the real `npm start` in a folder and on ports of its own.
import { ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { rootClients, Use } from "../../sandbox/engine/clients";
import { missingPython } from "../../sandbox/emulators/install";
import { home, placesOf, Places, root } from "../../sandbox/places";
import { endLeftovers, runningSandbox } from "../../sandbox/processes";
import { readState, State } from "../../sandbox/state";

export interface SharedSandbox {
  state: State;
  places: Places;
  /** The SDK's clients for the emulators behind it, with root's keys. */
  use: Use;
}

let shared: Promise<SharedSandbox> | undefined;
let running: RunningSandbox | undefined;

/** The run's sandbox, started by whoever asks first. Skips the caller's tests, with the reason, where Python is missing. */
export async function sharedSandbox(context: Mocha.Context): Promise<SharedSandbox> {
  const missing = await missingPython();
  if (missing) {
    console.log(`    skipped: ${missing}`);
    context.skip();
  }
  context.timeout(240_000); // the first start on a machine installs the emulators
  shared ??= startSandbox(path.join(home, `test-${process.pid}`)).then((started) => {
    running = started;
    const state = readState(started.places);
    return { state, places: started.places, use: rootClients(state.endpoints) };
  });
  return shared;
}

after(async function () {
  this.timeout(30_000);
  await running?.stop();
  if (running) fs.rmSync(running.places.run, { recursive: true, force: true, maxRetries: 5 });
});

export interface RunningSandbox {
  places: Places;
  process: ChildProcess;
  output: () => string;
  /** As Ctrl-C does it; answers the exit code. */
  stop(): Promise<number | null>;
}

/** Runs sandbox/start.ts as `npm start` does and waits until it says ready. */
export async function startSandbox(
  run: string,
  args: string[] = ["--port", "0", "--no-logs"],
): Promise<RunningSandbox> {
  await removeAbandoned();
  const child = spawn(process.execPath, ["scripts/with-install.cjs", "sandbox/start.ts", ...args], {
    cwd: root,
    env: { ...process.env, GROUNDWORK_SANDBOX: run },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (part: Buffer) => {
        text += part.toString();
        if (/^ready /m.test(text)) resolve();
      });
    void ended.then((code) => reject(new Error(`the sandbox ended with ${code}:\n${text}`)));
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGINT");
    return ended;
  };
  return { places: placesOf(run), process: child, output: () => text, stop };
}

/** Test runs that were killed leave their sandbox behind. */
async function removeAbandoned(): Promise<void> {
  if (!fs.existsSync(home)) return;
  for (const name of fs.readdirSync(home).filter((one) => one.startsWith("test-"))) {
    const places = placesOf(path.join(home, name));
    const owner = Number(name.split("-")[1]);
    if (owner === process.pid || isAlive(owner) || runningSandbox(places.processes)) continue;
    await endLeftovers(places.processes);
    fs.rmSync(places.run, { recursive: true, force: true, maxRetries: 5 });
  }
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
