import * as pulumi from "@pulumi/pulumi";

/** A figure that CloudWatch keeps. */
export interface Metric {
  namespace: string;
  metricName: string;
  dimensions?: Record<string, pulumi.Input<string>>;
  statistic: "Sum" | "Maximum" | "Minimum" | "Average" | `p${number}`;
}

/** The figures that CloudWatch keeps of one thing. */
export const figuresOf =
  (namespace: string, dimensions: NonNullable<Metric["dimensions"]>) =>
  <S extends Metric["statistic"]>(metricName: string, statistic: S) => ({
    namespace,
    metricName,
    dimensions,
    statistic,
  });

/** A figure that, beyond its threshold, needs a person. */
export interface MetricAlarm extends Metric {
  /** What has happened and where to look: it is the text of the e-mail. */
  description: string;
  comparison: "above" | "below";
  threshold: number;
  /** How long one measurement is. @default 60 */
  periodSeconds?: number;
  /** How many measurements in a row must be beyond it. @default 1 */
  periods?: number;
  /** What no measurement means. @default "fine" */
  silence?: "fine" | "alarm";
}

/** An event of AWS that by itself needs a person. */
export interface EventAlarm {
  description: string;
  /** An EventBridge pattern: `source`, `detail-type`, `detail`. */
  pattern: pulumi.Input<Record<string, unknown>>;
}

/** Lines over time that belong into one picture. */
export interface Graph {
  title: string;
  lines: (Metric & { label: string })[];
}

/** What a person has to know of a component: when something is wrong with it, and the graphs to look at then. */
export interface Monitoring {
  /** By a stable key, such as `web-down`. */
  alarms?: Record<string, MetricAlarm>;
  events?: Record<string, EventAlarm>;
  /** Its part of the dashboard. */
  dashboard?: { title: string; graphs: Graph[] };
}

/** What operations do for a component, by what it says of itself. Whatever it leaves out is not there. */
export interface Operated {
  /** The alarms and graphs of this component. */
  monitoring?(): Monitoring[];
  /** The names of its log groups by a short name, for the log export. */
  readonly logGroups?: Record<string, pulumi.Input<string>>;
  /** The ARNs of the resources that hold its data, for nightly backups. */
  readonly dataArns?: pulumi.Input<string>[];
  /** The ARNs of its load balancers and API stages, for the firewall to protect. */
  readonly publicArns?: Record<string, pulumi.Input<string>>;
}
