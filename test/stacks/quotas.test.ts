import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";
import { provisionerOptions } from "../../components/provisioner/args";
import type { StackView } from "../../policies/declared";
import { runStack } from "../harness";
import { some } from "../some";
import { QUOTAS, usedBy, vCpusOf } from "../../scripts/quotas/quotas";
import { quotasPage } from "./quotas-page";
import { STACKS, stackView } from "./stacks";

const docs = path.join(__dirname, "../../docs");

describe("docs/quotas.md", () => {
  it("shows how much of AWS's quotas each stack uses (UPDATE_INVENTORY=1 writes it anew)", async () => {
    const page = path.join(docs, "quotas.md");
    const views: StackView[] = [];
    for (const stack of some(STACKS)) views.push(await stackView(stack)); // Pulumi runs one program at a time
    const text = quotasPage(views);
    if (process.env.UPDATE_INVENTORY) fs.writeFileSync(page, text);
    assert.equal(fs.readFileSync(page, "utf8"), text);
  });

  it("has no stack that AWS's defaults would refuse by itself, except for vCPUs", async () => {
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

describe("what the provisioner admits", () => {
  const page = fs.readFileSync(path.join(docs, "provisioner.md"), "utf8");
  const LIMITS: [setting: "siteCapacity" | "balancerCapacity" | "databaseCapacity", quota: string][] = [
    ["siteCapacity", "Distributions of one function, access control or headers policy"],
    ["balancerCapacity", "Application load balancers"],
    ["databaseCapacity", "RDS instances"],
  ];
  for (const [setting, what] of some(LIMITS))
    it(`fits AWS's quota beside the stack's own use, and is documented: ${setting}`, async () => {
      const most = provisionerOptions.shape[setting].parse(undefined);
      const quota = QUOTAS.find((one) => one.what === what)!;
      assert.ok(most + usedBy(quota, await stackView("prod")) <= quota.most);
      assert.ok(page.includes(`| \`${setting}\`: ${most}`), "docs/provisioner.md has another figure");
    });
});

describe("the first stack of a new account", () => {
  const [, settings] = /```yaml\n# Pulumi.dev.yaml of a new account\n([^]*?)```/.exec(
    fs.readFileSync(path.join(docs, "operations.md"), "utf8"),
  )!;

  it("fits into the account's five vCPUs and addresses, with the documented settings", async () => {
    const config = load(settings!) as Record<string, unknown>;
    const { resources, all } = await runStack("dev", { config, without: ["groundwork:bastion"] });
    assert.ok(vCpusOf({ stack: "dev", keepData: false, resources }) <= 5);
    assert.deepEqual([all("ec2/eip:Eip").length, all("ec2/instance:Instance").length], [1, 0]);
  });

  it("is Pulumi.first.yaml, which uses nothing that such an account lacks", async () => {
    const { resources } = await stackView("first");
    const few = QUOTAS.map(({ what, of, most, young }) => ({
      what,
      used: usedBy({ what, of, most, page: "" }, { stack: "first", keepData: false, resources }),
      most: young ?? most,
    }));
    assert.deepEqual(
      few.filter(({ used, most }) => used > most),
      [],
    );
    // Builds may be held back, too: the quota for them is asked for, and the setting web.builder has another way.
    const HELD_BACK = /:(rds|cloudfront|codepipeline)\/|route53|acm\//;
    assert.deepEqual(
      resources.filter(({ type }) => HELD_BACK.test(type)).map(({ type }) => type),
      [],
    );
  });

  it("would be larger without these settings", async () => {
    assert.ok(vCpusOf(await stackView("dev")) > 5);
  });
});
