import * as fs from "node:fs";
import * as path from "node:path";
import type { Resource } from "../engine";
import { Use } from "../engine/clients";
import { everyPage } from "../engine/pages";
import { functionsWithLogs } from "./functions";
import { inOrder, readable, Said } from "./lines";
import { chosen, Found, named, Source, sourcesIn } from "./sources";

export interface Line extends Said {
  source: string;
}

export interface LogsOptions {
  folder: string;
  use: Use;
  resources: () => Resource[];
  /** The sources to read. @default all but the emulators' own */
  words?: string[];
  /** Whether the emulators' own logs can be requested. @default true */
  emulators?: boolean;
}

/** Lines from before a look belong to it even if they arrive later. */
const LATE_MS = 5_000;

/** Reads log files and CloudWatch's log groups, and what they gain from look to look. */
export class Logs {
  private readonly offsets = new Map<string, number>();
  private readonly seen = new Set<string>();
  private since = 0;
  private functions: Found["functions"] = [];
  private groups = 0;

  constructor(private readonly options: LogsOptions) {}

  /** The last lines of all together; `next` returns what follows. Refuses words that name nothing. */
  async last(count: number): Promise<Line[]> {
    const sources = chosen(await this.sources(), this.options.words ?? []);
    const lines = inOrder(await this.look(sources));
    return count === 0 ? [] : lines.slice(-count);
  }

  /** New lines since the last look. */
  async next(): Promise<Line[]> {
    return inOrder(await this.look(named(await this.sources(), this.options.words ?? [])));
  }

  private async sources(): Promise<Source[]> {
    const { folder, use, resources, emulators = true } = this.options;
    const logs = await use("logs");
    const groups = await everyPage(
      (from) => logs.describeLogGroups(from),
      (page) => page.logGroups,
    );
    if (groups.length !== this.groups) this.functions = await functionsWithLogs(use);
    this.groups = groups.length;
    const files = fs.readdirSync(folder).filter((name) => name.endsWith(".log"));
    const found = sourcesIn({
      files: files.map((name) => name.slice(0, -".log".length)),
      groups: groups.map(({ logGroupName }) => logGroupName!),
      functions: this.functions,
      resources: resources(),
    });
    return emulators ? found : found.filter(({ kind }) => kind !== "emulator");
  }

  private async look(sources: Source[]): Promise<Line[][]> {
    const startTime = Math.max(0, this.since - LATE_MS);
    this.since = Date.now();
    return Promise.all(
      sources.map(async (source) =>
        source.file ? this.fromFile(source) : await this.fromGroup(source, startTime),
      ),
    );
  }

  private fromFile({ name, file }: Source): Line[] {
    return this.tail(path.join(this.options.folder, `${file}.log`))
      .split("\n")
      .filter(Boolean)
      .flatMap(readable)
      .map((said) => ({ ...said, source: name }));
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

  private async fromGroup({ name, group: logGroupName }: Source, startTime: number): Promise<Line[]> {
    const logs = await this.options.use("logs");
    const events = await everyPage(
      (from) => logs.filterLogEvents({ logGroupName, startTime, ...from }),
      (page) => page.events,
    );
    return events.flatMap(({ eventId, message, logStreamName, timestamp }) => {
      const key = eventId ?? `${logStreamName} ${timestamp} ${message}`;
      if (this.seen.has(key)) return [];
      this.seen.add(key);
      return readable(message?.trimEnd() ?? "").map(({ at, text }) => ({
        at: timestamp ?? at,
        text,
        source: name,
      }));
    });
  }
}

/** A line in printed form: when, by whom, what. */
export function printed({ at, source, text }: Line): string {
  const time = at === undefined ? "        " : new Date(at).toTimeString().slice(0, 8);
  return `${time}  ${source}  ${text}`;
}
