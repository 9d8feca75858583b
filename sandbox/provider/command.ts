import { spawn } from "node:child_process";
import * as path from "node:path";
import { root } from "../paths";
import { attach } from "./attach";

/** The one stack of this machine. */
const STACK = "sandbox";

/**
 * Runs the official Pulumi CLI, with the emulators in the place of AWS. Answers its exit code.
 * @param project the folder of the program, with its settings
 */
export async function runPulumi(args: string[], project: string): Promise<number> {
  const { environment, close } = await attach(project, STACK);
  // A Ctrl-C also reaches the CLI, which then shuts down, and needs its providers for that.
  process.on("SIGINT", () => {});
  try {
    const child = spawn(
      process.execPath,
      ["--require", path.join(root, "scripts/winds-up.cjs"), require.resolve("pulumi/run.js"), ...args],
      { cwd: project, env: { ...environment, PULUMI_STACK: STACK }, stdio: "inherit" },
    );
    return await new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
  } finally {
    close();
  }
}
