import { spawn } from "node:child_process";
import * as path from "node:path";
import { Broken } from "../promised";

const root = path.join(__dirname, "../../..");
const AT_ONCE = ["--yes", "--skip-preview"];

/** `npm run up` and similar, with their output on the terminal. A Ctrl-C reaches the CLI directly, which then shuts down. */
export async function command(
  verb: "up" | "preview" | "destroy",
  stack: string,
  ...options: string[]
): Promise<void> {
  const child = spawn(
    process.execPath,
    [
      "scripts/pulumi.cjs",
      verb,
      "--stack",
      stack,
      ...(verb === "preview" ? [] : AT_ONCE),
      ...options,
      "--non-interactive",
    ],
    { cwd: root, stdio: ["ignore", "inherit", "inherit"] },
  );
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("exit", resolve).once("error", reject);
  });
  if (code !== 0) throw new Broken(`npm run ${verb} ended with ${code}: see above`);
}
