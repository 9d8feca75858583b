import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { exitOf } from "../builds/enclosure";
import { Problem } from "../problem";

export interface Recipe {
  /** A folder that nobody else changes meanwhile. */
  context: string;
  /** Within the context. */
  dockerfile: string;
  args: Record<string, string>;
  /** Whose build it is. */
  project: string;
  heard: (text: string) => void;
  /** Ends it. */
  signal: AbortSignal;
}

/** Where a person's installation may have the builder, in place of the folder that is ours here. */
const plugins = () => path.join(os.homedir(), ".docker", "cli-plugins");

/**
 * Builds an image by the `docker` command, which knows BuildKit. It runs with a configuration of its own: by the person's, a stranger's
 * Dockerfile could stand on private images, and would find the proxy's password.
 */
export async function buildImage(
  socket: string,
  { tag, label, folder }: { tag: string; label: string; folder: string },
  { context, dockerfile, args, project, heard, signal }: Recipe,
): Promise<void> {
  requirePlain(context, dockerfile);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  fs.writeFileSync(path.join(folder, "config.json"), JSON.stringify({ cliPluginsExtraDirs: [plugins()] }));
  const given = {
    ...args,
    // Else projects would share the folders that a Dockerfile keeps from build to build.
    BUILDKIT_CACHE_MOUNT_NS: project,
  };
  const child = spawn(
    "docker",
    [
      ...["--config", folder, "--host", `unix://${socket}`, "build", "--force-rm"],
      ...["--tag", tag, "--label", label, "--file", path.join(context, dockerfile)],
      ...Object.entries(given).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
      ...["--", context],
    ],
    {
      cwd: context,
      env: {
        ...{ PATH: process.env["PATH"], HOME: folder, BUILDKIT_PROGRESS: "plain" },
        // Which of its two builders, where the person has chosen.
        DOCKER_BUILDKIT: process.env["DOCKER_BUILDKIT"],
      },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true, // the command's plugins end with it
    },
  );
  const end = () => {
    if (child.pid && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
  };
  signal.addEventListener("abort", end);
  if (signal.aborted) end();
  try {
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", heard);
    const code = await exitOf(child);
    if (code !== 0) throw new Problem(`docker build ended with ${code}.`);
  } finally {
    signal.removeEventListener("abort", end);
  }
}

/** What Docker's command reads by itself must lie in the context: a link of a stranger's could lead to any file of the person's. */
function requirePlain(context: string, dockerfile: string): void {
  const base = fs.realpathSync(context);
  for (const name of [dockerfile, `${dockerfile}.dockerignore`, ".dockerignore"]) {
    const file = path.resolve(base, name);
    const found = fs.lstatSync(file, { throwIfNoEntry: false });
    if (!found && name !== dockerfile) continue;
    if (!found?.isFile() || fs.realpathSync(file) !== file || !file.startsWith(`${base}/`))
      throw new Problem(`${name} must be a plain file in the build's context.`);
  }
}
