// node scripts/build.cjs: what npm publishes, in dist/: the library and what it imports as JavaScript with declarations, and the files
// that it reads when it runs.
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
    filter: (file) => !file.endsWith(".ts"),
  });
