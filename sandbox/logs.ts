import * as fs from "node:fs";
import * as path from "node:path";
import { Use } from "./engine/clients";
import { everyPage } from "./engine/pages";

/** What would only fill the screen: metrics written as log lines, and what Lambda logs of each call. */
const NOISE = /^\{"_aws":|^(START|END|REPORT|INIT_START) RequestId: /;

/** Reads what log files and CloudWatch's log groups gained since the last look; what is older than the first one is left out. */
export class Logs {
  private readonly offsets = new Map<string, number>();
  private readonly seen = new Set<string>();
  private since = Date.now();

  constructor(
    private readonly folder: string,
    private readonly use: Use,
  ) {
    for (const name of this.names()) this.offsets.set(name, fs.statSync(path.join(folder, name)).size);
  }

  async next(): Promise<string[]> {
    return [...this.fromFiles(), ...(await this.fromGroups())];
  }

  /** The servers' own files; the emulators' own logs stay in .sandbox/. */
  private fromFiles(): string[] {
    return this.names().flatMap((name) => {
      const lines = this.tail(name).split("\n").filter(Boolean);
      return lines.flatMap((line) => readable(name.replace(/\.log$/, ""), line));
    });
  }

  private names(): string[] {
    return fs.readdirSync(this.folder).filter((name) => name.startsWith("i-"));
  }

  private tail(name: string): string {
    const file = path.join(this.folder, name);
    const from = this.offsets.get(name) ?? 0;
    const { size } = fs.statSync(file);
    if (size <= from) return "";
    const handle = fs.openSync(file, "r");
    const buffer = Buffer.alloc(size - from);
    fs.readSync(handle, buffer, 0, buffer.length, from);
    fs.closeSync(handle);
    const whole = buffer.lastIndexOf("\n") + 1; // the rest of a line comes with the next look
    this.offsets.set(name, from + whole);
    return buffer.subarray(0, whole).toString();
  }

  private async fromGroups(): Promise<string[]> {
    const logs = await this.use("logs");
    const groups = await everyPage(
      (from) => logs.describeLogGroups(from),
      (page) => page.logGroups,
    );
    const lines: string[] = [];
    const startTime = this.since - (this.seen.size > 0 ? 5_000 : 0);
    this.since = Date.now();
    for (const { logGroupName } of groups) {
      const events = await everyPage(
        (from) => logs.filterLogEvents({ logGroupName, startTime, ...from }),
        (page) => page.events,
      );
      for (const { eventId, message, logStreamName, timestamp } of events) {
        const key = eventId ?? `${logStreamName} ${timestamp} ${message}`;
        if (this.seen.has(key)) continue;
        this.seen.add(key);
        lines.push(...readable(logGroupName!, message?.trimEnd() ?? ""));
      }
    }
    return lines;
  }
}

/** A line as a person reads it: what an entry says, and its fields without those that are meant for machines. */
export function readable(source: string, line: string): string[] {
  if (NOISE.test(line)) return [];
  const entry = entryIn(line);
  if (!entry) return [`${source}  ${line}`];
  const {
    msg,
    message = msg,
    level: _level,
    time: _time,
    ms: _ms,
    instance: _instance,
    err,
    ...rest
  } = entry;
  const { message: error } = (err ?? {}) as { message?: unknown };
  const particulars = Object.entries(error === undefined ? rest : { ...rest, error });
  const words = particulars.map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return [`${source}  ${[message, ...words].filter(Boolean).join(" ")}`];
}

function entryIn(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = line.startsWith("{") ? JSON.parse(line) : undefined;
    return value as Record<string, unknown> | undefined;
  } catch {
    return undefined;
  }
}
