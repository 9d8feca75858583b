// ts-node's transpiler for this project (tsconfig.json): TypeScript itself, with its output cached. Compiling unchanged files
// would take half of the time of every preview, test and benchmark.
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..");
const CACHE = path.join(root, "node_modules/.cache/groundwork/typescript");
const hash = (...parts) =>
  parts.reduce((h, part) => h.update(part).update("\0"), createHash("sha256")).digest("hex");

/** The cached output, unless it belongs to another text or other options, or is damaged. */
function kept(file, key) {
  try {
    const entry = JSON.parse(fs.readFileSync(file, "utf8"));
    return entry.key === key ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** One entry per source file, so that they do not pile up. Several processes may write the same one. */
function keep(file, entry) {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const unfinished = `${file}.${process.pid}`;
    fs.writeFileSync(unfinished, JSON.stringify(entry));
    fs.renameSync(unfinished, file);
  } catch {
    // A full disk, or a folder that we may not write: it works without the cache as well.
  }
}

/** A transpiler whose cache is in its own folder. */
exports.createIn =
  (folder) =>
  ({ service }) => {
    // Another project's program may lie outside of this folder.
    const compilerOptions = { ...service.config.options, rootDir: undefined };
    // Independent of the folder's location: a copy of the project with the same packages compiles nothing again.
    const options = hash(
      require("typescript/package.json").version,
      JSON.stringify(compilerOptions).replaceAll(root, ""),
    );
    return {
      transpile(code, { fileName }) {
        const key = hash(options, code);
        const file = path.join(folder, `${hash(options, path.relative(root, fileName))}.json`);
        const known = kept(file, key);
        if (known) return known;
        const { outputText, sourceMapText, diagnostics } = require("typescript").transpileModule(code, {
          fileName,
          compilerOptions,
          reportDiagnostics: true,
        });
        if (diagnostics.length === 0) keep(file, { key, outputText, sourceMapText });
        return { outputText, sourceMapText, diagnostics };
      },
    };
  };

exports.create = exports.createIn(CACHE);
Object.assign(exports, { CACHE, hash, keep, kept });
