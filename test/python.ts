import { execFileSync } from "node:child_process";

/** The interpreter itself: what `python3` finds may be a version manager's script, which starts dozens of programs and changes PATH. */
export const PYTHON = execFileSync("python3", ["-c", "import sys; print(sys.executable)"], {
  encoding: "utf8",
}).trim();
