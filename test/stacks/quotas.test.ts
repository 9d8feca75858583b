import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";
import type { StackView } from "../../policies/declared";
import { runStack } from "../harness";
import { some } from "../some";
import { QUOTAS, usedBy, vCpusOf } from "../../scripts/quotas/quotas";
import { quotasPage } from "./quotas-page";
import { STACKS, stackView } from "./stacks";

const docs = path.join(__dirname, "../../docs");

describe("docs/quotas.md", () => {
  it("has what each stack takes of AWS's quotas (UPDATE_INVENTORY=1 writes it anew)", async () => {
    const page = path.join(docs, "quotas.md");
    const views: StackView[] = [];
    for (const stack of some(STACKS)) views.push(await stackView(stack)); // Pulumi runs one program at a time
    const text = quotasPage(views);
    if (process.env.UPDATE_INVENTORY) fs.writeFileSync(page, text);
    assert.equal(fs.readFileSync(page, "utf8"), text);
  });

  it("has no stack that AWS's defaults would refuse alone, but for vCPUs", async () => {
    for (const stack of some(STACKS)) {
      const view = await stackView(stack);
      const refused = QUOTAS.filter((quota) => usedBy(quota, view) > quota.most).map(({ what }) => what);
      assert.deepEqual(
        refused.filter((what) => !what.startsWith("vCPUs")),
        [],
        stack,
      );
    }
  });
});

describe("the first stack of a new account", () => {
  const [, settings] = /```yaml\n# Pulumi.dev.yaml of a new account\n([^]*?)```/.exec(
    fs.readFileSync(path.join(docs, "operations.md"), "utf8"),
  )!;

  it("fits the five vCPUs and addresses that it has, with the settings that the docs give", async () => {
    const config = load(settings!) as Record<string, unknown>;
    const { resources, all } = await runStack("dev", { config, without: ["groundwork:bastion"] });
    assert.ok(vCpusOf({ stack: "dev", keepData: false, resources }) <= 5);
    assert.deepEqual([all("ec2/eip:Eip").length, all("ec2/instance:Instance").length], [0, 0]);
  });

  it("is larger without them", async () => {
    assert.ok(vCpusOf(await stackView("dev")) > 5);
  });
});
