import * as pulumi from "@pulumi/pulumi";
import { Monitoring, Operated } from "../../components/shared/monitoring";
import { run, valueOf } from "../harness";

/** Each alarm on one line: key, figure, what it is of, and when it is one. */
export const alarmLines = ({ alarms = {} }: Monitoring): Promise<string[]> =>
  Promise.all(
    Object.entries(alarms).map(async ([key, alarm]) => {
      const {
        metricName,
        statistic,
        comparison,
        threshold,
        periodSeconds = 60,
        periods = 1,
        silence,
      } = alarm;
      const dimensions = await valueOf(pulumi.output(alarm.dimensions ?? {}));
      const when = `${comparison} ${threshold}, ${periods} x ${periodSeconds} s`;
      return `${key}: ${statistic} ${metricName} of ${Object.values(dimensions).join()} ${when}${silence ? `, silence is ${silence}` : ""}`;
    }),
  );

/** The title of an area's part of the dashboard, then each graph with its lines. */
export const graphLines = ({ dashboard }: Monitoring): string[] => [
  dashboard!.title,
  ...dashboard!.graphs.map(({ title, lines }) => `${title}: ${lines.map((line) => line.label).join(", ")}`),
];

/** Makes a component, and asks it what it wants to be watched for. */
export const monitored = (make: () => Required<Pick<Operated, "monitoring">>) =>
  run(() => {
    const all = make().monitoring();
    if (all.length !== 1) throw new Error(`expected one part to monitor, found ${all.length}`);
    return { monitoring: all[0]! };
  });
