import { moveObject } from "./move-object";
import { Store } from "./store";

/** A message of the queue that S3 writes its events to. */
export interface Message {
  messageId: string;
  receiptHandle: string;
  body: string;
  attributes: { ApproximateReceiveCount: string; SentTimestamp: string };
}

export interface MoverPorts {
  store: Store;
  /** Hides a message for so long, after which it is tried again. */
  retryLater(message: Message, seconds: number): Promise<void>;
  log(entry: Record<string, unknown>): void;
  /** Tells CloudWatch for how long a message has failed: SQS leaves out of its own age what was received more than three times. */
  failing(seconds: number): void;
  /** Milliseconds since 1970. */
  now(): number;
}

export interface MoverSettings {
  sourceBucket: string;
  targetBucket: string;
  /** The first wait before a failed message is tried again; each further one is twice as long. */
  retrySeconds: number;
}

const LONGEST_WAIT_SECONDS = 900;
/** Waits of 10, 20, 40 ... 640 seconds: S3 may be out of order for twenty minutes before a person is needed. */
export const TRIES = 8;

/**
 * Moves the sensitive ones among the objects that a batch of S3 events names. A message that fails is named in the answer,
 * comes back later, and ends in the dead-letter queue when it never succeeds; the others of its batch are done.
 */
export async function moveSensitive(
  { Records: messages }: { Records: Message[] },
  { store, retryLater, log, failing, now }: MoverPorts,
  settings: MoverSettings,
): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> {
  if (settings.sourceBucket === settings.targetBucket)
    throw new Error(`the mover's buckets must differ, got ${settings.sourceBucket} for both`);
  const work = new Map<string, Promise<void>>(); // one move a key, however often the batch names it
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
        // After the last try nothing is left to wait for: it goes to the dead letters once it can be seen.
        const wait =
          tries >= TRIES ? 0 : Math.min(LONGEST_WAIT_SECONDS, settings.retrySeconds * 2 ** (tries - 1));
        // Without it the message comes back all the same, when the queue's own time is over.
        await retryLater(message, wait).catch((again) => log({ level: "WARN", failure: reasonOf(again) }));
        return { itemIdentifier: message.messageId };
      }
    }),
  );
  return { batchItemFailures: failed.filter((one) => one !== undefined) };
}

/** The keys of a message's events; S3's own test message names none. */
function keysOf(body: string, sourceBucket: string): string[] {
  const { Records: records = [] } = JSON.parse(body) as {
    Records?: { s3: { bucket: { name: string }; object: { key: string } } }[];
  };
  return records.map(({ s3 }) => {
    // An event of any other bucket is refused: the mover must never answer what it wrote itself.
    if (s3.bucket.name !== sourceBucket)
      throw new Error(`events must come from ${sourceBucket}, got one from ${s3.bucket.name}`);
    return decodeURIComponent(s3.object.key.replace(/\+/g, " "));
  });
}

/** S3 answers a head request without a body: then its status is all there is. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return `${error.name}: ${error.message}${status ? ` (HTTP ${status})` : ""}`;
}
