import { randomBytes } from "node:crypto";
import { SQS } from "@aws-sdk/client-sqs";
import { Context, needs, Promised } from "../promised";

/** The mover tries eight times, with doubling waits: two minutes in the sandbox, 21 on AWS by default. */
const SECONDS = { sandbox: 400, AWS: 3_600 };

export const deadLetter: Promised = {
  name: "an event that the mover cannot handle is kept for a person",
  expected:
    "an event from another bucket than the mover's ends up in the dead-letter queue after the mover's last try",
  by: "slow",
  notice: "the alarms uploads-failing and uploads-dead-letters fire, and stop when it ends",
  takes: { sandbox: 130, AWS: 1_300 },
  usd: 0.001,
  missing: needs("moverQueueUrl", "moverDeadLetterUrl"),
  async run(context) {
    const { stage, made, until, untilGone } = context;
    const sqs = new SQS({ region: stage.region });
    const id = `npm-run-verify-${randomBytes(4).toString("hex")}`;
    let waits = false;
    made.add({
      what: `the message ${id}`,
      there: async () => waits || (await lettersWith(context, sqs, id)).length > 0,
      async remove() {
        const handles = await untilGone(
          "The message among the dead letters",
          SECONDS[stage.target],
          async () => {
            const found = await lettersWith(context, sqs, id);
            return found.length > 0 && found;
          },
        );
        for (const ReceiptHandle of handles)
          await sqs.deleteMessage({ QueueUrl: stage.outputs["moverDeadLetterUrl"], ReceiptHandle });
        waits = false;
      },
    });
    const s3 = { bucket: { name: id }, object: { key: "nothing" } };
    const begin = performance.now();
    waits = true;
    await sqs.sendMessage({
      QueueUrl: stage.outputs["moverQueueUrl"],
      MessageBody: JSON.stringify({ Records: [{ s3 }] }),
    });
    await until(
      "The message among the dead letters",
      SECONDS[stage.target],
      async () => (await lettersWith(context, sqs, id)).length > 0,
    );
    return `there ${((performance.now() - begin) / 1000).toFixed(0)} s after it was sent to the mover`;
  },
};

/** Handles of the dead letters that contain these words. The others become visible again after some seconds. */
async function lettersWith({ stage }: Pick<Context, "stage">, sqs: SQS, words: string): Promise<string[]> {
  const QueueUrl = stage.outputs["moverDeadLetterUrl"];
  const { Messages = [] } = await sqs.receiveMessage({
    ...{ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 5, WaitTimeSeconds: 2 },
  });
  return Messages.filter(({ Body }) => Body?.includes(words)).map(({ ReceiptHandle }) => ReceiptHandle!);
}
