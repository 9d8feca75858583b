// The package as npm would publish it, in a program of its own beside no file of ours but the declared dependencies.
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { isBuiltin } from "node:module";
import * as os from "node:os";
import * as path from "node:path";
import { dependencies, devDependencies, name } from "../package.json";
import { EXAMPLES } from "./examples/example";
import { EXPECTED } from "./examples/expected";
import { some } from "./some";

const ROOT = path.join(__dirname, "..");
const LOADER = path.join(ROOT, "scripts/loader.cjs");

/** Runs an example as somebody has it who has only the package, under the tests' mocks, and prints the types of what it declares. */
const RUNNER = `
const { run } = require(${JSON.stringify(path.join(__dirname, "harness"))});

void run(() => require("./" + process.argv[2] + "/index.js")).then(({ resources }) =>
  console.log(JSON.stringify(resources.map(({ type }) => type))),
);
`;

/** Where the package is built: a copy, so that a build of a person's own stays as it is. */
function copyOfSources(folder: string): string {
  const copy = path.join(folder, "sources");
  for (const each of SOURCES) fs.cpSync(path.join(ROOT, each), path.join(copy, each), { recursive: true });
  fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(copy, "node_modules"));
  return copy;
}
const SOURCES = [
  ...["package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json"],
  ...["README.md", "LICENSE", "CHANGELOG.md", "components", "functions", "scripts"],
];

describe("the published package", function () {
  this.timeout(300_000);
  let folder: string;

  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "groundwork-package-"));
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

  it("lets each example build what it declares, copied beside the package, with types", () => {
    execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], {
      cwd: copyOfSources(folder),
      stdio: ["ignore", "ignore", 2],
    });
    const packed = fs.readdirSync(folder).find((file) => file.endsWith(".tgz"))!;
    const modules = path.join(folder, "node_modules");
    fs.mkdirSync(path.join(modules, name), { recursive: true });
    run("tar", "xzf", packed, "-C", path.join(modules, name), "--strip-components=1");
    for (const dependency of [...Object.keys(dependencies), "@types/node"]) {
      fs.mkdirSync(path.dirname(path.join(modules, dependency)), { recursive: true });
      fs.symlinkSync(path.join(ROOT, "node_modules", dependency), path.join(modules, dependency));
    }
    for (const example of EXAMPLES)
      fs.cpSync(path.join(ROOT, "examples", example), path.join(folder, example), { recursive: true });
    fs.writeFileSync(path.join(folder, "run.js"), RUNNER);

    const tsc = require.resolve("typescript/bin/tsc");
    const options = ["--strict", "--skipLibCheck", "--module", "nodenext", "--types", "node"];
    run(process.execPath, tsc, ...options, ...EXAMPLES.map((example) => `${example}/index.ts`));

    for (const example of some(EXAMPLES)) {
      const types = JSON.parse(run(process.execPath, "-r", LOADER, "run.js", example)) as string[];
      const { declares } = EXPECTED[example]![0]!;
      const counts = Object.keys(declares).map((type) => [
        type,
        types.filter((each) => each.endsWith(`:${type}`)).length,
      ]);
      assert.deepEqual(Object.fromEntries(counts), declares, example);
    }
  });

  it("holds nothing but the library, and what npm always packs", () => {
    const top = fs.readdirSync(path.join(folder, "node_modules", name));
    assert.deepEqual(top.sort(), ["CHANGELOG.md", "LICENSE", "README.md", "dist", "package.json"]);
    const dist = fs.readdirSync(path.join(folder, "node_modules", name, "dist"));
    assert.deepEqual(
      dist.filter((name) => !["components", "functions"].includes(name)),
      [],
    );
  });

  it("declares each package that it imports, and none that it does not", () => {
    const imported = new Set(["components", "functions", "stacks", "webapp"].flatMap(packagesIn));
    const undeclared = [...imported].filter((name) => !(name in dependencies));
    assert.deepEqual(undeclared, []);
    const unused = Object.keys(dependencies).filter((name) => !imported.has(name));
    assert.deepEqual(unused, []);
    const twice = Object.keys(dependencies).filter((name) => name in devDependencies);
    assert.deepEqual(twice, []);
  });
});

/** The packages that the folder's sources import, as `name` or `@scope/name`. */
function packagesIn(folder: string): string[] {
  return fs
    .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(ts|cjs)$/.test(file))
    .flatMap((file) => [
      ...fs
        .readFileSync(path.join(ROOT, folder, file), "utf8")
        .matchAll(/\b(?:from|import|import\(|require\(|resolve\() ?"((?:@[\w-]+\/)?[a-z][\w.:-]*)/g),
    ])
    .map(([, name]) => name!)
    .filter((name) => !isBuiltin(name));
}
