// node scripts/with-install.cjs FILE.ts ARGS...: installs what is missing, then runs the TypeScript file in this very process,
// so that a signal reaches it directly.
const path = require("node:path");
const [, , file, ...args] = process.argv;

require("./install.cjs")();
require("./loader.cjs");
const target = path.resolve(__dirname, "..", file);
process.argv = [process.argv[0], target, ...args];
require(target);
