// node scripts/build.cjs: builds the library's package, as npm publishes it, in dist/: the components and their imports as JavaScript
// with declarations, the files that they read at run time, and components/package.json with this repository's version.
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

for (const folder of ["components", "functions"])
  fs.cpSync(path.join(root, folder), path.join(dist, folder), {
    recursive: true,
    filter: (file) => !/\.ts$|components\/(package\.json|README\.md)$/.test(file),
  });

const read = (file) => JSON.parse(fs.readFileSync(path.join(root, file), "utf8"));
const { version, repository, dependencies: tried } = read("package.json");
const { dependencies, peerDependencies, exports: sources, ...library } = read("components/package.json");
/** The version tested here, and the range that its package declares compatible. */
const ranges = (packages) =>
  Object.fromEntries(Object.keys(packages).map((name) => [name, `^${tried[name]}`]));
/** In the repository each path of the package leads to a source file; here, to its build. */
const built = (source) =>
  source.endsWith(".ts")
    ? {
        types: source.replace(/^\.(.*)\.ts$/, "./components$1.d.ts"),
        default: source.replace(/^\.(.*)\.ts$/, "./components$1.js"),
      }
    : source;
const manifest = {
  ...library,
  version,
  main: "components/index.js",
  types: "components/index.d.ts",
  exports: Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, built(source)])),
  ...(repository && { repository }),
  dependencies: ranges(dependencies),
  peerDependencies: ranges(peerDependencies),
};
fs.writeFileSync(path.join(dist, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
for (const file of ["LICENSE", "CHANGELOG.md"]) fs.copyFileSync(path.join(root, file), path.join(dist, file));
fs.copyFileSync(path.join(root, "components/README.md"), path.join(dist, "README.md"));
