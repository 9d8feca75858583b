import assert from "node:assert/strict";
import { GetMetricStatisticsInput, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { AlarmJudge } from "../../sandbox/fleet/alarm-judge";
import { some } from "../some";
import { standIns } from "./stand-ins";

const TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms";
const POLICY = "arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:out";

describe("the sandbox judges the alarms that reach a person", () => {
  const clock = Date.now;
  let seconds: number;
  beforeEach(() => {
    seconds = 6_010;
    Date.now = () => seconds * 1000;
  });
  afterEach(() => void (Date.now = clock));

  /** One alarm above 60 for two of its minutes, and what is asked of CloudWatch about it. */
  function judged(over: Partial<MetricAlarm> = {}, minute?: number) {
    const alarm: MetricAlarm = {
      AlarmName: "hot",
      AlarmActions: [TOPIC],
      Namespace: "Ours",
      MetricName: "Heat",
      Dimensions: [{ Name: "Place", Value: "here" }],
      ComparisonOperator: "GreaterThanThreshold",
      Threshold: 60,
      EvaluationPeriods: 2,
      Period: 60,
      StateValue: "OK",
      ...over,
    };
    const asked: GetMetricStatisticsInput[] = [];
    const set: MetricAlarm[] = [];
    let values: (number | undefined)[] = [];
    const cloudwatch = {
      describeAlarms: async () => ({ MetricAlarms: [alarm] }),
      getMetricStatistics: async (input: GetMetricStatisticsInput) => {
        asked.push(input);
        const begin = input.StartTime!.getTime();
        const Datapoints = values.map((Average, i) => ({
          Timestamp: new Date(begin + i * input.Period! * 1000),
          Average,
        }));
        return { Datapoints: Datapoints.filter(({ Average }) => Average !== undefined) };
      },
      setAlarmState: async (input: MetricAlarm) => {
        set.push(input);
        alarm.StateValue = input.StateValue;
      },
    };
    const judge = new AlarmJudge(standIns({ cloudwatch }), minute);
    /** The alarm's state after a look at these measurements, the oldest first. */
    const look = async (...now: (number | undefined)[]) => {
      values = now;
      await judge.follow();
      return alarm.StateValue;
    };
    return { alarm, asked, set, look };
  }

  it("by whole periods of their own dimensions, two more than they evaluate, and say what was measured", async () => {
    const { look, asked, set } = judged();
    assert.equal(await look(undefined, 50, 61, 62.25), "ALARM");
    assert.deepEqual(asked, [
      {
        Namespace: "Ours",
        MetricName: "Heat",
        Dimensions: [{ Name: "Place", Value: "here" }],
        StartTime: new Date(5_760_000),
        EndTime: new Date(6_000_000),
        Period: 60,
        Statistics: ["Average"],
      },
    ]);
    assert.deepEqual(set, [
      {
        AlarmName: "hot",
        StateValue: "ALARM",
        StateReason: "The last measurements were none, 50.0, 61.0, 62.3",
      },
    ]);
  });

  it("by the statistic that they name, or by a percentile", async () => {
    for (const [over, wanted] of some([
      [{ Statistic: "Sum" }, { Statistics: ["Sum"] }],
      [{ ExtendedStatistic: "p99" }, { ExtendedStatistics: ["p99"] }],
    ] as const)) {
      const asked: object[] = [];
      const set: MetricAlarm[] = [];
      const points = { Sum: 61, ExtendedStatistics: { p99: 61, p50: 1 } };
      const cloudwatch = {
        describeAlarms: async () => ({
          MetricAlarms: [
            {
              AlarmName: "hot",
              AlarmActions: [TOPIC],
              ComparisonOperator: "GreaterThanThreshold",
              Threshold: 60,
              ...over,
            },
          ],
        }),
        getMetricStatistics: async (input: GetMetricStatisticsInput) => {
          asked.push(input);
          return { Datapoints: [{ Timestamp: new Date(input.EndTime!.getTime() - 1), ...points }] };
        },
        setAlarmState: async (input: MetricAlarm) => void set.push(input),
      };
      await new AlarmJudge(standIns({ cloudwatch })).follow();
      const { Statistics, ExtendedStatistics } = asked[0] as GetMetricStatisticsInput;
      assert.deepEqual(JSON.parse(JSON.stringify({ Statistics, ExtendedStatistics })), wanted);
      assert.deepEqual(
        [set[0]!.StateValue, set[0]!.StateReason],
        ["ALARM", "The last measurements were none, none, 61.0"],
      );
    }
  });

  it("by zero where a point lacks the statistic that they name", async () => {
    const { look, set } = judged({
      Statistic: "Maximum",
      ComparisonOperator: "LessThanThreshold",
      Threshold: 1,
    });
    assert.equal(await look(5, 5, 5, 5), "ALARM");
    assert.equal(set[0]!.StateReason, "The last measurements were 0.0, 0.0, 0.0, 0.0");
  });

  it("and sets no alarm that stays as it is", async () => {
    const { look, set } = judged();
    assert.deepEqual([await look(50, 50, 50, 50), set], ["OK", []]);
  });

  it("once in a period, and again where somebody else has set one meanwhile", async () => {
    const { alarm, look, asked } = judged();
    const hot = [61, 61, 61, 61];
    assert.equal(await look(...hot), "ALARM");
    assert.deepEqual([await look(50, 50, 50, 50), asked.length], ["ALARM", 1]);
    alarm.StateValue = "OK";
    assert.deepEqual([await look(...hot), asked.length], ["ALARM", 2]);
    seconds = 6_019;
    await look(...hot);
    assert.equal(asked.length, 2);
    seconds = 6_060;
    assert.deepEqual([await look(50, 50, 50, 50), asked.length], ["OK", 3]);
  });

  it("not by the silence of what nobody has ever measured here", async () => {
    const { look, set } = judged({ TreatMissingData: "breaching" });
    assert.equal(await look(), "OK");
    seconds += 60;
    assert.equal(await look(), "OK");
    seconds += 60;
    assert.equal(await look(50, 50, 50, 50), "OK");
    assert.equal(set.length, 0);
    seconds += 60;
    assert.equal(await look(), "ALARM");
    assert.equal(set[0]!.StateReason, "The last measurements were none, none, none, none");
  });

  it("in minutes as short as it is told", async () => {
    for (const [period, minute, wanted] of some([
      [60, undefined, 60],
      [undefined, undefined, 60],
      [300, undefined, 300],
      [60, 3, 3],
      [300, 3, 15],
    ] as const)) {
      const { look, asked } = judged({ Period: period }, minute);
      await look();
      assert.equal(asked[0]!.Period, wanted);
    }
  });

  it("and leaves the others to whoever acts on them", async () => {
    for (const [actions, state] of some([
      [[TOPIC], "ALARM"],
      [[POLICY, TOPIC], "ALARM"],
      [[TOPIC.replace("aws", "aws-cn")], "ALARM"],
      [[POLICY], "OK"],
      [[`${POLICY}/${TOPIC}`], "OK"],
      [undefined, "OK"],
    ] as const)) {
      const { look } = judged({ AlarmActions: actions?.slice() });
      assert.equal(await look(61, 61, 61, 61), state, String(actions));
    }
  });
});

describe("the sandbox counts the messages that wait", () => {
  const waiting = "ApproximateNumberOfMessagesVisible";
  const about = (QueueName: string, over: Partial<MetricAlarm> = {}): MetricAlarm => ({
    AlarmName: `${QueueName} ${over.MetricName} ${over.Namespace}`,
    AlarmActions: [TOPIC],
    Namespace: "AWS/SQS",
    MetricName: waiting,
    Dimensions: [
      { Name: "Other", Value: "other" },
      { Name: "QueueName", Value: QueueName },
    ],
    StateValue: "OK",
    ...over,
  });

  async function put(alarms: MetricAlarm[]) {
    const all: { Namespace: string; MetricData: { Timestamp: Date }[] }[] = [];
    const cloudwatch = {
      describeAlarms: async () => ({ MetricAlarms: alarms }),
      getMetricStatistics: async () => ({}),
      putMetricData: async (input: (typeof all)[number]) => void all.push(input),
    };
    const sqs = {
      getQueueUrl: async ({ QueueName }: { QueueName: string }) => ({ QueueUrl: `at ${QueueName}` }),
      getQueueAttributes: async (input: { QueueUrl: string; AttributeNames: string[] }) => ({
        Attributes: { [input.AttributeNames.join()]: input.QueueUrl === "at dead" ? "3" : "0" },
      }),
    };
    await new AlarmJudge(standIns({ cloudwatch, sqs })).follow();
    return all.map(({ Namespace, MetricData }) => ({
      Namespace,
      MetricData: MetricData.map(({ Timestamp, ...datum }) => {
        assert.ok(Math.abs(Timestamp.getTime() - Date.now()) < 60_000);
        return datum;
      }),
    }));
  }

  it("in each queue that an alarm of it names", async () => {
    const datum = (queue: string, Value: number) => ({
      MetricName: waiting,
      Dimensions: about(queue).Dimensions,
      Value,
      Unit: "Count",
    });
    assert.deepEqual(await put([about("dead"), about("idle"), about("third", { AlarmActions: [POLICY] })]), [
      { Namespace: "AWS/SQS", MetricData: [datum("dead", 3), datum("idle", 0)] },
    ]);
  });

  it("and nothing else", async () => {
    const others = [
      about("dead", { MetricName: "ApproximateAgeOfOldestMessage" }),
      about("dead", { Namespace: "Ours" }),
    ];
    assert.deepEqual(await put(others), []);
  });
});
