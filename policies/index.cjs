// The entry of the policy pack: esbuild bundles its sources in a moment. Pulumi's own loader would check the types of all of
// them at each preview, which takes seconds.
const { buildSync } = require("esbuild");
const path = require("node:path");

const source = path.join(__dirname, "index.ts");
const { outputFiles } = buildSync({
  entryPoints: [source],
  bundle: true,
  platform: "node",
  packages: "external",
  target: "node20",
  write: false,
  tsconfigRaw: {},
});

module._compile(outputFiles[0].text, source);
