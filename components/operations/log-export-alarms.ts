import * as pulumi from "@pulumi/pulumi";
import { figuresOf, Metric, MetricAlarm, Monitoring } from "../shared/monitoring";

/**
 * What Firehose reports about the copies. With a SIEM, the bucket is the backup of everything and has its own metrics. The age of records
 * that wait for the SIEM says nothing, because Firehose gives up after five minutes and counts them as gone.
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

/** Silence counts as a refusal too: servers log a line a minute, so if nothing is delivered for this long, nothing arrives. */
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
