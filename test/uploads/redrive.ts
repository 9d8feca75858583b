import type { SQS } from "@aws-sdk/client-sqs";

/** What `aws sqs start-message-move-task` does on AWS, which MiniStack lacks: sends every message of one queue to another. */
export async function redrive(sqs: SQS, fromUrl: string, toUrl: string): Promise<number> {
  let moved = 0;
  for (;;) {
    const { Messages = [] } = await sqs.receiveMessage({
      QueueUrl: fromUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 0,
    });
    if (Messages.length === 0) return moved;
    for (const { Body, ReceiptHandle } of Messages) {
      await sqs.sendMessage({ QueueUrl: toUrl, MessageBody: Body! });
      await sqs.deleteMessage({ QueueUrl: fromUrl, ReceiptHandle: ReceiptHandle! });
      moved++;
    }
  }
}
