import type { Declared, StackView } from "../declared";
import { Figure, FIGURES, KNOWN_BY, WRITTEN } from "./figures";
import { label, ofType, Rules } from "./rule";

/** The metric of an alarm or of a line on a dashboard. */
interface Look {
  namespace: string;
  metricName: string;
  dimensions: Record<string, string>;
  statistic: string;
  period: number;
}

/** The metric must exist. An alarm on a metric that nobody writes never fires, and nothing reports that. */
export const alarmRules: Rules = {
  "watches only metrics that something reports": (view) => [
    ...ofType(view, "aws:cloudwatch/metricAlarm:MetricAlarm").flatMap((alarm) =>
      tell(alarm, judge(lookOf(alarm), view)),
    ),
    ...ofType(view, "aws:cloudwatch/dashboard:Dashboard").flatMap((dashboard) =>
      linesOf(dashboard).flatMap((line) => tell(dashboard, judge(line, view))),
    ),
  ],
};

const tell = (resource: Declared, problem: string | undefined) =>
  problem ? [`${label(resource)} ${problem}`] : [];

const lookOf = ({ inputs }: Declared): Look => ({
  namespace: inputs.namespace,
  metricName: inputs.metricName,
  dimensions: inputs.dimensions ?? {},
  statistic: inputs.statistic ?? inputs.extendedStatistic,
  period: inputs.period,
});

/** A dashboard lists a metric as namespace, name, alternating dimension names and values, and rendering options. */
function linesOf({ inputs }: Declared): Look[] {
  const { widgets } = JSON.parse(inputs.dashboardBody) as {
    widgets: { properties: { metrics?: unknown[][]; period?: number } }[];
  };
  return widgets.flatMap(({ properties: { metrics = [], period = 300 } }) =>
    metrics.map((line) => {
      const [namespace, metricName, ...rest] = line.filter((one) => typeof one === "string");
      const drawn = line.find((one) => typeof one === "object") as { stat: string };
      const dimensions: Look["dimensions"] = {};
      for (let i = 0; i < rest.length; i += 2) dimensions[rest[i]!] = rest[i + 1]!;
      return { namespace: namespace!, metricName: metricName!, dimensions, statistic: drawn.stat, period };
    }),
  );
}

function judge(look: Look, view: StackView): string | undefined {
  const { namespace, metricName, dimensions, statistic, period } = look;
  const what = `${namespace} ${metricName}`;
  const figure = figureOf(look, view);
  if (!figure) return `watches ${what}, which nothing reports`;
  const keys = Object.keys(dimensions).sort();
  if (!figure.by.some((set) => [...set].sort().join() === keys.join()))
    return `watches ${what} by ${keys.join(", ") || "nothing"}, which is reported by ${figure.by.map((set) => set.join(" and ") || "nothing").join(" or ")}`;
  for (const [key, value] of Object.entries(dimensions))
    if (!valuesOf(key, view).includes(value))
      return `watches the ${key} ${value}, which the stack does not have`;
  if (!figure.statistics.includes(statistic.replace(/^p[\d.]+$/, "p")))
    return `watches the ${statistic} of ${what}, which makes sense only as ${figure.statistics.join(" or ")}`;
  const seconds = measuredEvery(look, view);
  if (period % seconds !== 0)
    return `watches ${what} every ${period} seconds, which is reported every ${seconds}`;
  return undefined;
}

/** AWS's own metrics, those that a log filter counts, and those that a function or a server writes. */
function figureOf({ namespace, metricName }: Look, view: StackView): Figure | undefined {
  const counted = ofType(view, "aws:cloudwatch/logMetricFilter:LogMetricFilter").some(
    ({ inputs: { metricTransformation: made } }) => made.namespace === namespace && made.name === metricName,
  );
  // Each record counts one, so only the sum tells how many there were.
  if (counted) return { by: [[]], statistics: ["Sum"] };
  const writes =
    ofType(view, "aws:lambda/function:Function").some(
      ({ inputs }) => inputs.environment?.variables?.METRICS_NAMESPACE === namespace,
    ) ||
    ofType(view, "aws:ec2/launchTemplate:LaunchTemplate").some(({ inputs }) =>
      Buffer.from(inputs.userData ?? "", "base64")
        .toString()
        .includes(`"${namespace}"`),
    );
  return (FIGURES[namespace] ?? (writes ? WRITTEN[namespace] : undefined))?.[metricName];
}

function valuesOf(dimension: string, view: StackView): unknown[] {
  const [types, names] = KNOWN_BY[dimension]!;
  return [types].flat().flatMap((type) => ofType(view, type).flatMap((resource) => names(resource.outputs)));
}

/** One minute, except for EC2's own metrics of instances without detailed monitoring. */
function measuredEvery({ namespace, metricName, dimensions }: Look, view: StackView): number {
  if (namespace !== "AWS/EC2" || metricName.startsWith("StatusCheck")) return 60;
  const { InstanceId: id, AutoScalingGroupName: name } = dimensions;
  const instance = id
    ? ofType(view, "aws:ec2/instance:Instance").find((one) => one.outputs.id === id)
    : templateOf(name!, view);
  const monitoring = instance?.inputs.monitoring;
  return (monitoring?.enabled ?? monitoring) ? 60 : 300;
}

function templateOf(groupName: string, view: StackView): Declared | undefined {
  const group = ofType(view, "aws:autoscaling/group:Group").find((one) => one.outputs.name === groupName);
  return ofType(view, "aws:ec2/launchTemplate:LaunchTemplate").find(
    (one) => one.outputs.id === group?.inputs.launchTemplate?.id,
  );
}
