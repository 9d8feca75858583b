import * as pulumi from "@pulumi/pulumi";
import { figuresOf, Monitoring } from "../shared/monitoring";

export interface WatchedUploads {
  moverName: pulumi.Input<string>;
  queueUrl: pulumi.Input<string>;
  deadLetterUrl: pulumi.Input<string>;
}

/** CloudWatch knows a queue by the end of its URL. */
const queueName = (url: pulumi.Input<string>) => pulumi.output(url).apply((text) => text.split("/").pop()!);

/** What the mover and its queues show of themselves; the dead letters among them. */
export function uploadsMonitoring({ moverName, queueUrl, deadLetterUrl }: WatchedUploads): Monitoring {
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
        description: "A sensitive file has waited ten minutes to be moved: read the mover's log group",
        comparison: "above",
        threshold: 600,
      },
    },
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
