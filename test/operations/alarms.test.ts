import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Declared } from "../../policies/declared";
import { some } from "../some";
import { stackView } from "../stacks/stacks";
import { alarmsTable } from "./alarms-table";
import { FAULTS, MADE, NOT_MADE } from "./faults";

const PAGE = path.join(__dirname, "../../docs/operations.md");
/** The first table under the heading. */
const TABLE = /(?<=^## What raises an alarm\n(?:[^|#].*\n|\n)*)(?:^\|.*\n?)+(?=\n)/m;

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const BUDGET = "aws:budgets/budget:Budget";

const topicOf = (resources: Declared[]) =>
  `arn:aws:sns:eu-west-1:123456789012:${resources.find(({ type }) => type === "aws:sns/topic:Topic")!.name}`;

/** The names of the alarms, events and budgets that reach a person, by the stack's alarm topic. */
async function told(stack: string): Promise<string[]> {
  const { resources } = await stackView(stack);
  const topic = topicOf(resources);
  const reaches = ({ type, inputs }: Declared) =>
    (type === ALARM && (inputs.alarmActions ?? []).some((arn: string) => arn.startsWith(topic))) ||
    (type === TARGET && String(inputs.arn).startsWith(topic)) ||
    (type === BUDGET &&
      inputs.notifications.every((n: { subscriberSnsTopicArns: string[] }) =>
        n.subscriberSnsTopicArns.some((arn) => arn.startsWith(topic)),
      ));
  return resources
    .filter(reaches)
    .map(({ name }) => name)
    .sort();
}

/** What every stack of ours has. */
const EVERYWHERE = [
  "alarms-delivery-api-errors",
  "alarms-provisioner-api-errors",
  "alarms-provisioner-domains-late",
  "alarms-provisioner-pushes-lost",
  "alarms-provisioner-request-lost",
  "alarms-provisioner-stands-still",
  "alarms-release-unmarked",
  "alarms-uploads-failing",
  "alarms-uploads-late",
  "alarms-web-app-errors",
  "alarms-web-balancer-errors",
  "alarms-web-down",
  "alarms-web-launch-failed",
  "alarms-web-refresh-failed",
  "alarms-web-slow",
  "alarms-web-unhealthy",
  "alarms-delivery-deployment-failed",
  "alarms-delivery-run-failed",
  "alarms-provisioner-manual",
  "alarms-uploads-dead-letters",
];

describe("the alarms of a stack", () => {
  it("are raised in prod for each component", async () => {
    const names = (await told("prod")).filter((name) => !name.startsWith("alarms-audit-"));
    assert.deepEqual(
      names,
      [
        ...EVERYWHERE,
        "alarms-account-certificate",
        "alarms-account-open",
        "alarms-backup-failed",
        "alarms-database-busy",
        "alarms-database-down",
        "alarms-database-full",
        "alarms-log-export-late",
        "alarms-network-nat-a-crowded",
        "alarms-network-nat-b-crowded",
        "alarms-network-nat-c-crowded",
        "alarms-projects-network-nat-a-crowded",
        "alarms-projects-network-nat-b-crowded",
        "alarms-restore-failed",
        "alarms-uploads-malware",
        "alarms-uploads-unscanned",
        "alarms-uploads-untagged",
        "alarms-web-few",
        "alarms-web-image-failed",
        "budget",
        "alarms-delivery-approval",
      ].sort(),
    );
  });

  it("are raised in dev for the shared database's failover, and for the one NAT machine of each network", async () => {
    assert.deepEqual(
      await told("dev"),
      [
        ...EVERYWHERE,
        "alarms-network-nat-a-down",
        "alarms-projects-network-nat-a-down",
        ...["archive", "backups", "candidates", "drill", "healthy", "nodes"].map(
          (one) => `alarms-database-${one}`,
        ),
      ].sort(),
    );
  });

  it("are listed in docs/operations.md in their mails' words (UPDATE_INVENTORY=1 writes it anew)", async () => {
    const table = alarmsTable(await Promise.all(["prod", "stag", "dev"].map((stack) => stackView(stack))));
    const page = fs.readFileSync(PAGE, "utf8").replace(TABLE, () => `${table}\n`);
    if (process.env.UPDATE_INVENTORY) fs.writeFileSync(PAGE, page);
    assert.equal(fs.readFileSync(PAGE, "utf8"), page);
    const names = [...(await told("prod")), ...(await told("dev"))].filter((name) =>
      /^alarms-(?!audit-)/.test(name),
    );
    assert.deepEqual(
      some(names).filter(
        (name) => !table.includes(name.replace("alarms-", "`").replace(/-nat-[abc]-/, "-nat-ZONE-")),
      ),
      [],
    );
  });

  it("have faults that are either tried or not, never both", () => {
    assert.deepEqual([...Object.keys(MADE), ...Object.keys(NOT_MADE)].sort(), Object.keys(FAULTS).sort());
    for (const test of some(Object.values(MADE)))
      assert.ok(fs.existsSync(path.join(__dirname, "../..", test)), `${test} must be there`);
  });

  it("have faults only of documented alarms", () => {
    const page = fs.readFileSync(PAGE, "utf8");
    assert.deepEqual(
      some(Object.keys(FAULTS)).filter((name) => !page.includes(`\n| \`${name}\` |`)),
      [],
    );
  });

  it("include in prod the fifteen events of the audit trail", async () => {
    const names = (await told("prod")).filter((name) => name.startsWith("alarms-audit-"));
    assert.equal(names.length, 15);
  });
});
