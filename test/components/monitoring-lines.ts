import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { Metric, Monitoring, Operated } from "../../components/shared/monitoring";
import { run, valueOf } from "../harness";

/** A figure as CloudWatch finds it: a wrong word among these is a figure that nobody measures. */
async function figure({ namespace, metricName, statistic, dimensions = {} }: Metric): Promise<string> {
  const by = Object.entries(await valueOf(pulumi.output(dimensions))).map((pair) => pair.join(" "));
  return `${statistic} ${namespace} ${metricName} of ${by.join(", ")}`;
}

/** It is what a person reads first: a whole sentence. */
const requireWords = (key: string, { description }: { description: string }) =>
  assert.match(description, /^[A-Z].* .*\S$/, `${key} does not say what has happened`);

/** Each alarm on one line: key, figure, what it is of, and when it is one. */
export const alarmLines = ({ alarms = {} }: Monitoring): Promise<string[]> =>
  Promise.all(
    Object.entries(alarms).map(async ([key, alarm]) => {
      requireWords(key, alarm);
      const { comparison, threshold, periodSeconds = 60, periods = 1, silence } = alarm;
      const when = `${comparison} ${threshold}, ${periods} x ${periodSeconds} s`;
      return `${key}: ${await figure(alarm)} ${when}${silence ? `, silence is ${silence}` : ""}`;
    }),
  );

/** The pattern of each event. */
export async function eventPatterns({ events = {} }: Monitoring): Promise<Record<string, unknown>> {
  for (const [key, event] of Object.entries(events)) requireWords(key, event);
  const patterns = Object.entries(events).map(async ([key, { pattern }]) => [
    key,
    await valueOf(pulumi.output(pattern)),
  ]);
  return Object.fromEntries((await Promise.all(patterns)) as [string, unknown][]);
}

/** The title of an area's part of the dashboard, then that of each graph and its lines with their figures. */
export async function graphLines({ dashboard }: Monitoring): Promise<string[]> {
  const graphs = dashboard!.graphs.map(async ({ title, lines }) => [
    title,
    ...(await Promise.all(lines.map(async (line) => `  ${line.label}: ${await figure(line)}`))),
  ]);
  return [dashboard!.title, ...(await Promise.all(graphs)).flat()];
}

/** Makes a component, and asks it what it wants to be watched for. */
export const monitored = (make: () => Required<Pick<Operated, "monitoring">>) =>
  run(() => {
    const all = make().monitoring();
    if (all.length !== 1) throw new Error(`expected one part to monitor, found ${all.length}`);
    return { monitoring: all[0]! };
  });
