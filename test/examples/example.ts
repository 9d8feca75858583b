// The programs of examples/ as this process runs them: the package's name leads to the sources that npm's package is built from.
import * as fs from "node:fs";
import Module = require("node:module");
import * as path from "node:path";
import { name as PACKAGE } from "../../components/package.json";

const root = path.join(__dirname, "../..");
export const FOLDER = path.join(root, "examples");

export const EXAMPLES: readonly string[] = fs
  .readdirSync(FOLDER, { withFileTypes: true })
  .filter((each) => each.isDirectory() && each.name !== "projects") // what projects are built from are no programs
  .map(({ name }) => name)
  .sort();

type Resolve = (request: string, ...more: unknown[]) => string;
const loading = Module as unknown as { _resolveFilename: Resolve };
const resolve = loading._resolveFilename;
loading._resolveFilename = (request, ...more) =>
  request === PACKAGE ? path.join(root, "components/index.ts") : resolve(request, ...more);

/** The program of an example, which returns what it exports. */
export function exampleProgram(example: string): () => Record<string, unknown> {
  const entry = path.join(FOLDER, example, "index.ts");
  return () => {
    delete require.cache[entry]; // the program runs when it is loaded
    return { ...require(entry) };
  };
}
