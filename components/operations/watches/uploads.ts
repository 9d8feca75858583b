import * as pulumi from "@pulumi/pulumi";
import { figuresOf, Watch } from "../watch";

export interface WatchedUploads {
  moverName: pulumi.Input<string>;
  queueUrl: pulumi.Input<string>;
  deadLetterUrl: pulumi.Input<string>;
}

/** CloudWatch knows a queue by the end of its URL. */
const queueName = (url: pulumi.Input<string>) => pulumi.output(url).apply((text) => text.split("/").pop()!);

/** What the mover and its queues show of themselves; the dead letters' alarm is the mover's own. */
export function watchUploads({ moverName, queueUrl, deadLetterUrl }: WatchedUploads): Watch {
  const mover = figuresOf("AWS/Lambda", { FunctionName: moverName });
  const queue = (url: pulumi.Input<string>) => figuresOf("AWS/SQS", { QueueName: queueName(url) });
  const waiting = queue(queueUrl)("ApproximateAgeOfOldestMessage", "Maximum");
  return {
    alarms: {
      "uploads-late": {
        ...waiting,
        description: "A sensitive file has waited ten minutes to be moved: read the mover's log group",
        comparison: "above",
        threshold: 600,
      },
    },
    section: {
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
            { ...queue(deadLetterUrl)("ApproximateNumberOfMessagesVisible", "Maximum"), label: "given up" },
          ],
        },
        { title: "Milliseconds of a batch", lines: [{ ...mover("Duration", "p99"), label: "99 of 100" }] },
      ],
    },
  };
}
