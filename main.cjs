// Pulumi runs this file, which loads index.ts with our own loader. Pulumi's would load TypeScript and source-map every stack trace.
require("./scripts/loader.cjs");
require("./scripts/lean-pulumi.cjs");

module.exports = require("./index.ts");
