// The work of `npm version` between the new number and its commit: the unreleased part of CHANGELOG.md becomes that version's, and the packages
// of the workspace and the plugin get the same number.
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const root = process.cwd();
const read = (file) => fs.readFileSync(path.join(root, file), "utf8");
const write = (file, text) => fs.writeFileSync(path.join(root, file), text);
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

/** The changelog with a heading for the version above what was unreleased; refuses an empty one. */
function released(changelog, version, date) {
  const [, unreleased] = /^## \[Unreleased\]\n([^]*?)(?=^## \[|$(?![^]))/m.exec(changelog) ?? [];
  if (!unreleased?.trim())
    throw new Error(`CHANGELOG.md must say what ${version} brings: it has nothing under [Unreleased].`);
  return changelog.replace("## [Unreleased]\n", `## [Unreleased]\n\n## [${version}] - ${date}\n`);
}

function main() {
  const { version, workspaces } = JSON.parse(read("package.json"));
  const lock = JSON.parse(read("package-lock.json"));
  const changed = ["CHANGELOG.md", "package-lock.json"];
  write("CHANGELOG.md", released(read("CHANGELOG.md"), version, new Date().toISOString().slice(0, 10)));
  for (const folder of [...workspaces, "plugin"]) {
    const file = `${folder}/package.json`;
    write(file, json({ ...JSON.parse(read(file)), version }));
    if (lock.packages[folder]) lock.packages[folder].version = version;
    changed.push(file);
  }
  write("package-lock.json", json(lock));
  execFileSync("git", ["add", ...changed], { cwd: root });
}

try {
  main();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
