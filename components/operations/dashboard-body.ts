import { Graph, Metric, Monitoring } from "../shared/monitoring";

type Section = NonNullable<Monitoring["dashboard"]>;

/** A dashboard is 24 columns wide; three graphs stand side by side. */
const COLUMNS = 24;
const GRAPH = { width: 8, height: 6 };
const TITLE_HEIGHT = 1;
const ALARMS_PER_ROW = 4;

/** A widget in CloudWatch's format. Its metrics may still contain outputs. */
export interface Widget {
  type: "alarm" | "text" | "metric";
  x: number;
  y: number;
  width: number;
  height: number;
  properties: Record<string, unknown>;
}

/** The alarms across the top, then the sections from top to bottom, each below its title. */
export function dashboardBody(
  region: unknown,
  alarmArns: unknown[],
  sections: Section[],
): { widgets: Widget[] } {
  const widgets: Widget[] = [];
  let y = 0;
  const row = (type: Widget["type"], height: number, properties: Widget["properties"]) => {
    widgets.push({ type, x: 0, y, width: COLUMNS, height, properties });
    y += height;
  };
  if (alarmArns.length > 0)
    row("alarm", 1 + Math.ceil(alarmArns.length / ALARMS_PER_ROW), { title: "Alarms", alarms: alarmArns });
  for (const { title, graphs } of sections) {
    row("text", TITLE_HEIGHT, { markdown: `## ${title}` });
    graphs.forEach((graph, i) => {
      const across = COLUMNS / GRAPH.width;
      const [x, down] = [(i % across) * GRAPH.width, Math.floor(i / across) * GRAPH.height];
      widgets.push({ type: "metric", x, y: y + down, ...GRAPH, properties: graphProperties(region, graph) });
    });
    y += Math.ceil(graphs.length / (COLUMNS / GRAPH.width)) * GRAPH.height;
  }
  return { widgets };
}

function graphProperties(region: unknown, { title, lines }: Graph): Record<string, unknown> {
  return {
    title,
    region,
    view: "timeSeries",
    period: 60,
    yAxis: { left: { min: 0 } },
    metrics: lines.map(line),
  };
}

/** CloudWatch writes a metric as one list: namespace, name, alternating dimension names and values, and rendering options. */
function line({
  namespace,
  metricName,
  dimensions,
  statistic,
  label,
}: Metric & { label: string }): unknown[] {
  return [namespace, metricName, ...Object.entries(dimensions ?? {}).flat(), { stat: statistic, label }];
}
