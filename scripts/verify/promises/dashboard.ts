import { CloudWatch, type MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { Broken, needs, Promised } from "../promised";
import type { Stage } from "../stage";

interface Widget {
  type: string;
  properties: { metrics?: unknown[][] };
}

interface Line {
  namespace: string;
  metricName: string;
  dimensions: { Name: string; Value: string }[];
  stat: string;
}

/** Metrics that a run causes, and that a server reports without being asked. */
const CERTAIN: Record<Stage["target"], RegExp> = {
  AWS: /^(AWS\/ApplicationELB (RequestCount|HealthyHostCount)|AWS\/EC2 CPUUtilization)$/,
  // Only AWS itself measures the load balancer's metrics.
  sandbox: /^AWS\/EC2 CPUUtilization$/,
};
const HOURS = 3;
/** GetMetricData accepts no more at once. */
const AT_ONCE = 500;

export const dashboard: Promised = {
  name: "the dashboard shows figures",
  expected: `the stack's dashboard has figures of the last ${HOURS} hours in the graphs that the servers and the load balancer always fill`,
  takes: { sandbox: 2, AWS: 5 },
  usd: 0.002,
  missing: needs("dashboardUrl"),
  async run({ stage, until }) {
    const cloudwatch = new CloudWatch({ region: stage.region });
    const name = /#dashboards:name=(.+)$/.exec(stage.outputs["dashboardUrl"]!)?.[1];
    if (!name)
      throw new Broken(`the output dashboardUrl names no dashboard: ${stage.outputs["dashboardUrl"]}`);
    const { DashboardBody } = await cloudwatch.getDashboard({ DashboardName: name });
    const graphs = (JSON.parse(DashboardBody!) as { widgets: Widget[] }).widgets.flatMap(graphOf);
    const lines = graphs.flat();
    const certain = lines.filter((one) => CERTAIN[stage.target].test(nameOf(one)));
    if (certain.length === 0) throw new Broken(`${name} has no graph of the servers`);
    // A new resource has no measurements yet.
    const measured = await until("A figure in each graph of the servers", 180, async () => {
      const now = await withFigures(cloudwatch, lines);
      return certain.every((one) => now.has(one)) && now;
    });
    const alive = graphs.filter((graph) => graph.some((one) => measured.has(one)));
    return `${name}: ${alive.length} of ${graphs.length} graphs have figures, ${certain.map(nameOf).join(", ")} among them`;
  },
};

const nameOf = ({ namespace, metricName }: Line) => `${namespace} ${metricName}`;

/** CloudWatch's format of a graph: namespace, metric, alternating dimensions, and options. */
function graphOf({ type, properties: { metrics = [] } }: Widget): Line[][] {
  if (type !== "metric") return [];
  const lines = metrics.map((all): Line => {
    const drawn = all.at(-1) as { stat: string };
    const [namespace, metricName, ...pairs] = all.slice(0, -1) as string[];
    const dimensions = pairs.flatMap((Name, index) =>
      index % 2 === 0 ? [{ Name, Value: pairs[index + 1]! }] : [],
    );
    return { namespace: namespace!, metricName: metricName!, dimensions, stat: drawn.stat };
  });
  return [lines];
}

/** The lines that have measurements. */
async function withFigures(cloudwatch: CloudWatch, lines: Line[]): Promise<Set<Line>> {
  const found = new Set<Line>();
  const EndTime = new Date();
  const StartTime = new Date(EndTime.getTime() - HOURS * 3_600_000);
  const queries = lines.map(({ namespace, metricName, dimensions, stat }, index): MetricDataQuery => {
    const Metric = { Namespace: namespace, MetricName: metricName, Dimensions: dimensions };
    return { Id: `m${index}`, MetricStat: { Metric, Period: 60, Stat: stat } };
  });
  for (let from = 0; from < queries.length; from += AT_ONCE) {
    let NextToken: string | undefined;
    do {
      const MetricDataQueries = queries.slice(from, from + AT_ONCE);
      const page = await cloudwatch.getMetricData({ StartTime, EndTime, MetricDataQueries, NextToken });
      for (const { Id, Values = [] } of page.MetricDataResults ?? [])
        if (Values.length > 0) found.add(lines[Number(Id!.slice(1))]!);
      NextToken = page.NextToken;
    } while (NextToken);
  }
  return found;
}
