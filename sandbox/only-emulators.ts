import * as fs from "node:fs";
import { startEmulators } from "./emulators/emulators";
import { installEmulators } from "./emulators/install";
import { stopAsked } from "./ending";
import { Paths, pathsOfEmulators } from "./paths";
import { requirePort } from "./ports";
import { Problem } from "./problem";
import { endLeftovers, Processes, runningSandbox } from "./processes";
import { stopAll } from "./stopping";

const PORTS = { ministack: 4566, moto: 5000 }; // as people know them from other AWS emulators

/** Runs only the two emulators until Ctrl-C, and shows how another terminal reaches them. */
export async function runEmulators(
  say: (line: string) => void,
  paths: Paths = pathsOfEmulators(),
): Promise<number> {
  const running = runningSandbox(paths.processes);
  if (running)
    throw new Problem(`The emulators run already (process ${running}): stop them there with Ctrl-C first.`);
  await endLeftovers(paths.processes);
  // Removes a crash's state: the emulators have forgotten what it describes.
  fs.rmSync(paths.run, { recursive: true, force: true });
  await Promise.all(Object.values(PORTS).map((port) => requirePort(port)));
  const asked = stopAsked();
  const processes = new Processes(paths.processes);
  try {
    const python = await installEmulators(say);
    const { environment, endpoints } = await startEmulators(python, processes, paths, "eu-west-1", {
      ports: PORTS,
    });
    fs.writeFileSync(paths.state, JSON.stringify({ endpoints, environment }, null, 1), { mode: 0o600 });
    for (const [name, value] of Object.entries(environment)) say(`export ${name}=${value}`);
    say("ready: Ctrl-C stops them");
    await asked;
    return 0;
  } finally {
    await stopAll([() => processes.close(), () => fs.rmSync(paths.run, { recursive: true, force: true })]);
  }
}
