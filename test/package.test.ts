// The package as npm would publish it, in a program of its own beside no file of ours but the declared dependencies.
import { strict as assert } from "node:assert";
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { isBuiltin } from "node:module";
import * as path from "node:path";
import library from "../components/package.json";
import { dependencies, devDependencies, version, workspaces } from "../package.json";
import { EXAMPLES } from "./examples/example";
import { EXPECTED } from "./examples/expected";
import { some } from "./some";
import { newFolder } from "./folder";
import { leftToAll } from "./left-to-all";

const ROOT = path.join(__dirname, "..");
const tried: Record<string, string> = dependencies;

/** Runs examples as somebody has them who has only the package, under its mocks, and prints the types of what each declares. */
const RUNNER = `
const { run } = require("${library.name}/testing");

void (async () => {
  const declared = {};
  for (const example of process.argv.slice(2)) {
    const { resources } = await run(() => require("./" + example + "/index.js"));
    declared[example] = resources.map(({ type }) => type);
  }
  console.log(JSON.stringify(declared));
})();
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
  ...["LICENSE", "CHANGELOG.md", "components", "functions", "scripts"],
];

/** The programs that the package's README shows. */
const readmePrograms = [
  ...fs
    .readFileSync(path.join(ROOT, "components/README.md"), "utf8")
    .matchAll(/(?<=^```ts\n)[^]*?(?=^```)/gm),
].map(([text]) => text);

describe("the published package, once it is installed,", function () {
  this.timeout(300_000);
  let folder: string;

  before(function () {
    leftToAll(this);
    folder = newFolder("groundwork-package");
  });

  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

  it("lets each example build what it declares, copied beside the package, with types", () => {
    const cwd = copyOfSources(folder);
    const quiet = { cwd, stdio: ["ignore", "ignore", 2] as ("ignore" | 2)[] };
    execFileSync(process.execPath, ["scripts/build.cjs"], quiet);
    execFileSync("npm", ["pack", "./dist", "--silent", "--pack-destination", folder], quiet);
    const packed = fs.readdirSync(folder).find((file) => file.endsWith(".tgz"))!;
    const modules = path.join(folder, "node_modules");
    const installed = path.join(modules, library.name);
    fs.mkdirSync(installed, { recursive: true });
    run("tar", "xzf", packed, "-C", installed, "--strip-components=1");
    const needed = [...Object.keys(library.dependencies), ...Object.keys(library.peerDependencies)];
    for (const name of [...needed, "@types/node"]) {
      fs.mkdirSync(path.dirname(path.join(modules, name)), { recursive: true });
      fs.symlinkSync(path.join(ROOT, "node_modules", name), path.join(modules, name));
    }
    for (const example of EXAMPLES)
      fs.cpSync(path.join(ROOT, "examples", example), path.join(folder, example), { recursive: true });
    fs.writeFileSync(path.join(folder, "run.js"), RUNNER);

    const tsc = require.resolve("typescript/bin/tsc");
    const options = ["--strict", "--skipLibCheck", "--module", "nodenext", "--types", "node"];
    readmePrograms.forEach((text, i) => fs.writeFileSync(path.join(folder, `readme-${i}.ts`), text));
    const programs = EXAMPLES.map((example) => `${example}/index.ts`);
    run(process.execPath, tsc, ...options, ...programs, ...readmePrograms.map((_, i) => `readme-${i}.ts`));

    const declared = JSON.parse(run(process.execPath, "run.js", ...EXAMPLES)) as Record<string, string[]>;
    for (const example of some(EXAMPLES)) {
      const types = declared[example]!;
      const { declares } = EXPECTED[example]![0]!;
      const counts = Object.keys(declares).map((type) => [
        type,
        types.filter((each) => each.endsWith(`:${type}`)).length,
      ]);
      assert.deepEqual(Object.fromEntries(counts), declares, example);
    }
  });

  it("tests a program of somebody's own without a test runner, as its README shows", () => {
    const shown = readmePrograms.findIndex((text) => text.includes(`${library.name}/testing`));
    run(process.execPath, `readme-${shown}.js`);
    const right = fs.readFileSync(path.join(folder, `readme-${shown}.js`), "utf8");
    const wrong = right.replace("length, 4", "length, 5");
    assert.notEqual(wrong, right);
    fs.writeFileSync(path.join(folder, "wrong.js"), wrong);
    const { status, stderr } = spawnSync(process.execPath, ["wrong.js"], { cwd: folder, encoding: "utf8" });
    assert.match(stderr, /AssertionError[^]*\b4 !== 5\b/);
    assert.notEqual(status, 0);
  });

  it("loads neither a bundler nor Docker for a network alone", () => {
    const script = `require("${library.name}/network"); console.log(Object.keys(require.cache).join())`;
    fs.writeFileSync(path.join(folder, "network-only.js"), script);
    assert.doesNotMatch(run(process.execPath, "network-only.js"), /esbuild|awsx|client-s3/);
  });

  it("holds nothing but the library, and has this repository's version", () => {
    const installed = path.join(folder, "node_modules", library.name);
    assert.deepEqual(fs.readdirSync(installed).sort(), [
      ...["CHANGELOG.md", "LICENSE", "README.md", "components", "functions", "package.json"],
    ]);
    const manifest = JSON.parse(fs.readFileSync(path.join(installed, "package.json"), "utf8")) as {
      version: string;
      dependencies: object;
      peerDependencies: object;
      exports: Record<string, string | { types: string; default: string }>;
    };
    assert.equal(manifest.version, version);
    const ranges = (packages: object) =>
      Object.fromEntries(Object.keys(packages).map((name) => [name, `^${tried[name]}`]));
    assert.deepEqual(manifest.dependencies, ranges(library.dependencies));
    assert.deepEqual(manifest.peerDependencies, ranges(library.peerDependencies));
    const files = Object.values(manifest.exports).flatMap((to) =>
      typeof to === "string" ? [to] : [to.types, to.default],
    );
    for (const file of some(files)) assert.ok(fs.existsSync(path.join(installed, file)), file);
  });
});

describe("the published package", () => {
  it("takes Pulumi's packages as its program's, and brings the others that it imports", () => {
    const imported = [...new Set(["components", "functions"].flatMap(packagesIn))].sort();
    const [peers, own] = [true, false].map((peer) =>
      imported.filter((name) => name.startsWith("@pulumi/") === peer),
    );
    assert.deepEqual(Object.keys(library.peerDependencies).sort(), peers);
    assert.deepEqual(Object.keys(library.dependencies).sort(), own);
  });

  it("is made by a program that declares each package it needs to deploy, and none besides", () => {
    const imported = new Set([
      ...["components", "functions", "stacks", "webapp", "scripts/quotas"].flatMap(packagesIn),
      // The program's own loader, and npm run up.
      ...["js-yaml", "pulumi", "ts-node", "typescript"],
    ]);
    const undeclared = [...imported].filter((name) => !(name in dependencies));
    assert.deepEqual(undeclared, []);
    const unused = Object.keys(dependencies).filter((name) => !imported.has(name));
    assert.deepEqual(unused, []);
    const twice = Object.keys(dependencies).filter((name) => name in devDependencies);
    assert.deepEqual(twice, []);
  });

  for (const folder of some(workspaces.filter((one) => one !== "components")))
    it(`of ${folder}/ declares each package that it imports, and none that it does not`, () => {
      const manifest = JSON.parse(fs.readFileSync(path.join(ROOT, folder, "package.json"), "utf8")) as {
        dependencies: Record<string, string>;
      };
      assert.deepEqual([...new Set(packagesIn(folder))].sort(), Object.keys(manifest.dependencies).sort());
    });

  it("declares no client of AWS that only the sandbox has a use for", () => {
    const imported = new Set(
      ["components", "functions", "webapp", "test", "bench", "scripts"].flatMap(packagesIn),
    );
    const clients = Object.keys(devDependencies).filter((name) => name.startsWith("@aws-sdk/"));
    assert.deepEqual(
      clients.filter((name) => !imported.has(name)),
      [],
    );
  });
});

/** The packages that the folder's sources import, as `name` or `@scope/name`. */
function packagesIn(folder: string): string[] {
  return fs
    .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(ts|cjs)$/.test(file) && !file.includes("node_modules"))
    .flatMap((file) => [
      ...fs
        .readFileSync(path.join(ROOT, folder, file), "utf8")
        .matchAll(/\b(?:from|import|import\(|require\(|resolve\() ?"((?:@[\w-]+\/)?[a-z][\w.:-]*)/g),
    ])
    .map(([, name]) => name!)
    .filter((name) => !isBuiltin(name));
}
