import * as pulumi from "@pulumi/pulumi";
import { figuresOf, MetricAlarm } from "../watch";

/** The book of releases: what is not marked as having run everywhere, a rollback passes over. */
export const releaseAlarms = (markerName: pulumi.Input<string>): Record<string, MetricAlarm> => ({
  "release-unmarked": {
    ...figuresOf("AWS/Lambda", { FunctionName: markerName })("Errors", "Sum"),
    description:
      "A release has reached every server and could not be marked, so that no rollback finds it: read its function's log group",
    comparison: "above",
    threshold: 0,
    periodSeconds: 300,
  },
});
