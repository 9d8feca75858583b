import { moveObject } from "./move-object";
import { Store } from "./store";

/** A message of the queue that receives S3's events. */
export interface Message {
  messageId: string;
  receiptHandle: string;
  body: string;
  attributes: { ApproximateReceiveCount: string; SentTimestamp: string };
}

export interface MoverPorts {
  store: Store;
  /** Hides a message for this long; then it is tried again. */
  retryLater(message: Message, seconds: number): Promise<void>;
  log(entry: Record<string, unknown>): void;
  /** Reports to CloudWatch how long a message has been failing: SQS's own age metric leaves out messages received more than three times. */
  failing(seconds: number): void;
  /** Milliseconds since 1970. */
  now(): number;
}

export interface MoverSettings {
  sourceBucket: string;
  targetBucket: string;
  /** The wait before a failed message is first tried again; each further wait is twice as long. */
  retrySeconds: number;
}

const LONGEST_WAIT_SECONDS = 900;
/** Waits of 10, 20, 40 ... 640 seconds: S3 may be down for twenty minutes before it needs a person. */
export const TRIES = 8;

/**
 * Moves the sensitive objects among those that a batch of S3 events names. The answer lists each failed message, which
 * comes back later and ends in the dead-letter queue if it never succeeds; the rest of its batch is done.
 */
export async function moveSensitive(
  { Records: messages }: { Records: Message[] },
  { store, retryLater, log, failing, now }: MoverPorts,
  settings: MoverSettings,
): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> {
  if (settings.sourceBucket === settings.targetBucket)
    throw new Error(`the mover's buckets must differ, got ${settings.sourceBucket} for both`);
  const work = new Map<string, Promise<void>>(); // one move per key, however often the batch names it
  const move = (key: string) => {
    if (!work.has(key))
      work.set(
        key,
        moveObject(store, key).then((moved) => log({ key, ...moved })),
      );
    return work.get(key)!;
  };
  const failed = await Promise.all(
    messages.map(async (message) => {
      try {
        await Promise.all(keysOf(message.body, settings.sourceBucket).map(move));
        return undefined;
      } catch (error) {
        log({ level: "ERROR", messageId: message.messageId, failure: reasonOf(error) });
        failing((now() - Number(message.attributes.SentTimestamp)) / 1000);
        const tries = Number(message.attributes.ApproximateReceiveCount);
        // After the last try there is nothing left to wait for: the message goes to the dead-letter queue once it is visible.
        const wait =
          tries >= TRIES ? 0 : Math.min(LONGEST_WAIT_SECONDS, settings.retrySeconds * 2 ** (tries - 1));
        // Without this the message still comes back, when the queue's own timeout is over.
        await retryLater(message, wait).catch((again) => log({ level: "WARN", failure: reasonOf(again) }));
        return { itemIdentifier: message.messageId };
      }
    }),
  );
  return { batchItemFailures: failed.filter((one) => one !== undefined) };
}

/** The keys of a message's events; S3's own test message has none. */
function keysOf(body: string, sourceBucket: string): string[] {
  const { Records: records = [] } = JSON.parse(body) as {
    Records?: { s3: { bucket: { name: string }; object: { key: string } } }[];
  };
  return records.map(({ s3 }) => {
    // Refuses events of any other bucket: the mover must never react to what it wrote itself.
    if (s3.bucket.name !== sourceBucket)
      throw new Error(`events must come from ${sourceBucket}, got one from ${s3.bucket.name}`);
    return decodeURIComponent(s3.object.key.replace(/\+/g, " "));
  });
}

/** S3 answers a HEAD request without a body: then the status is all there is. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return `${error.name}: ${error.message}${status ? ` (HTTP ${status})` : ""}`;
}
