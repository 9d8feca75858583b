import * as pulumi from "@pulumi/pulumi";
import { FAILING } from "../../functions/uploads/failing";
import { EventAlarm, figuresOf, Monitoring } from "../shared/monitoring";
import { NAMESPACE } from "./metrics";

export interface WatchedUploads {
  moverName: pulumi.Input<string>;
  queueUrl: pulumi.Input<string>;
  deadLetterUrl: pulumi.Input<string>;
  /** The buckets that GuardDuty scans. */
  scannedBuckets: pulumi.Input<string>[];
}

/** CloudWatch identifies a queue by the end of its URL. */
const queueName = (url: pulumi.Input<string>) => pulumi.output(url).apply((text) => text.split("/").pop()!);

/** What the mover and its queues report, including the dead letters. */
export function uploadsMonitoring({
  moverName,
  queueUrl,
  deadLetterUrl,
  scannedBuckets,
}: WatchedUploads): Monitoring {
  const mover = figuresOf("AWS/Lambda", { FunctionName: moverName });
  const queue = (url: pulumi.Input<string>) => figuresOf("AWS/SQS", { QueueName: queueName(url) });
  const givenUp = queue(deadLetterUrl)("ApproximateNumberOfMessagesVisible", "Maximum");
  const waiting = queue(queueUrl)("ApproximateAgeOfOldestMessage", "Maximum");
  return {
    alarms: {
      "uploads-dead-letters": {
        ...givenUp,
        description: "Objects tagged sensitive could not be moved: see docs/uploads.md, Redrive",
        comparison: "above",
        threshold: 0,
      },
      "uploads-late": {
        ...waiting,
        description: "A sensitive file has been waiting ten minutes to be moved: read the mover's log group",
        comparison: "above",
        threshold: 600,
      },
      // After three receives, SQS no longer reports the age of a failing message.
      "uploads-failing": {
        ...figuresOf(NAMESPACE, { FunctionName: moverName })(FAILING, "Maximum"),
        description:
          "A sensitive file could not be moved for ten minutes; retries continue for ten more: read the mover's log group",
        comparison: "above",
        threshold: 600,
      },
    },
    ...(scannedBuckets.length > 0 && { events: malwareEvents(scannedBuckets) }),
    dashboard: {
      title: "Uploads",
      graphs: [
        {
          title: "Moves",
          lines: [
            { ...mover("Invocations", "Sum"), label: "batches" },
            { ...mover("Errors", "Sum"), label: "failed batches" },
          ],
        },
        {
          title: "Waiting",
          lines: [
            { ...waiting, label: "seconds that the oldest waits" },
            { ...queue(queueUrl)("ApproximateNumberOfMessagesVisible", "Maximum"), label: "files" },
            { ...givenUp, label: "given up" },
          ],
        },
        { title: "Milliseconds of a batch", lines: [{ ...mover("Duration", "p99"), label: "99 of 100" }] },
      ],
    },
  };
}

/** https://docs.aws.amazon.com/guardduty/latest/ug/monitor-with-eventbridge-s3-malware-protection.html */
const malwareEvents = (buckets: pulumi.Input<string>[]): Record<string, EventAlarm> => {
  const s3ObjectDetails = { bucketName: buckets };
  const scanned = (...scanResultStatus: string[]) => ({
    source: ["aws.guardduty"],
    "detail-type": ["GuardDuty Malware Protection Object Scan Result"],
    detail: { s3ObjectDetails, scanResultDetails: { scanResultStatus } },
  });
  return {
    "uploads-malware": {
      description:
        "GuardDuty has found malware in an uploaded file. Nobody can open the file: see the event for its bucket and key, and docs/uploads.md",
      pattern: scanned("THREATS_FOUND"),
    },
    // Not UNSUPPORTED, which users cause: an archive with a password, or a file that is too large for GuardDuty.
    "uploads-unscanned": {
      description:
        "GuardDuty could not scan an uploaded file. Nobody can open the file: see the event for the reason, and docs/uploads.md",
      pattern: scanned("ACCESS_DENIED", "FAILED"),
    },
    "uploads-untagged": {
      description:
        "GuardDuty could not record its verdict on an uploaded file. Nobody can open the file: see the event for the reason, and docs/uploads.md",
      pattern: {
        source: ["aws.guardduty"],
        "detail-type": ["GuardDuty Malware Protection Post Scan Action Failed"],
        detail: { s3ObjectDetails },
      },
    },
  };
};
