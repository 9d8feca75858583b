// Loads this project's TypeScript as ts-node does, from its transpiler's cached output, and without TypeScript itself if nothing
// has changed: loading TypeScript takes longer than all of our own files.
const fs = require("node:fs");
const path = require("node:path");
const { install, keepMap } = require("./stack-traces.cjs");
const { CACHE, create, hash, keep, kept } = require("./transpiler.cjs");

const root = path.join(__dirname, "..");

const HERE = "<root>";

/** The options that ts-node derives from tsconfig.json: cached too, because only TypeScript can read them. */
function compilerOptions() {
  const { version } = require("typescript/package.json");
  const key = hash(version, fs.readFileSync(path.join(root, "tsconfig.json")));
  const file = path.join(CACHE, "options.json");
  const known = kept(file, key);
  if (known) return JSON.parse(known.options.replaceAll(HERE, root));
  const { options } = require("ts-node").create({ transpileOnly: true, cwd: root }).config;
  keep(file, { key, options: JSON.stringify(options).replaceAll(root, HERE) });
  return options;
}

/** What does not compile, and where. */
function described(diagnostics) {
  const { formatDiagnostics, sys } = require("typescript");
  return formatDiagnostics(diagnostics, {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: sys.getCurrentDirectory,
    getNewLine: () => "\n",
  }).trim();
}

const transpiler = create({ service: { config: { options: compilerOptions() } } });

require.extensions[".ts"] = (module, fileName) => {
  const { outputText, sourceMapText, diagnostics } = transpiler.transpile(fs.readFileSync(fileName, "utf8"), {
    fileName,
  });
  if (diagnostics?.length) throw new SyntaxError(described(diagnostics));
  keepMap(fileName, sourceMapText);
  module._compile(outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"), fileName);
};

install();
