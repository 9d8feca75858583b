// What Pulumi runs: index.ts, by our own loader. Its own would load TypeScript, and map each of the stack traces that it takes.
require("./scripts/loader.cjs");
require("./scripts/lean-pulumi.cjs");

module.exports = require("./index.ts");
