import * as pulumi from "@pulumi/pulumi";
import { figuresOf, Monitoring } from "../shared/monitoring";

/** What Firehose tells of the copies: how old the oldest log is that has not arrived. */
export const logExportMonitoring = (
  streamName: pulumi.Input<string>,
  target: "HttpEndpoint" | "S3",
): Monitoring => ({
  alarms: {
    "log-export-late": {
      ...figuresOf("AWS/Firehose", { DeliveryStreamName: streamName })(
        `DeliveryTo${target}.DataFreshness`,
        "Maximum",
      ),
      description: "Logs have waited half an hour to be exported: read the export's own log group",
      comparison: "above",
      threshold: 1_800,
      periodSeconds: 300,
    },
  },
});
