// The emulators' Python packages, in plain JavaScript without a package of npm's: `npm start` on a fresh clone installs them while npm installs
// the rest.  node sandbox/emulators/packages.cjs
const { execFile } = require("node:child_process");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { setTimeout: sleep } = require("node:timers/promises");
const { promisify } = require("node:util");

const run = promisify(execFile);
const EMULATORS = { requirements: path.join(__dirname, "requirements.txt"), what: "the emulators" };
const home = path.join(__dirname, "../../.sandbox/python");
const OLDEST_PYTHON = [3, 11];
/** A name such as `python3` may be a version manager's script, which starts dozens of programs before the interpreter itself. */
const ASK = "import sys; print('%d.%d' % sys.version_info[:2], sys.executable, sys.base_prefix, sep='\\n')";

/** An error that the user can fix. */
class Missing extends Error {}

/**
 * Installs pinned packages, the emulators unless others are named, into .sandbox/, once. Every package has its version, so that
 * nothing is resolved, and its files' checksums: ten seconds instead of a minute, and the same bytes next year or none.
 */
async function installPackages(progress = () => {}, { requirements, what } = EMULATORS) {
  const { version, interpreter, prefix } = await findPython();
  const wanted = createHash("sha256").update(fs.readFileSync(requirements)).update(version);
  const packages = path.join(home, wanted.digest("hex").slice(0, 12));
  const python = { interpreter, prefix, packages };
  if (fs.existsSync(packages)) return python;

  progress(`Installing ${what} into .sandbox/ (once) ...`);
  while (isAtWork(packages)) await sleep(100);
  if (fs.existsSync(packages)) return python;
  removeUnfinished();
  const unfinished = `${packages}.${process.pid}`;
  fs.mkdirSync(unfinished, { recursive: true });
  try {
    await install(interpreter, unfinished, requirements, what);
    if (!fs.existsSync(packages)) fs.renameSync(unfinished, packages);
  } finally {
    fs.rmSync(unfinished, { recursive: true, force: true });
  }
  return python;
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** The folders of unfinished installations, with the process of each. */
function unfinishedFolders() {
  if (!fs.existsSync(home)) return [];
  return fs.readdirSync(home).flatMap((name) => {
    const [, pid] = /\.(\d+)$/.exec(name) ?? [];
    return pid ? [{ name, pid: Number(pid) }] : [];
  });
}

/** Whether another process is installing the same. */
const isAtWork = (packages) =>
  unfinishedFolders().some(
    ({ name, pid }) =>
      name.startsWith(`${path.basename(packages)}.`) && pid !== process.pid && isRunning(pid),
  );

/** What a killed installation left, a hundred megabytes each time. */
function removeUnfinished() {
  for (const { name, pid } of unfinishedFolders())
    if (pid === process.pid || !isRunning(pid))
      fs.rmSync(path.join(home, name), { recursive: true, force: true });
}

let found;

/** This machine's Python, asked for once in each process. */
function findPython() {
  found ??= lookForPython();
  found.catch(() => (found = undefined));
  return found;
}

async function lookForPython() {
  const seen = [];
  for (const command of ["python3", "python", "python3.13", "python3.12", "python3.11"]) {
    const [version, interpreter, prefix] = await run(command, ["-c", ASK]).then(
      ({ stdout }) => stdout.trim().split("\n"),
      () => [],
    );
    if (!version) continue;
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]))
      return { version, interpreter, prefix };
    seen.push(version);
  }
  throw new Missing(
    `The sandbox needs Python ${OLDEST_PYTHON.join(".")} or newer${seen[0] ? ` and this machine has ${seen[0]}` : ""}: install it from https://www.python.org or your system's packages, then run npm start again.`,
  );
}

/** pip's last line may be anything, and names every file if the disk is full. */
function reasonIn(output) {
  if (output.includes("No space left on device")) return "the disk is full";
  return output.trim().split("\n").at(-1).slice(0, 200);
}

async function install(interpreter, target, requirements, what) {
  const exactly = ["--no-deps", "--require-hashes", "--quiet"];
  const pip = ["install", ...exactly, "--no-cache-dir", "--disable-pip-version-check", "--no-compile"];
  const into = ["--target", target, "-r", requirements];
  const environment = path.join(target, "..", `venv.${process.pid}`);
  const ways = [
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
  const reasons = [];
  try {
    for (const [name, way] of ways) {
      const failed = await way().then(
        () => undefined,
        (error) => error.message,
      );
      if (failed === undefined) return;
      reasons.push(`${name}: ${reasonIn(failed)}`);
    }
  } finally {
    fs.rmSync(environment, { recursive: true, force: true });
  }
  throw new Missing(
    `${what[0].toUpperCase()}${what.slice(1)} could not be installed: install pip for ${interpreter}, or uv, and check that the Python package index is reached (${reasons.join("; ")}).`,
  );
}

module.exports = { findPython, installPackages, Missing };

// Whoever needs the emulators reports what goes wrong.
if (require.main === module) installPackages(console.log).catch(() => (process.exitCode = 1));
