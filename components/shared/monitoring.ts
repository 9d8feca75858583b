import * as pulumi from "@pulumi/pulumi";

/** A CloudWatch metric. */
export interface Metric {
  namespace: string;
  metricName: string;
  dimensions?: Record<string, pulumi.Input<string>>;
  statistic: "Sum" | "Maximum" | "Minimum" | "Average" | `p${number}`;
}

/** The CloudWatch metrics of one resource. */
export const figuresOf =
  (namespace: string, dimensions: NonNullable<Metric["dimensions"]>) =>
  <S extends Metric["statistic"]>(metricName: string, statistic: S) => ({
    namespace,
    metricName,
    dimensions,
    statistic,
  });

/** A metric that needs a person when it crosses its threshold. */
export interface MetricAlarm extends Metric {
  /** What has happened and where to look. This is the text of the e-mail. */
  description: string;
  comparison: "above" | "below";
  threshold: number;
  /** The length of one measurement. @default 60 */
  periodSeconds?: number;
  /** How many measurements in a row must cross the threshold. @default 1 */
  periods?: number;
  /** What a missing measurement means. @default "fine" */
  silence?: "fine" | "alarm";
}

/** An AWS event that always needs a person. */
export interface EventAlarm {
  description: string;
  /** An EventBridge pattern: `source`, `detail-type`, `detail`. */
  pattern: pulumi.Input<Record<string, unknown>>;
}

/** Lines that belong in one graph. */
export interface Graph {
  title: string;
  lines: (Metric & { label: string })[];
}

/** A component's alarms, and the graphs to look at when one fires. */
export interface Monitoring {
  /** By a stable key, such as `web-down`. */
  alarms?: Record<string, MetricAlarm>;
  events?: Record<string, EventAlarm>;
  /** The component's section of the dashboard. */
  dashboard?: { title: string; graphs: Graph[] };
}

/** What operations can do for a component, as the component describes it. Anything it leaves out is not done. */
export interface Operated {
  /** The alarms and graphs of this component. */
  monitoring?(): Monitoring[];
  /** The names of its log groups, each under a short key, for the log export. */
  readonly logGroups?: Record<string, pulumi.Input<string>>;
  /** The ARNs of the resources that hold its data, for nightly backups. */
  readonly dataArns?: pulumi.Input<string>[];
  /** The ARNs of the load balancers and API stages that the firewall protects. */
  readonly publicArns?: Record<string, pulumi.Input<string>>;
}
