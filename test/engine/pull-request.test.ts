// The life of a pull request's stack by the scripts of its workflows, under the official engine, each time from a fresh checkout.
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { ACCOUNT } from "../sts";
import { Engine, cliFor, startEngine } from "./stack";

const UP = ".github/scripts/pull-request-stack.sh";
const END = ".github/scripts/end-pull-request-stacks.sh";

describe("the stack of a pull request", function () {
  this.timeout(600_000);
  let engine: Engine;
  before(async function () {
    engine = await startEngine(cliFor(this), "first");
  });
  after(() => engine?.close());

  /** What a checkout does not have, since nobody commits it. */
  const fresh = () => fs.rmSync(path.join(engine.folder, "Pulumi.pr-7.yaml"), { force: true });

  const up = async () => {
    fresh();
    const output = path.join(engine.folder, "output");
    const { code, output: said } = await engine.script(UP, {
      ...{ PULL_REQUEST: "7", ACCOUNT_ID: ACCOUNT, GITHUB_OUTPUT: output },
    });
    assert.equal(code, 0, said);
    const report = fs.readFileSync(output, "utf8");
    fs.rmSync(output);
    return { said, report };
  };

  const end = async (pull: string) => {
    fresh();
    const bin = path.join(engine.folder, "stand-ins");
    fs.mkdirSync(bin, { recursive: true });
    fs.writeFileSync(path.join(bin, "gh"), `#!/bin/sh\necho "${pull}"\n`, { mode: 0o755 });
    const PATH = `${bin}:${process.env.PATH}`;
    return engine.script(END, { PATH, GITHUB_REPOSITORY: "acme/site" });
  };
  it("is created, and reports its address", async () => {
    const { said, report } = await up();
    assert.match(said, /^ {4}\+ \d{2,} created$/m);
    assert.match(
      report,
      /^## Stack pr-7\n\n<https?:\/\/\S+>\n\npr-7: \d+ to create; about 3\d USD a month\./m,
    );
  });

  it("is unchanged after another commit, from a checkout without its settings", async () => {
    const { said } = await up();
    assert.match(said, /^ {4}\d{2,} unchanged$/m);
    assert.doesNotMatch(said, /created|deleted|replaced/);
  });

  it("stays while its pull request is open and has the label", async () => {
    const { code, output } = await end("open true");
    assert.equal(code, 0, output);
    assert.match(output, /^pr-7 stays\.$/m);
  });

  it("is deleted once its pull request is closed, and nothing else is", async () => {
    const { code, output } = await end("closed true");
    assert.equal(code, 0, output);
    assert.match(output, /^ {4}- \d{2,} deleted$/m);
    assert.deepEqual((await engine.state()).resources ?? [], []);
    const again = await end("closed true");
    assert.equal(again.code, 0, again.output);
    assert.doesNotMatch(again.output, /pr-7/);
  });
});
