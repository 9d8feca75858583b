import { spawn } from "node:child_process";
import * as path from "node:path";
import { withoutAws } from "../emulators/endpoints";
import { pathsOf, root } from "../paths";
import { Problem } from "../problem";
import type { State } from "../state";
import type { Message } from "./main";

/**
 * What a run of the program with its current sources would change in the running sandbox, one line each. It compares with what the program
 * declared before, not with what the emulators have.
 */
export function plannedChanges({ environment }: State, paths = pathsOf()): Promise<string[]> {
  const child = spawn(
    process.execPath,
    ["-r", path.join(root, "scripts", "loader.cjs"), path.join(__dirname, "main.ts"), "--plan"],
    {
      cwd: root,
      env: { ...withoutAws(process.env), ...environment, GROUNDWORK_STANDING: paths.standing },
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    },
  );
  return new Promise((resolve, reject) => {
    child.on("message", (message: Message) => {
      if (message.kind === "plan") resolve(message.lines);
      else if (message.kind === "failed") reject(new Problem(message.message));
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Problem(`the plan ended early (${code})`)));
  });
}
