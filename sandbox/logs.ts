import * as fs from "node:fs";
import * as path from "node:path";
import { Use } from "./engine/clients";

/** Reads what log files and CloudWatch's log groups gained since the last look. */
export class Logs {
  private readonly offsets = new Map<string, number>();
  private readonly seen = new Set<string>();
  private since = Date.now();

  constructor(
    private readonly folder: string,
    private readonly use: Use,
  ) {}

  async next(): Promise<string[]> {
    return [...this.fromFiles(), ...(await this.fromGroups())];
  }

  /** The servers' own files; the emulators' chatter stays in .sandbox/. */
  private fromFiles(): string[] {
    const names = fs.readdirSync(this.folder).filter((name) => name.startsWith("i-"));
    return names.flatMap((name) => {
      const file = path.join(this.folder, name);
      const text = this.tail(file);
      const lines = text.split("\n").filter(Boolean);
      return lines.map((line) => `${name.replace(/\.log$/, "")}  ${line}`);
    });
  }

  private tail(file: string): string {
    const from = this.offsets.get(file) ?? 0;
    const { size } = fs.statSync(file);
    if (size <= from) return "";
    const handle = fs.openSync(file, "r");
    const buffer = Buffer.alloc(size - from);
    fs.readSync(handle, buffer, 0, buffer.length, from);
    fs.closeSync(handle);
    const whole = buffer.lastIndexOf("\n") + 1; // the rest of a line comes with the next look
    this.offsets.set(file, from + whole);
    return buffer.subarray(0, whole).toString();
  }

  private async fromGroups(): Promise<string[]> {
    const logs = await this.use("logs");
    const { logGroups } = await logs.describeLogGroups({});
    const lines: string[] = [];
    const startTime = this.since - 5_000;
    this.since = Date.now();
    for (const { logGroupName } of logGroups ?? []) {
      const { events } = await logs.filterLogEvents({ logGroupName, startTime });
      for (const { eventId, message, logStreamName, timestamp } of events ?? []) {
        const key = eventId ?? `${logStreamName} ${timestamp} ${message}`;
        if (this.seen.has(key)) continue;
        this.seen.add(key);
        lines.push(`${logGroupName}  ${message?.trimEnd()}`);
      }
    }
    return lines;
  }
}
