import * as pulumi from "@pulumi/pulumi";
import { MetricAlarm } from "../watch";

/** The book of releases: what is not marked as having run everywhere, a rollback passes over. */
export const releaseAlarms = (markerName: pulumi.Input<string>): Record<string, MetricAlarm> => ({
  "release-unmarked": {
    namespace: "AWS/Lambda",
    metricName: "Errors",
    dimensions: { FunctionName: markerName },
    statistic: "Sum",
    description:
      "A release has reached every server and could not be marked, so that no rollback finds it: read its function's log group",
    comparison: "above",
    threshold: 0,
    periodSeconds: 300,
  },
});
