// One sandbox for all tests of a run: the real `npm start` in a folder and on ports of its own.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { rootClients, Use } from "../../sandbox/engine/clients";
import { home, Paths } from "../../sandbox/paths";
import { readState, State } from "../../sandbox/state";
import { skipWithoutEmulators } from "../emulated";
import { RunningSandbox, startSandbox } from "./launch";

export interface SharedSandbox {
  state: State;
  paths: Paths;
  /** The SDK's clients for the emulators behind it, with root's keys. */
  use: Use;
}

let shared: Promise<SharedSandbox> | undefined;
let running: RunningSandbox | undefined;

/** The run's sandbox, started by whoever asks first. Skips the caller's tests, with the reason, where Python is missing. */
export async function sharedSandbox(context: Mocha.Context): Promise<SharedSandbox> {
  await skipWithoutEmulators(context);
  shared ??= startSandbox(path.join(home, `test-${process.pid}`)).then((started) => {
    running = started;
    const state = readState(started.paths);
    return { state, paths: started.paths, use: rootClients(state.endpoints) };
  });
  return shared;
}

after(async function () {
  this.timeout(30_000);
  if (!running) return;
  assert.equal(await running.stop(), 0);
  fs.rmSync(running.paths.run, { recursive: true, force: true, maxRetries: 5 });
});
