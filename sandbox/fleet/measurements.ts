import { MetricAlarm, Statistic } from "@aws-sdk/client-cloudwatch";
import { Use } from "../engine/clients";
import { everyPage } from "../engine/pages";
import { Points } from "./alarms";

/** Every alarm of one metric, as CloudWatch has it now. */
export async function metricAlarms(use: Use): Promise<MetricAlarm[]> {
  const cloudwatch = await use("cloudwatch");
  return everyPage(
    (from) => cloudwatch.describeAlarms({ AlarmTypes: ["MetricAlarm"], ...from }),
    (page) => page.MetricAlarms,
  );
}

/** The measurements of the last complete periods. */
export async function measurements(
  use: Use,
  metric: MetricAlarm,
  period: number,
  count: number,
): Promise<Points> {
  const cloudwatch = await use("cloudwatch");
  const end = Math.floor(Date.now() / 1000 / period) * period;
  const begin = end - count * period;
  const share = metric.ExtendedStatistic;
  const statistic: Statistic = metric.Statistic ?? "Average";
  const { Datapoints } = await cloudwatch.getMetricStatistics({
    Namespace: metric.Namespace,
    MetricName: metric.MetricName,
    Dimensions: metric.Dimensions,
    StartTime: new Date(begin * 1000),
    EndTime: new Date(end * 1000),
    Period: period,
    ...(share ? { ExtendedStatistics: [share] } : { Statistics: [statistic] }),
  });
  const points: Points = Array.from({ length: count });
  for (const one of Datapoints ?? [])
    points[Math.floor((one.Timestamp!.getTime() / 1000 - begin) / period)] =
      (share ? one.ExtendedStatistics?.[share] : one[statistic]) ?? 0;
  return points;
}
