import { strict as assert } from "node:assert";
import { Declared } from "../harness";
import { stackView } from "../stacks/stacks";

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

describe("what reaches a person", () => {
  it("prod: an alarm for each component", async () => {
    const names = (await told("prod")).filter((name) => !name.startsWith("alarms-audit-"));
    assert.deepEqual(names, [
      "alarms-backup-failed",
      "alarms-database-busy",
      "alarms-database-down",
      "alarms-database-full",
      "alarms-delivery-api-errors",
      "alarms-provisioner-api-errors",
      "alarms-release-unmarked",
      "alarms-restore-failed",
      "alarms-uploads-late",
      "alarms-web-app-errors",
      "alarms-web-door-errors",
      "alarms-web-down",
      "alarms-web-slow",
      "alarms-web-unhealthy",
      "budget",
      "delivery-approval",
      "delivery-deployment-failed",
      "delivery-run-failed",
      "provisioner-hands",
      "uploads-mover-dead-letters",
    ]);
  });

  it("dev: the shared database's failover, and what every stack has", async () => {
    assert.deepEqual(await told("dev"), [
      "alarms-delivery-api-errors",
      "alarms-provisioner-api-errors",
      "alarms-release-unmarked",
      "alarms-uploads-late",
      "alarms-web-app-errors",
      "alarms-web-door-errors",
      "alarms-web-down",
      "alarms-web-slow",
      "alarms-web-unhealthy",
      "database-failover-candidates",
      "database-failover-healthy",
      "delivery-deployment-failed",
      "delivery-run-failed",
      "provisioner-hands",
      "uploads-mover-dead-letters",
    ]);
  });

  it("prod: the fifteen events of the audit trail", async () => {
    const names = (await told("prod")).filter((name) => name.startsWith("alarms-audit-"));
    assert.equal(names.length, 15);
  });
});
