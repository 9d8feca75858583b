// node scripts/build.cjs: the library's package as npm publishes it, in dist/: the components and what they import as JavaScript with
// declarations, the files that they read when they run, and components/package.json with this repository's version.
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..");
const dist = path.join(root, "dist");

require("./install.cjs")();
fs.rmSync(dist, { recursive: true, force: true });
const tsc = require.resolve("typescript/bin/tsc");
const done = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], {
  cwd: root,
  stdio: ["ignore", 2, 2],
});
if (done.status !== 0) process.exit(done.status ?? 1);

/** Bundled for the machines that it runs on, from its sources, when a program runs. */
const SOURCES = path.join(root, "functions/database");

for (const folder of ["components", "functions"])
  fs.cpSync(path.join(root, folder), path.join(dist, folder), {
    recursive: true,
    filter: (file) =>
      fs.statSync(file).isDirectory() ||
      file.startsWith(SOURCES) ||
      !(file.endsWith(".ts") || path.basename(file) === "package.json"),
  });

const read = (file) => JSON.parse(fs.readFileSync(path.join(root, file), "utf8"));
const { version, repository, dependencies: tried } = read("package.json");
const { dependencies, peerDependencies, ...library } = read("components/package.json");
/** What is tried here, and what its package promises to be compatible with it. */
const ranges = (packages) =>
  Object.fromEntries(Object.keys(packages).map((name) => [name, `^${tried[name]}`]));
const manifest = {
  ...library,
  version,
  ...(repository && { repository }),
  dependencies: ranges(dependencies),
  peerDependencies: ranges(peerDependencies),
};
fs.writeFileSync(path.join(dist, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
for (const file of ["LICENSE", "CHANGELOG.md"]) fs.copyFileSync(path.join(root, file), path.join(dist, file));
fs.copyFileSync(path.join(root, "components/README.md"), path.join(dist, "README.md"));
