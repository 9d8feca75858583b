import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Check } from "../shared/check";
import { AlarmTopic } from "./alarm-topic";
import { EventAlarm, MetricAlarm, Watch } from "./watch";

export interface AlarmsArgs {
  topic: AlarmTopic;
  /** What the areas want to be watched by. */
  watches: Watch[];
}

/**
 * The alarms of a stack, all told to one topic; which ones is data, from the tables in watches/.
 * 0.10 USD a month for each figure; events cost nothing. A figure that is not measured is no alarm unless its table says so.
 */
export class Alarms extends pulumi.ComponentResource {
  /** The alarms of figures, for a dashboard. */
  readonly alarmArns: pulumi.Output<string>[];

  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    const metrics = args.watches.flatMap((watch) => Object.entries(watch.alarms ?? {}));
    const events = args.watches.flatMap((watch) => Object.entries(watch.events ?? {}));
    checkArgs(name, metrics, events);
    super("groundwork:index:Alarms", name, {}, opts);
    const parent = { parent: this };
    const { topicArn, ready } = args.topic;

    this.alarmArns = metrics.map(([key, alarm]) => metricAlarm(`${name}-${key}`, alarm, topicArn, parent));
    for (const [key, event] of events)
      eventAlarm(`${name}-${key}`, event, topicArn, { ...parent, dependsOn: ready });
    this.registerOutputs({ alarmArns: this.alarmArns });
  }
}

function checkArgs(name: string, metrics: [string, MetricAlarm][], events: [string, EventAlarm][]): void {
  const check = new Check("Alarms", name);
  const keys = [...metrics, ...events].map(([key]) => key);
  check.that(new Set(keys).size === keys.length, "watches", "without a key twice", keys);
  for (const [key, { periodSeconds: seconds, periods }] of metrics)
    check
      .that(
        seconds === undefined || [10, 20, 30].includes(seconds) || (seconds > 0 && seconds % 60 === 0),
        `${key}.periodSeconds`,
        "10, 20, 30 or a multiple of 60",
        seconds,
      )
      .wholeNumber(`${key}.periods`, periods, 1, 1_440);
  check.done();
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
      // What a person reads first, then the event itself for whoever follows it up.
      inputTransformer: {
        inputPaths: { event: "$.detail", time: "$.time" },
        inputTemplate: `{"alarm": ${JSON.stringify(description)}, "time": <time>, "event": <event>}`,
      },
    },
    opts,
  );
}
