import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { EventAlarm, MetricAlarm } from "../shared/monitoring";
import { must, Problem, refuse } from "../shared/refusals";
import { AlarmsArgs } from "./args";

/**
 * The alarms of a stack, all reported to one topic. The components define them as data.
 * 0.10 USD a month for each metric; events cost nothing. A missing metric raises no alarm unless its definition says so.
 */
export class Alarms extends pulumi.ComponentResource {
  /** The alarms on metrics, for a dashboard. */
  readonly alarmArns: pulumi.Output<string>[];

  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    const metrics = args.monitoring.flatMap(({ alarms }) => Object.entries(alarms ?? {}));
    const events = args.monitoring.flatMap((one) => Object.entries(one.events ?? {}));
    refuse("Alarms", name, problemsIn(metrics, events));
    super("groundwork:index:Alarms", name, {}, opts);
    const parent = { parent: this };
    const { ready } = args.topic;
    const topicArn = pulumi.output(args.topic.topicArn);

    this.alarmArns = metrics.map(([key, alarm]) => metricAlarm(`${name}-${key}`, alarm, topicArn, parent));
    for (const [key, event] of events)
      eventAlarm(`${name}-${key}`, event, topicArn, { ...parent, dependsOn: ready });
    this.registerOutputs({ alarmArns: this.alarmArns });
  }
}

function problemsIn(metrics: [string, MetricAlarm][], events: [string, EventAlarm][]): Problem[] {
  const keys = [...metrics, ...events].map(([key]) => key);
  return [
    ...must(new Set(keys).size === keys.length, "monitoring", "without a key twice", keys),
    ...metrics.flatMap(([key, { periodSeconds: seconds = 60, periods = 1 }]) => [
      ...must(
        [10, 20, 30].includes(seconds) || (seconds > 0 && seconds % 60 === 0),
        `${key}.periodSeconds`,
        "10, 20, 30 or a multiple of 60",
        seconds,
      ),
      ...must(
        Number.isInteger(periods) && periods >= 1 && periods <= 1_440,
        `${key}.periods`,
        "a whole number from 1 to 1440",
        periods,
      ),
    ]),
  ];
}

function metricAlarm(
  name: string,
  alarm: MetricAlarm,
  topicArn: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { statistic } = alarm;
  return new aws.cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: alarm.description,
      namespace: alarm.namespace,
      metricName: alarm.metricName,
      dimensions: alarm.dimensions,
      ...(statistic.startsWith("p") ? { extendedStatistic: statistic } : { statistic }),
      period: alarm.periodSeconds ?? 60,
      evaluationPeriods: alarm.periods ?? 1,
      comparisonOperator: alarm.comparison === "above" ? "GreaterThanThreshold" : "LessThanThreshold",
      threshold: alarm.threshold,
      treatMissingData: alarm.silence === "alarm" ? "breaching" : "notBreaching",
      alarmActions: [topicArn],
      okActions: [topicArn],
    },
    opts,
  ).arn;
}

function eventAlarm(
  name: string,
  { description, pattern }: EventAlarm,
  topicArn: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): void {
  const rule = new aws.cloudwatch.EventRule(
    name,
    { description, eventPattern: pulumi.jsonStringify(pattern) },
    opts,
  );
  new aws.cloudwatch.EventTarget(
    name,
    {
      rule: rule.name,
      arn: topicArn,
      // The description first, for the reader, then the event itself for whoever investigates it.
      inputTransformer: {
        inputPaths: { event: "$.detail", time: "$.time" },
        inputTemplate: `{"alarm": ${JSON.stringify(description)}, "time": <time>, "event": <event>}`,
      },
    },
    opts,
  );
}
