import { randomBytes } from "node:crypto";
import { CloudWatch, type MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { live } from "../../../sandbox/crash";
import { readState } from "../../../sandbox/state";
import { Broken, Context, needs, NotAsked, Promised } from "../promised";

export const alarm: Promised = {
  name: "an alarm that fires is mailed",
  expected: "one alarm is set off by hand, and its message reaches the addresses of the stack's topic",
  notice: "whoever gets the stack's alarms gets a mail saying that npm run verify set it off",
  takes: { sandbox: 3, AWS: 30 },
  usd: 0.001,
  missing: needs("alarmTopicArn"),
  async run(context) {
    const { stage, made } = context;
    const cloudwatch = new CloudWatch({ region: stage.region });
    const one = await quietAlarm(cloudwatch, stage.outputs["alarmTopicArn"]!);
    const AlarmName = one.AlarmName!;
    const set = (StateValue: "ALARM" | "OK", StateReason: string) =>
      cloudwatch.setAlarmState({ AlarmName, StateValue, StateReason });
    const reason = `npm run verify set it off; nothing is wrong (${randomBytes(4).toString("hex")})`;
    made.add({
      what: `the firing of ${AlarmName}`,
      // CloudWatch reverts it as well, with the next metric value.
      remove: () => set("OK", "npm run verify is done"),
      there: async () => (await stateOf(cloudwatch, AlarmName)) === "ALARM",
    });
    const begin = new Date();
    await set("ALARM", reason);
    return stage.target === "AWS"
      ? told(context, cloudwatch, AlarmName, begin)
      : mailed(context, AlarmName, reason);
  },
};

/** The first alarm that does not ring and notifies only people. */
async function quietAlarm(cloudwatch: CloudWatch, topic: string): Promise<MetricAlarm> {
  const found: MetricAlarm[] = [];
  let NextToken: string | undefined;
  do {
    const page = await cloudwatch.describeAlarms({ AlarmTypes: ["MetricAlarm"], NextToken });
    found.push(...(page.MetricAlarms ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  const ours = found.filter(
    ({ AlarmActions = [] }) => AlarmActions.length === 1 && AlarmActions[0] === topic,
  );
  if (ours.length === 0) throw new Broken("no alarm notifies the stack's topic");
  const quiet = ours
    .filter(({ StateValue, ActionsEnabled }) => StateValue !== "ALARM" && ActionsEnabled !== false)
    .sort((a, b) => a.AlarmName!.localeCompare(b.AlarmName!))[0];
  if (!quiet) throw new NotAsked(`all of the ${ours.length} alarms are firing or switched off`);
  return quiet;
}

async function stateOf(cloudwatch: CloudWatch, name: string): Promise<string | undefined> {
  const { MetricAlarms = [] } = await cloudwatch.describeAlarms({ AlarmNames: [name] });
  return MetricAlarms[0]?.StateValue;
}

/** On AWS only its owner can open a mailbox; the alarm's history shows whether the topic accepted the message. */
async function told(
  { until }: Context,
  cloudwatch: CloudWatch,
  AlarmName: string,
  StartDate: Date,
): Promise<string> {
  const item = await until("The alarm's action", 120, async () => {
    const HistoryItemType = "Action" as const;
    const { AlarmHistoryItems = [] } = await cloudwatch.describeAlarmHistory({
      ...{ AlarmName, HistoryItemType, StartDate },
    });
    return AlarmHistoryItems[0];
  });
  if (!/^Successfully executed/i.test(item.HistorySummary ?? ""))
    throw new Broken(`${AlarmName}: ${item.HistorySummary}`);
  return `${AlarmName}: ${item.HistorySummary}; only its readers know whether the mail came`;
}

async function mailed({ until }: Context, name: string, reason: string): Promise<string> {
  const begin = performance.now();
  const mail = await until("The alarm's mail", 30, async () =>
    (await live(readState())).mails.find(({ text }) => text.includes(reason)),
  );
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  return `${name} was mailed to ${mail.to.length} of its readers after ${seconds} s`;
}
