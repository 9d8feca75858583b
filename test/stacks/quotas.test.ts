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

  it("is Pulumi.first.yaml, which takes nothing that such an account has not", async () => {
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
    const HELD_BACK = /:(rds|codebuild|cloudfront|codepipeline)\/|route53|acm\//;
    assert.deepEqual(
      resources.filter(({ type }) => HELD_BACK.test(type)).map(({ type }) => type),
      [],
    );
  });

  // eu-west-1's list prices of November 2026 for 730 hours: https://aws.amazon.com/ec2/pricing/on-demand, .../elasticloadbalancing/pricing,
  // .../vpc/pricing (a public address costs 0.005 USD an hour, an endpoint as a gateway nothing).
  it("costs less than 40 USD a month with one server, and has nothing else that is paid by the hour", async () => {
    const { all } = await runStack("first");
    const [group] = all("autoscaling/group:Group");
    const zones = all("lb/loadBalancer:LoadBalancer")[0]!.inputs.subnets.length as number;
    assert.deepEqual([group!.inputs.minSize, zones], [1, 2]);
    assert.equal(all("ec2/launchTemplate:LaunchTemplate")[0]!.inputs.instanceType, "t4g.micro");
    const byTheHour = ["ec2/natGateway:NatGateway", "ec2/instance:Instance", "ec2/eip:Eip", "kms/key:Key"];
    assert.deepEqual(
      byTheHour.flatMap((type) => all(type)),
      [],
    );
    const kinds = all("ec2/vpcEndpoint:VpcEndpoint").map(({ inputs }) => inputs.vpcEndpointType ?? "Gateway");
    assert.deepEqual([...new Set(kinds)], ["Gateway"]);
    const hour = { balancer: 0.0252, server: 0.0092, address: 0.005 };
    const month = 730 * (hour.balancer + hour.server + (zones + 1) * hour.address);
    assert.ok(month < 38, `${month}`); // the rest of 40 is the disk, the image and the logs
  });

  it("is larger without them", async () => {
    assert.ok(vCpusOf(await stackView("dev")) > 5);
  });
});
