// What AWS publishes of its parameters, held against values that are known to be good and against every program of ours.
import { strict as assert } from "node:assert";
import { dependencies } from "../../package.json";
import { awsRules } from "../../policies/rules/aws";
import type { Limit } from "../../policies/rules/aws/limit";
import { PUBLISHED, refused } from "../../policies/rules/aws/values";
import { COUNTERPARTS } from "../../scripts/limits/types";
import { some } from "../some";
import { made, named } from "./cases/case";
import { documentedExamples } from "./documented";
import { declaredTypes, OTHERS } from "./programs";

function limitsIn(properties: Record<string, Limit>): Limit[] {
  return Object.values(properties).flatMap((limit) => [
    limit,
    ...(limit.keys ? [limit.keys] : []),
    ...limitsIn(limit.properties ?? {}),
  ]);
}

describe("what AWS publishes about its parameters", () => {
  it("is known for every type that our programs declare", async () => {
    const types = await declaredTypes();
    assert.deepEqual(
      some(types).filter((type) => !PUBLISHED.types[type]),
      [],
      "add them to scripts/limits/types.ts and run: npm run limits",
    );
  });

  it("was read for the provider version that we use", () => {
    assert.equal(PUBLISHED.provider, dependencies["@pulumi/aws"], "run: npm run limits");
    assert.deepEqual(Object.keys(PUBLISHED.types), Object.keys(COUNTERPARTS), "run: npm run limits");
  });

  it("has patterns that can be used", () => {
    const limits = Object.values(PUBLISHED.types).flatMap(({ properties }) => limitsIn(properties));
    const patterns = limits.flatMap(({ pattern }) => pattern ?? []);
    for (const pattern of some(patterns)) assert.doesNotThrow(() => new RegExp(pattern, "su"), pattern);
  });

  it("refuses nothing that the provider's documentation shows", () => {
    const examples = Object.keys(PUBLISHED.types)
      .flatMap(documentedExamples)
      .filter(({ type }) => PUBLISHED.types[type]);
    assert.ok(examples.length > 500, String(examples.length));
    assert.deepEqual(
      examples.flatMap(({ type, name, inputs }) =>
        refused({ type, inputs }).map((problem) => `${type} ${name} ${problem}`),
      ),
      [],
    );
  });

  it("ignores references to other resources", async () => {
    const target = made("aws:efs/mountTarget:MountTarget", {
      fileSystemId: "files-id",
      subnetId: "subnet-0123456789",
    });
    const files = named("files", "aws:efs/fileSystem:FileSystem");
    const view = { stack: "", keepData: true, resources: [files, target] };
    assert.deepEqual(await awsRules["gives each parameter a value that AWS accepts"]!(view), []);
  });
});

describe("what AWS refuses", () => {
  for (const [program, declare] of some(Object.entries(OTHERS)))
    it(`concerns nothing in ${program}`, async () => {
      const { resources } = await declare();
      const view = { stack: program, keepData: false, resources };
      const told: string[] = [];
      for (const rule of some(Object.values(awsRules))) told.push(...(await rule(view)));
      assert.deepEqual(told, []);
    });
});
