// Loads TypeScript as ts-node does, byte for byte, and remembers the result in .sandbox/: most of a start would else go into
// compiling the same files again.
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..");
const cache = path.join(root, ".sandbox", "compiled");
const settings = [
  "tsconfig.json",
  "node_modules/typescript/package.json",
  "node_modules/ts-node/package.json",
]
  .map((name) => fs.readFileSync(path.join(root, name), "utf8"))
  .join("");
fs.mkdirSync(cache, { recursive: true });

let compiler;
function compile(source, file) {
  compiler ??= require("ts-node").create({ transpileOnly: true, cwd: root });
  // Without its map: reading one for each stack that Pulumi takes costs seconds.
  return compiler.compile(source, file).replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
}

require.extensions[".ts"] = (module, file) => {
  const source = fs.readFileSync(file, "utf8");
  const key = createHash("sha256")
    .update(settings)
    .update(path.relative(root, file))
    .update(source)
    .digest("hex");
  const stored = path.join(cache, `${key.slice(0, 32)}.js`);
  let compiled;
  try {
    compiled = fs.readFileSync(stored, "utf8");
  } catch {
    compiled = compile(source, file);
    const unfinished = `${stored}.${process.pid}`;
    fs.writeFileSync(unfinished, compiled);
    fs.renameSync(unfinished, stored);
  }
  module._compile(compiled, file);
};
