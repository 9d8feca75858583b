const fs = require("node:fs");
const path = require("node:path");

const home = path.join(__dirname, "../../.sandbox/scanners");

const folderOf = (requirement) => path.join(home, requirement.replace("==", "-"));
const programOf = (name, requirement) => path.join(folderOf(requirement), "bin", name);

const isInstalled = (name, requirement) => fs.existsSync(programOf(name, requirement));

/** A scanner from PyPI in a folder of its own, installed the first time. */
function installed(name, requirement, run) {
  const folder = folderOf(requirement);
  const program = programOf(name, requirement);
  if (isInstalled(name, requirement)) return program;
  console.log(`Installing ${requirement} (once; it takes minutes) ...`);
  step(run("python3", ["-m", "venv", folder]), "python3 -m venv");
  step(run(path.join(folder, "bin/pip"), ["install", "--quiet", requirement]), `pip install ${requirement}`);
  return program;
}

function step({ status, stderr }, what) {
  if (status !== 0) throw new Error(`${what} failed: ${lastLine(stderr)}`);
}

const lastLine = (text) => (text ?? "").trim().split("\n").pop();

module.exports = { installed, isInstalled, lastLine };
