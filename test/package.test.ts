// The package as npm would publish it, in a program of its own beside no file of ours but the declared dependencies.
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { isBuiltin } from "node:module";
import * as os from "node:os";
import * as path from "node:path";
import { dependencies, devDependencies, workspaces } from "../package.json";
import { some } from "./some";

const ROOT = path.join(__dirname, "..");

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
    const { Network, WebTier } = await import("groundwork");
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

  it("lets another program build a network and a web tier, with types", () => {
    execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], {
      cwd: copyOfSources(folder),
      stdio: ["ignore", "ignore", 2],
    });
    const packed = fs.readdirSync(folder).find((file) => file.endsWith(".tgz"))!;
    const modules = path.join(folder, "node_modules");
    fs.mkdirSync(path.join(modules, "groundwork"), { recursive: true });
    run("tar", "xzf", packed, "-C", path.join(modules, "groundwork"), "--strip-components=1");
    for (const name of [...Object.keys(dependencies), "@types/node"]) {
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

  it("holds nothing but the library, and what npm always packs", () => {
    const top = fs.readdirSync(path.join(folder, "node_modules/groundwork"));
    assert.deepEqual(top.sort(), ["CHANGELOG.md", "LICENSE", "README.md", "dist", "package.json"]);
    const dist = fs.readdirSync(path.join(folder, "node_modules/groundwork/dist"));
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
