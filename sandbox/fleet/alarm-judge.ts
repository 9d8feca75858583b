import { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { Use } from "../engine/clients";
import { rangeOf, stateOf } from "./alarms";
import { measurements, metricAlarms } from "./measurements";

const MINUTE = 60;
/** A person reads what these publish. */
const TOPIC = /^arn:[\w-]+:sns:/;
const WAITING = "ApproximateNumberOfMessagesVisible";

/**
 * Rings the alarms that reach a person, each by its own dimensions: MiniStack ignores these. An alarm whose metric nobody has
 * measured here stays as it is, because its silence means nothing.
 */
export class AlarmJudge {
  private readonly measured = new Set<string>();
  /** The period in which each alarm was last evaluated, and its state then. */
  private readonly judged = new Map<string, string>();

  constructor(
    private readonly use: Use,
    /** How long an alarm's minute is here, in seconds: a test has no quarter of an hour. */
    private readonly minute = MINUTE,
  ) {}

  async follow(): Promise<void> {
    const alarms = await metricAlarms(this.use);
    const people = alarms.filter(({ AlarmActions = [] }) => AlarmActions.some((arn) => TOPIC.test(arn)));
    await this.countWaiting(people);
    for (const alarm of people) await this.judge(alarm);
  }

  private async judge(alarm: MetricAlarm): Promise<void> {
    const period = ((alarm.Period ?? MINUTE) * this.minute) / MINUTE;
    const name = alarm.AlarmName!;
    const now = Math.floor(Date.now() / 1000 / period);
    // Only whole periods count: until the next one nothing new is known, unless somebody else has set the alarm.
    if (this.judged.get(name) === `${now} ${alarm.StateValue}`) return;
    const points = await measurements(this.use, alarm, period, rangeOf(alarm));
    if (points.some((one) => one !== undefined)) this.measured.add(name);
    const state = this.measured.has(name) ? stateOf(alarm, points) : alarm.StateValue!;
    this.judged.set(name, `${now} ${state}`);
    if (state === alarm.StateValue) return;
    const seen = points.map((one) => one?.toFixed(1) ?? "none").join(", ");
    const cloudwatch = await this.use("cloudwatch");
    await cloudwatch.setAlarmState({
      AlarmName: name,
      StateValue: state,
      StateReason: `The last measurements were ${seen}`,
    });
  }

  /** SQS's metrics in CloudWatch for the queues that alarms name: how many messages wait. No emulator knows the age of the oldest. */
  private async countWaiting(alarms: MetricAlarm[]): Promise<void> {
    const waiting = alarms.filter(
      ({ Namespace, MetricName }) => Namespace === "AWS/SQS" && MetricName === WAITING,
    );
    if (waiting.length === 0) return;
    const [sqs, cloudwatch] = await Promise.all([this.use("sqs"), this.use("cloudwatch")]);
    const MetricData = await Promise.all(
      waiting.map(async ({ Dimensions }) => {
        const QueueName = Dimensions!.find(({ Name }) => Name === "QueueName")!.Value!;
        const { QueueUrl } = await sqs.getQueueUrl({ QueueName });
        const { Attributes } = await sqs.getQueueAttributes({
          QueueUrl,
          AttributeNames: ["ApproximateNumberOfMessages"],
        });
        const Value = Number(Attributes!["ApproximateNumberOfMessages"]);
        return { MetricName: WAITING, Dimensions, Value, Unit: "Count" as const, Timestamp: new Date() };
      }),
    );
    await cloudwatch.putMetricData({ Namespace: "AWS/SQS", MetricData });
  }
}
