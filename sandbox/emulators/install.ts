import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { home } from "../places";
import { Problem, messageOf } from "../problem";
import { isRunning } from "../processes";

const run = promisify(execFile);
const requirements = path.join(__dirname, "requirements.txt");
const OLDEST_PYTHON: [number, number] = [3, 11];

/** An installed set of emulators: the interpreter, and the folder that its packages lie in. */
export interface Python {
  interpreter: string;
  packages: string;
}

/**
 * Installs the pinned emulators into .sandbox/, once. Every package is named with its version, so that nothing is resolved, and with
 * the sums of its files: ten seconds instead of a minute, and the same bytes next year or none.
 */
export async function installEmulators(progress: (line: string) => void = () => {}): Promise<Python> {
  const interpreter = await findPython();
  const wanted = createHash("sha256").update(fs.readFileSync(requirements)).update(interpreter.version);
  const packages = path.join(home, "python", wanted.digest("hex").slice(0, 12));
  const python = { interpreter: interpreter.command, packages };
  if (fs.existsSync(packages)) return python;

  progress("Installing the emulators into .sandbox/ (once) ...");
  removeUnfinished(path.dirname(packages));
  const unfinished = `${packages}.${process.pid}`;
  fs.mkdirSync(unfinished, { recursive: true });
  try {
    await install(interpreter.command, unfinished);
    if (!fs.existsSync(packages)) fs.renameSync(unfinished, packages);
  } finally {
    fs.rmSync(unfinished, { recursive: true, force: true });
  }
  return python;
}

/** What an installation that was killed left, a hundred megabytes each time; another one may be at work beside this one. */
function removeUnfinished(folder: string): void {
  if (!fs.existsSync(folder)) return;
  for (const name of fs.readdirSync(folder)) {
    const [, pid] = /\.(\d+)$/.exec(name) ?? [];
    if (pid && (Number(pid) === process.pid || !isRunning(Number(pid))))
      fs.rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}

/** Whether this machine has what the emulators need; else the sentence that says what to install. */
export async function missingPython(): Promise<string | undefined> {
  return findPython().then(
    () => undefined,
    (error: unknown) => messageOf(error),
  );
}

async function findPython(): Promise<{ command: string; version: string }> {
  const seen: string[] = [];
  for (const command of ["python3", "python", "python3.13", "python3.12", "python3.11"]) {
    const version = await run(command, ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"]).then(
      ({ stdout }) => stdout.trim(),
      () => undefined,
    );
    if (!version) continue;
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]))
      return { command, version };
    seen.push(version);
  }
  throw new Problem(
    `The sandbox needs Python ${OLDEST_PYTHON.join(".")} or newer${seen[0] ? ` and this machine has ${seen[0]}` : ""}: install it from https://www.python.org or your system's packages, then run npm start again.`,
  );
}

/** pip ends with whatever its last line is, which names every file where the disk is full. */
function reasonIn(output: string): string {
  if (output.includes("No space left on device")) return "the disk is full";
  return output.trim().split("\n").at(-1)!.slice(0, 200);
}

async function install(interpreter: string, target: string): Promise<void> {
  const exactly = ["--no-deps", "--require-hashes", "--quiet"];
  const pip = ["install", ...exactly, "--no-cache-dir", "--disable-pip-version-check", "--no-compile"];
  const into = ["--target", target, "-r", requirements];
  const environment = path.join(target, "..", `venv.${process.pid}`);
  const ways: [string, () => Promise<unknown>][] = [
    ["uv", () => run("uv", ["pip", "install", ...exactly, "--no-cache", "--python", interpreter, ...into])],
    ["pip", () => run(interpreter, ["-m", "pip", ...pip, ...into])],
    [
      "venv",
      async () => {
        await run(interpreter, ["-m", "venv", environment]);
        await run(path.join(environment, "bin", "python"), ["-m", "pip", ...pip, ...into]);
      },
    ],
  ];
  const reasons: string[] = [];
  try {
    for (const [name, way] of ways) {
      const failed = await way().then(
        () => undefined,
        (error: unknown) => messageOf(error),
      );
      if (failed === undefined) return;
      reasons.push(`${name}: ${reasonIn(failed)}`);
    }
  } finally {
    fs.rmSync(environment, { recursive: true, force: true });
  }
  throw new Problem(
    `The emulators could not be installed: install pip for ${interpreter}, or uv, and check that the Python package index is reached (${reasons.join("; ")}).`,
  );
}
