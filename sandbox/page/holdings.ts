import { Use } from "../engine/clients";
import { everyPage } from "../engine/pages";
import type { Resource } from "../engine";
import { functionsWithLogs } from "../logs/functions";
import type { Live } from "./live";

const BUCKET = "aws:s3/bucket:Bucket";
const FUNCTION = "aws:lambda/function:Function";
/** Each look asks every bucket and every function's log. */
const EVERY_MS = 5_000;
/** The period for which a function's calls are counted. */
const LAST_MS = 5 * 60_000;

type Bucket = Live["buckets"][number];
type Function = Live["functions"][number];

/** The contents of buckets, and how often functions were called: read from the emulators from time to time, as long as somebody looks. */
export class Holdings {
  private readonly objects = new Map<string, Pick<Bucket, "objects">>();
  private readonly calls = new Map<string, Pick<Function, "calls" | "lastAt">>();
  private askedAt = -Infinity;
  private asking = false;

  constructor(
    private readonly use: Use,
    private readonly resources: () => Resource[],
  ) {}

  /** The last known values: nobody waits for the emulators. */
  get now(): Pick<Live, "buckets" | "functions"> {
    const named = (type: string) =>
      this.resources()
        .filter((one) => one.type === type)
        .map(({ name, id, component }) => ({ name, id, component }))
        .sort((a, b) => a.name.localeCompare(b.name));
    return {
      buckets: named(BUCKET).map((one) => ({ ...one, ...this.objects.get(one.id) })),
      functions: named(FUNCTION).map((one) => ({ ...one, ...this.calls.get(one.id) })),
    };
  }

  /** Somebody looks. */
  look(): void {
    if (this.asking || performance.now() - this.askedAt < EVERY_MS) return;
    this.asking = true;
    this.askedAt = performance.now();
    void Promise.all([this.countObjects(), this.countCalls()])
      .catch(() => {}) // a busy emulator is asked again
      .finally(() => (this.asking = false));
  }

  private async countObjects(): Promise<void> {
    const s3 = await this.use("s3");
    for (const { id: Bucket } of this.now.buckets) {
      const objects = await everyPage(
        (from) => s3.listObjectsV2({ Bucket, ...from }),
        (page) => page.Contents,
      );
      this.objects.set(Bucket, { objects: objects.length });
    }
  }

  private async countCalls(): Promise<void> {
    const logs = await this.use("logs");
    const startTime = Date.now() - LAST_MS;
    for (const { name, group: logGroupName } of await functionsWithLogs(this.use)) {
      const events = await everyPage(
        (from) => logs.filterLogEvents({ logGroupName, startTime, ...from }),
        (page) => page.events,
      );
      const began = events.filter(({ message }) => message?.startsWith("START RequestId: "));
      const last = Math.max(...began.map(({ timestamp = 0 }) => timestamp));
      this.calls.set(name, {
        calls: began.length,
        ...(began.length > 0 && { lastAt: new Date(last).toISOString() }),
      });
    }
  }
}
