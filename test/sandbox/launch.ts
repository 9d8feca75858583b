import { ChildProcess, spawn } from "node:child_process";
import { home, pathsOf, Paths, root } from "../../sandbox/paths";
import { removeAbandoned } from "../abandoned";

export interface RunningSandbox {
  paths: Paths;
  process: ChildProcess;
  output: () => string;
  /** As Ctrl-C does it; answers the exit code. */
  stop(): Promise<number | null>;
  /** As a terminal that is closed does it. */
  hangUp(): Promise<number | null>;
}

/** Runs sandbox/start.ts as `npm start` does and waits until it says ready. */
export async function startSandbox(
  run: string,
  args: string[] = ["--port", "0", "--no-logs", "--no-docker"],
  env: NodeJS.ProcessEnv = {},
  /** The folder with the sources. */
  project = root,
): Promise<RunningSandbox> {
  await removeAbandoned(home, /^(?:test|bench)-(\d+)/);
  const child = spawn(process.execPath, ["scripts/with-install.cjs", "sandbox/start.ts", ...args], {
    cwd: project,
    env: { ...process.env, ...env, GROUNDWORK_SANDBOX: run },
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
  const hangUp = async () => {
    for (const stream of [child.stdout, child.stderr]) stream.destroy();
    child.kill("SIGHUP");
    return ended;
  };
  return { paths: pathsOf(run), process: child, output: () => text, stop, hangUp };
}
