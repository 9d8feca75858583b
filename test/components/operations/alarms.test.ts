import { strict as assert } from "node:assert";
import { Alarms } from "../../../components/operations/alarms";
import { BackupPlan } from "../../../components/operations/backup-plan";
import { MetricAlarm, Monitoring } from "../../../components/shared/monitoring";
import { physicalName, run } from "../../harness";
import { ACCOUNT, topic } from "./fixtures";

const TOPIC = `arn:aws:sns:eu-west-1:${ACCOUNT}:${physicalName("alarms")}`;
const alarms = (...monitoring: Monitoring[]) =>
  run(() => new Alarms("alarms", { topic: topic(), monitoring }));

const full: MetricAlarm = {
  description: "Something is wrong: look there",
  namespace: "AWS/Any",
  metricName: "Any",
  dimensions: { Which: "one" },
  statistic: "Sum",
  comparison: "above",
  threshold: 3,
};

describe("Alarms", () => {
  it("notifies the topic when a metric crosses its threshold, and when it recovers", async () => {
    const { one } = await alarms({ alarms: { any: full } });
    assert.deepEqual(one("cloudwatch/metricAlarm:MetricAlarm", "alarms-any").inputs, {
      alarmDescription: "Something is wrong: look there",
      namespace: "AWS/Any",
      metricName: "Any",
      dimensions: { Which: "one" },
      statistic: "Sum",
      period: 60,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 3,
      treatMissingData: "notBreaching",
      alarmActions: [TOPIC],
      okActions: [TOPIC],
    });
  });

  it("treats missing data as an alarm if the table says so, and uses percentiles", async () => {
    const { one } = await alarms({
      alarms: {
        any: {
          ...full,
          statistic: "p99",
          comparison: "below",
          silence: "alarm",
          periodSeconds: 300,
          periods: 4,
        },
      },
    });
    const { inputs } = one("cloudwatch/metricAlarm:MetricAlarm");
    assert.deepEqual(
      [inputs.extendedStatistic, inputs.statistic, inputs.comparisonOperator, inputs.treatMissingData],
      ["p99", undefined, "LessThanThreshold", "breaching"],
    );
    assert.deepEqual([inputs.period, inputs.evaluationPeriods], [300, 4]);
  });

  it("is the parent of all of them, and creates event rules only once the topic accepts events", async () => {
    const pattern = { source: ["aws.any"] };
    const { resources } = await alarms({
      alarms: { figure: full },
      events: { event: { description: "It failed", pattern } },
    });
    const own = resources.filter(({ parentType }) => parentType === "groundwork:index:Alarms");
    const waiting = own.filter(({ needs }) => needs.includes("aws:sns/topicPolicy:TopicPolicy alarms"));
    const named = (all: typeof own) =>
      all.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort();
    const event = ["EventRule alarms-event", "EventTarget alarms-event"];
    assert.deepEqual(named(own), [...event, "MetricAlarm alarms-figure"]);
    assert.deepEqual(named(waiting), event);
  });

  it("sends an event to the topic, with a sentence and the event itself", async () => {
    const pattern = { source: ["aws.any"], detail: { state: ["FAILED"] } };
    const { one } = await alarms({ events: { any: { description: "It failed", pattern } } });
    assert.deepEqual(JSON.parse(one("cloudwatch/eventRule:EventRule").inputs.eventPattern), pattern);
    const { inputs } = one("cloudwatch/eventTarget:EventTarget", "alarms-any");
    assert.deepEqual([inputs.rule, inputs.arn], [physicalName("alarms-any"), TOPIC]);
    assert.deepEqual(inputs.inputTransformer.inputPaths, { event: "$.detail", time: "$.time" });
    assert.equal(
      inputs.inputTransformer.inputTemplate
        .replace("<time>", '"now"')
        .replace("<event>", '{"state":"FAILED"}'),
      '{"alarm": "It failed", "time": "now", "event": {"state":"FAILED"}}',
    );
  });

  it("reports failed backups and restores", async () => {
    const { all } = await run(() => {
      const plan = new BackupPlan("backups", { resourceArns: [TOPIC], keepData: false });
      return new Alarms("alarms", { topic: topic(), monitoring: plan.monitoring() });
    });
    assert.deepEqual(
      all("cloudwatch/eventRule:EventRule").map(({ name, inputs }) => [
        name,
        JSON.parse(inputs.eventPattern),
      ]),
      [
        [
          "alarms-backup-failed",
          {
            source: ["aws.backup"],
            "detail-type": ["Backup Job State Change"],
            detail: { state: ["FAILED", "ABORTED", "EXPIRED"] },
          },
        ],
        [
          "alarms-restore-failed",
          {
            source: ["aws.backup"],
            "detail-type": ["Restore Job State Change"],
            detail: { status: ["FAILED", "ABORTED"] },
          },
        ],
      ],
    );
  });

  it("accepts the periods that CloudWatch supports, up to their bounds, and refuses others", async () => {
    const told = (more: Partial<MetricAlarm>) =>
      alarms({ alarms: { any: { ...full, ...more } } }).then(
        () => "",
        ({ message }: Error) => message,
      );
    for (const periodSeconds of [10, 20, 30, 60, 300]) assert.equal(await told({ periodSeconds }), "");
    for (const periodSeconds of [0, -60, 40, 90])
      assert.equal(
        await told({ periodSeconds }),
        `Alarms "alarms": any.periodSeconds must be 10, 20, 30 or a multiple of 60, got ${periodSeconds}`,
      );
    for (const periods of [1, 1_440]) assert.equal(await told({ periods }), "");
    for (const periods of [0, 1.5, 1_441])
      assert.equal(
        await told({ periods }),
        `Alarms "alarms": any.periods must be a whole number from 1 to 1440, got ${periods}`,
      );
  });

  it("refuses a duplicate key, and periods that CloudWatch does not support", async () => {
    await assert.rejects(
      alarms(
        { alarms: { any: { ...full, periodSeconds: 45 }, other: { ...full, periods: 0 } } },
        { alarms: { any: full } },
      ),
      {
        message:
          'Alarms "alarms": monitoring must be without a key twice, got ["any","other","any"]; ' +
          "any.periodSeconds must be 10, 20, 30 or a multiple of 60, got 45; " +
          "other.periods must be a whole number from 1 to 1440, got 0",
      },
    );
  });
});
