import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { messageOf } from "../problem";
import { Engine } from "./engine";

const PATIENCE_MS = 5_000;
const UNIX = "unix://";

/** The daemon that the `docker` command of this machine talks to, or why it is not used. */
export type Found = { engine: Engine; version: string } | { because: string };

export async function findDocker(): Promise<Found> {
  const host = await hostOf();
  if (host === undefined) return { because: "there is no docker command" };
  // Another machine's daemon would build and serve there.
  if (!host.startsWith(UNIX))
    return { because: `its daemon is at ${host}, and only a socket of this machine is used` };
  const engine = new Engine(host.slice(UNIX.length));
  try {
    await engine.meet();
    const { OSType, ServerVersion } = await engine.ask<{ OSType: string; ServerVersion: string }>(
      "GET",
      "/info",
    );
    if (OSType !== "linux") return { because: `its daemon runs containers of ${OSType}` };
    return { engine, version: ServerVersion };
  } catch (error) {
    const { code = messageOf(error) } = error as NodeJS.ErrnoException;
    return { because: `no daemon answers at ${host}: ${code}` };
  }
}

/** Where the command's daemon is: as DOCKER_HOST or its current context says. */
async function hostOf(): Promise<string | undefined> {
  const format = ["--format", "{{.Endpoints.docker.Host}}"];
  try {
    const { stdout } = await promisify(execFile)("docker", ["context", "inspect", ...format], {
      timeout: PATIENCE_MS,
    });
    return stdout.trim();
  } catch {
    return undefined;
  }
}
