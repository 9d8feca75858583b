// The package as npm would publish it, in a program of its own beside no file of ours but the declared dependencies.
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { isBuiltin } from "node:module";
import * as os from "node:os";
import * as path from "node:path";
import library from "../components/package.json";
import { dependencies, devDependencies, version, workspaces } from "../package.json";
import { some } from "./some";

const ROOT = path.join(__dirname, "..");
const tried: Record<string, string> = dependencies;

/** A web platform in somebody else's words, run under Pulumi's mocks. It prints the types of what it declares. */
const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";

const types: string[] = [];
void pulumi.runtime
  .setMocks({
    newResource: ({ type, name, inputs }) => {
      types.push(type);
      return { id: name, state: { ...inputs, arn: "arn", dnsName: "lb", latestVersion: 1, name } };
    },
    call: () => ({ region: "eu-west-1", accountId: "123456789012", value: "ami" }),
  })
  .then(async () => {
    const { Network } = await import("@groundwork-platform/components/network");
    const loaded = Object.keys(require.cache).filter((file) => /esbuild|awsx|client-s3/.test(file));
    if (loaded.length) throw new Error("a network loads " + loaded[0]);
    const { WebTier } = await import("@groundwork-platform/components");
    const network = new Network("net", { egress: "none" });
    const web: pulumi.Output<string> = new WebTier("web", {
      network,
      clientCidrs: ["203.0.113.0/24"],
      image: { imageUri: "registry/app@sha256:0", repositoryUrl: "registry/app", repositoryArn: "arn" },
      keepData: false,
    }).url;
    await pulumi.runtime.disconnect();
    web.apply((url) => console.log(JSON.stringify({ url, types })));
  });
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

describe("the published package", function () {
  this.timeout(300_000);
  let folder: string;

  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "groundwork-package-"));
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

  it("lets another program build a network and a web tier, with types", () => {
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
    fs.writeFileSync(path.join(folder, "program.ts"), PROGRAM);

    const tsc = require.resolve("typescript/bin/tsc");
    run(
      process.execPath,
      tsc,
      "--strict",
      "--skipLibCheck",
      "--module",
      "nodenext",
      "--types",
      "node",
      "program.ts",
    );
    const { url, types } = JSON.parse(run(process.execPath, "program.js")) as {
      url: string;
      types: string[];
    };

    assert.equal(url, "http://lb");
    const count = (type: string) => types.filter((t) => t === type).length;
    assert.deepEqual(
      ["aws:ec2/subnet:Subnet", "aws:lb/loadBalancer:LoadBalancer", "aws:autoscaling/group:Group"].map(count),
      [4, 1, 1],
    );
  });

  it("holds nothing but the library, and has this repository's version", () => {
    const installed = path.join(folder, "node_modules", library.name);
    assert.deepEqual(fs.readdirSync(installed).sort(), [
      ...["CHANGELOG.md", "LICENSE", "README.md", "components", "functions", "package.json"],
    ]);
    const manifest = JSON.parse(fs.readFileSync(path.join(installed, "package.json"), "utf8")) as object;
    const ranges = (packages: object) =>
      Object.fromEntries(Object.keys(packages).map((name) => [name, `^${tried[name]}`]));
    assert.deepEqual(manifest, {
      ...library,
      version,
      dependencies: ranges(library.dependencies),
      peerDependencies: ranges(library.peerDependencies),
    });
  });

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
      ...["components", "functions", "stacks", "webapp"].flatMap(packagesIn),
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

  for (const folder of some(workspaces))
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
