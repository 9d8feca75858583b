// node scripts/with-install.cjs FILE.ts ARGS...: installs what is missing, then runs the TypeScript file in this very process,
// so that a signal reaches it directly.
const { spawn } = require("node:child_process");
const path = require("node:path");
const [, , file, ...args] = process.argv;
const install = require("./install.cjs");

// On a fresh clone a start would wait twice: for npm's packages, and then for the emulators.
if (file === "sandbox/start.ts" && !install.isCurrent())
  spawn(process.execPath, [path.join(__dirname, "../sandbox/emulators/packages.cjs")], {
    stdio: "ignore",
  }).unref();

install();
require("./loader.cjs");
const target = path.resolve(__dirname, "..", file);
process.argv = [process.argv[0], target, ...args];
require(target);
