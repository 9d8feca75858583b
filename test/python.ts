import { spawnSync } from "node:child_process";

const ASK = ["-c", "import sys; print(sys.executable)"];

/**
 * The interpreter itself: what `python3` finds may be a version manager's script, which starts dozens of programs and changes PATH.
 * Without Python it is a path that is not there, so that only those tests fail that need it, and not every test of their room.
 */
export const PYTHON = spawnSync("python3", ASK, { encoding: "utf8" }).stdout?.trim() || "/usr/bin/python3";
