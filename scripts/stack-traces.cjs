// Stack traces that name the lines of our TypeScript. Only our own files have a map here, and it is read for the first trace that names
// its file: packages that do this for every file also read all of Pulumi's maps.
const { SourceMap } = require("node:module");

const texts = new Map();
const maps = new Map();

/** Keeps the source map of a compiled file. */
exports.keepMap = (fileName, sourceMapText) => texts.set(fileName, sourceMapText);

function mapOf(fileName) {
  if (!maps.has(fileName)) maps.set(fileName, new SourceMap(JSON.parse(texts.get(fileName))));
  return maps.get(fileName);
}

function described(frame) {
  const text = String(frame);
  const fileName = frame.getFileName();
  if (!texts.has(fileName)) return text;
  const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
  const { originalLine, originalColumn } = mapOf(fileName).findEntry(line - 1, column - 1);
  if (originalLine === undefined) return text;
  return text.replace(`:${line}:${column}`, `:${originalLine + 1}:${originalColumn + 1}`);
}

/** Replaces any earlier hook, such as the one of Pulumi's own runner. */
exports.install = () => {
  Error.prepareStackTrace = (error, frames) =>
    [Error.prototype.toString.call(error), ...frames.map((frame) => `    at ${described(frame)}`)].join("\n");
};
