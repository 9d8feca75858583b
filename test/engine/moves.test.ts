// How a resource is renamed, moved and taken in without a replacement (docs/upgrades.md), under the official engine.
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { Ended, Engine, cliFor, startEngine } from "./stack";
import { newFolder } from "../folder";

const PROGRAM = `
const aws = require("@pulumi/aws");
const pulumi = require("@pulumi/pulumi");
class Store extends pulumi.ComponentResource {
  constructor(name, opts) { super("moves:index:Store", name, {}, opts); }
}
const config = new pulumi.Config();
const args = { billingMode: "PAY_PER_REQUEST", hashKey: "pk", attributes: [{ name: "pk", type: "S" }] };
const table = (name, opts) => new aws.dynamodb.Table(name, args, opts);
({
  before: () => table("projects"),
  bare: () => table("records"),
  renamed: () => table("records", { aliases: [{ name: "projects" }] }),
  moved: () => table("records", {
    parent: new Store("store"),
    aliases: [{ parent: pulumi.rootStackResource }],
  }),
  imported: () => table("records", { import: config.require("id") }),
  settled: () => table("records"),
})[config.require("step")]();
`;

describe("a resource that moves", function () {
  this.timeout(300_000);
  const project = newFolder("groundwork-moves");
  let engine: Engine;
  before(async function () {
    const cli = cliFor(this);
    const runtime = { name: "nodejs", options: { typescript: false } };
    fs.writeFileSync(
      path.join(project, "Pulumi.yaml"),
      JSON.stringify({ name: "moves", main: "scripts/program.cjs", runtime }),
    );
    fs.writeFileSync(path.join(project, "package.json"), "{}");
    // Where it is copied, and not linked to, so that it finds its packages.
    fs.mkdirSync(path.join(project, "scripts"));
    fs.writeFileSync(path.join(project, "scripts/program.cjs"), PROGRAM);
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@acme.dev", ...args], {
        cwd: project,
      });
    git("init", "--quiet");
    git("add", ".");
    git("commit", "--quiet", "--message", "A program");
    engine = await startEngine(cli, "dev", { project });
  });
  after(async () => {
    await engine?.close();
    fs.rmSync(project, { recursive: true, force: true });
  });

  const run = async (verb: "up" | "preview", step: string, id = "") => {
    engine.configure(() => ({ "aws:region": "eu-west-1", "moves:step": step, "moves:id": id }));
    const answer = await engine.pulumi(verb, ...(verb === "up" ? ["--yes", "--skip-preview"] : []));
    assert.equal(answer.code, 0, answer.output);
    return answer.output;
  };
  const table = async () => {
    const { resources = [] } = await engine.state();
    return resources.find(({ type }) => type === "aws:dynamodb/table:Table") as
      { urn: string; id: string } | undefined;
  };
  const succeeded = ({ code, output }: Ended) => assert.equal(code, 0, output);
  let id = "";

  it("would be created again under another name", async () => {
    await run("up", "before");
    ({ id } = (await table())!);
    const output = await run("preview", "bare");
    assert.match(output, /1 to create/);
    assert.match(output, /1 to delete/);
  });

  it("is kept under another name by an alias, which may be removed after an up", async () => {
    assert.doesNotMatch(await run("up", "renamed"), /created|deleted|replaced/);
    assert.match((await table())!.urn, /::records$/);
    assert.equal((await table())!.id, id);
    assert.doesNotMatch(await run("up", "settled"), /created|deleted|replaced/);
  });

  it("is kept in another component by an alias for its parent", async () => {
    assert.doesNotMatch(await run("up", "moved"), /Table.*(created|deleted|replaced)/);
    assert.match((await table())!.urn, /moves:index:Store\$aws:dynamodb\/table:Table::records$/);
    assert.equal((await table())!.id, id);
  });

  it("is kept under another name that it gets in the state", async () => {
    await run("up", "moved");
    succeeded(await engine.pulumi("state", "rename", (await table())!.urn, "notes", "--yes"));
    assert.match((await table())!.urn, /::notes$/);
    succeeded(await engine.pulumi("state", "rename", (await table())!.urn, "records", "--yes"));
    assert.doesNotMatch(await run("up", "moved"), /Table.*(created|deleted|replaced)/);
  });

  it("stays when the state forgets it, and can be imported by its id", async () => {
    succeeded(await engine.pulumi("state", "delete", (await table())!.urn, "--yes"));
    assert.equal(await table(), undefined);
    await run("up", "imported", id);
    assert.equal((await table())!.id, id);
    assert.doesNotMatch(await run("up", "settled"), /created|deleted|replaced/);
  });
});
