// ts-node's transpiler for this project (tsconfig.json): TypeScript itself, whose answers are kept. Compiling what has not changed
// would take half of the time of every preview, test and benchmark.
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..");
const CACHE = path.join(root, "node_modules/.cache/groundwork/typescript");
const hash = (...parts) =>
  parts.reduce((h, part) => h.update(part).update("\0"), createHash("sha256")).digest("hex");

/** The kept answer, unless it is of another text, of other options, or damaged. */
function kept(file, key) {
  try {
    const entry = JSON.parse(fs.readFileSync(file, "utf8"));
    return entry.key === key ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** One entry a source file, so that they do not pile up. Several processes may write the same one. */
function keep(file, entry) {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const unfinished = `${file}.${process.pid}`;
    fs.writeFileSync(unfinished, JSON.stringify(entry));
    fs.renameSync(unfinished, file);
  } catch {
    // A full disk, or a folder that is not ours to write: it works as well without.
  }
}

/** A transpiler with its answers in a folder of its own. */
exports.createIn =
  (folder) =>
  ({ service }) => {
    // A program of somebody else's may lie outside of this folder.
    const compilerOptions = { ...service.config.options, rootDir: undefined };
    // Without the folder's own place: a copy of the project with the same packages compiles nothing anew.
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
