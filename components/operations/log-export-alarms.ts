import * as pulumi from "@pulumi/pulumi";
import { figuresOf, Metric, MetricAlarm, Monitoring } from "../shared/monitoring";

/**
 * What Firehose tells of the copies. With a SIEM the bucket is the backup of all, under figures of its own; the age of what waits for the SIEM says
 * nothing, because Firehose gives it up after five minutes and the record counts as gone.
 */
export function logExportMonitoring(
  streamName: pulumi.Input<string>,
  target: "HttpEndpoint" | "S3",
): Monitoring {
  const of = figuresOf("AWS/Firehose", { DeliveryStreamName: streamName });
  const siem = target === "HttpEndpoint";
  return {
    alarms: {
      "log-export-late": {
        ...of(siem ? "BackupToS3.DataFreshness" : "DeliveryToS3.DataFreshness", "Maximum"),
        description:
          "Logs have been waiting half an hour for delivery to their bucket: read the export's own log group",
        comparison: "above",
        threshold: 1_800,
        periodSeconds: 300,
      },
      ...(siem && { "log-export-refused": refused(of("DeliveryToHttpEndpoint.Success", "Sum")) }),
    },
  };
}

/** Silence is one, too: servers write a line a minute, so that nothing delivered for so long means that nothing arrives. */
const refused = (figure: Metric): MetricAlarm => ({
  ...figure,
  description:
    "The SIEM has taken no logs for half an hour, and misses what the bucket has under failed/: read the export's own log group",
  comparison: "below",
  threshold: 1,
  periodSeconds: 300,
  periods: 6,
  silence: "alarm",
});
