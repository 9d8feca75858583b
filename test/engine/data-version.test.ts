// PostgreSQL's version of data that is there already, under the official engine: only it calls what looks before a change.
import { strict as assert } from "node:assert";
import { Ended, Engine, cliFor, startEngine } from "./stack";

describe("the major version of data on shared storage", function () {
  this.timeout(600_000);
  let engine: Engine;
  before(async function () {
    engine = await startEngine(cliFor(this), "dev");
  });
  after(() => engine?.close());

  const run = (verb: "preview" | "up", version: number): Promise<Ended> => {
    engine.configure((config) => ({
      ...Object.fromEntries(Object.entries(config).filter(([key]) => !key.startsWith("groundwork:"))),
      "groundwork:environment": "dev",
      "groundwork:network": {},
      "groundwork:database": { engine: "shared-storage", version },
    }));
    return engine.npmRun(verb, ...(verb === "up" ? ["--yes", "--skip-preview"] : []));
  };
  const versionOnData = async () => {
    const { resources = [] } = await engine.state();
    const found = resources.find(({ type }) => type === "aws:efs/fileSystem:FileSystem");
    return (found?.inputs as { tags: Record<string, string> }).tags["groundwork:postgresql"];
  };
  const refused = ({ code, output }: Ended) => {
    assert.notEqual(code, 0);
    assert.match(
      output.replace(/\s+/g, " "),
      /version must stay 17, which the data of "database" was made with, got 18/,
    );
    assert.match(output.replace(/\s+/g, " "), /docs\/database\.md, Another major version/);
  };

  it("is the one that the first up asks for", async () => {
    const { code, output } = await run("up", 17);
    assert.equal(code, 0, output);
    assert.equal(await versionOnData(), "17");
  });

  it("refuses another value at a preview and at an up, and stays as it was", async () => {
    refused(await run("preview", 18));
    refused(await run("up", 18));
    assert.equal(await versionOnData(), "17");
  });

  it("allows an up with its own value", async () => {
    const { code, output } = await run("up", 17);
    assert.equal(code, 0, output);
  });
});
