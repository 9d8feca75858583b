import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import fastify from "fastify";
import { load } from "js-yaml";
import { some } from "../some";
import { settingsSchema } from "./settings-schema";

const root = path.join(__dirname, "../..");
const file = path.join(root, "stacks/settings.schema.json");
const FIRST_LINE = "# yaml-language-server: $schema=stacks/settings.schema.json\n";

/** What the schema finds wrong with a file, as an editor would. */
async function wrongIn(content: unknown): Promise<string[]> {
  const ajv = {
    customOptions: { removeAdditional: false, coerceTypes: false, allErrors: true, strict: false },
  };
  const app = fastify({ ajv: ajv as object });
  let found: string[] = [];
  const schema = JSON.parse(fs.readFileSync(file, "utf8")) as object;
  app.post("/", { schema: { body: schema }, attachValidation: true }, (request) => {
    found = (request.validationError?.validation ?? []).map(
      (one: { instancePath: string; message?: string }) => `${one.instancePath} ${one.message}`,
    );
    return {};
  });
  await app.inject({ method: "POST", url: "/", payload: content as object });
  return found;
}

describe("stacks/settings.schema.json", () => {
  it("matches the settings (UPDATE_INVENTORY=1 writes it anew)", () => {
    if (process.env.UPDATE_INVENTORY) fs.writeFileSync(file, settingsSchema());
    assert.equal(fs.readFileSync(file, "utf8"), settingsSchema());
  });

  it("is named in each stack's file, and accepts it", async () => {
    const files = fs.readdirSync(root).filter((name) => /^Pulumi\.\w+\.yaml$/.test(name));
    for (const name of some(
      files.filter((one) => ["dev", "stag", "prod", "sandbox"].includes(one.split(".")[1]!)),
    )) {
      const text = fs.readFileSync(path.join(root, name), "utf8");
      assert.ok(text.startsWith(FIRST_LINE), `${name} does not begin with ${FIRST_LINE}`);
      assert.deepEqual(await wrongIn(load(text)), [], name);
    }
  });

  it("finds a misspelt setting, a wrong value and a missing one, at every depth", async () => {
    const config = {
      "aws:region": "eu-west-1",
      "groundwork:environment": "production",
      "groundwork:netwrok": {},
      "groundwork:web": { minsize: 1, appPort: 80 },
    };
    const found = await wrongIn({ config });
    for (const part of [
      "/config must NOT",
      "environment",
      "/groundwork:web must NOT",
      "appPort must be >= 1024",
    ])
      assert.ok(
        found.some((line) => line.includes(part)),
        `${part}: ${found.join("\n")}`,
      );
    assert.deepEqual(await wrongIn({ config: { "aws:region": "eu-west-1" } }), [
      "/config must have required property 'groundwork:environment'",
    ]);
  });
});
