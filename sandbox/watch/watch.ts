import * as fs from "node:fs";
import * as path from "node:path";
import { stop as stopBundler } from "esbuild";
import { Step, summaryOf } from "../engine/step";
import { Engine } from "../engine/process";
import { Fleet } from "../fleet/fleet";
import { Paths, root } from "../paths";
import { messageOf, sleep } from "../problem";
import { SOURCES } from "../program";
import { State, writeState } from "../state";
import { bundleWebapp } from "../webapp-bundle";
import { Files } from "./files";

interface WatchOptions {
  state: State;
  paths: Paths;
  engine: Engine;
  fleet: Fleet;
  say: (line: string) => void;
}

type Kind = "asset" | "webapp" | "functions" | "program";

const ENDING_MS = 2_000;
const GROUP = "aws:autoscaling/group:Group";

/** How long no function must have been saved before the program is run. */
const QUIET_MS = 1_500;

/** Kinds that wait for each other, the fastest first; the rest run in parallel. */
const LANES: Kind[][] = [["asset"], ["webapp"], ["functions", "program"]];

/** What an edited file belongs to; undefined if nothing here is made from it. */
export function kindOf(file: string): Kind | undefined {
  const inside = (folder: string) => file === folder || file.startsWith(`${folder}/`);
  if (inside(SOURCES.assets)) return "asset";
  if (inside(SOURCES.functions)) return "functions";
  if (inside(SOURCES.deploy)) return "program";
  if (inside(SOURCES.webapp)) return /\.([cm]?[jt]s|json)$/.test(file) ? "webapp" : undefined;
  return /^Pulumi(\..+)?\.yaml$/.test(file) || SOURCES.program.some(inside) ? "program" : undefined;
}

/** Follows a person's edits: each takes effect as soon as possible, and is reported in a line. */
export class Watch {
  private readonly files: Files;
  private readonly lanes = LANES.map((kinds) => new Lane(kinds, (kind, files) => this.follow(kind, files)));
  private readonly stackLane = this.lanes.at(-1)!;
  private stopped = false;
  private bundle: string;
  private bundles = 0;

  constructor(private readonly options: WatchOptions) {
    this.bundle = options.paths.webapp;
    const folders = [SOURCES.functions, SOURCES.webapp, ...SOURCES.program.filter((one) => !/\./.test(one))];
    this.files = new Files(root, folders, /^(index\.ts|Pulumi(\..+)?\.yaml)$/, (paths) => {
      for (const lane of this.lanes) lane.take(paths);
    });
  }

  start(): void {
    this.files.start();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.files.stop();
    // Running work ends with what it works on; a bundle may finish, or it would be written into what is being stopped.
    await Promise.race([Promise.all(this.lanes.map((lane) => lane.stop())), sleep(ENDING_MS)]);
    await stopBundler();
  }

  private async follow(kind: Kind, files: string[]): Promise<void> {
    const began = performance.now();
    const named =
      files.length > 3 ? `${files.slice(0, 2).join(", ")} and ${files.length - 2} more` : files.join(", ");
    const tell = (done: string): void => {
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      if (!this.stopped) this.options.say(`edit   ${named} → ${done}  ${seconds} s`);
    };
    try {
      switch (kind) {
        case "asset":
          this.copy(files);
          return tell("served");
        case "webapp":
          return tell(`${counted(await this.renewServers(), "server")}, one after the other`);
        case "functions": {
          const names = await this.options.engine.functions();
          if (names.length) tell(`${names.length === 1 ? "function" : "functions"} ${names.join(", ")}`);
          // Components read these files as well. Whoever saves again meanwhile goes first: the program is run after that.
          if (names.length && (await this.stackLane.isFollowed(QUIET_MS))) return;
          return await this.rerun(tell, names.length > 0);
        }
        case "program":
          return await this.rerun(tell, false);
      }
    } catch (error) {
      tell(`not taken, everything is as it was: ${messageOf(error).trim()}`);
    }
  }

  /** Runs the program again; a person who has already had a message gets only further news. */
  private async rerun(tell: (done: string) => void, told: boolean): Promise<void> {
    const { engine, fleet, state, paths, say } = this.options;
    let planned = false;
    try {
      const { outputs, resources, steps } = await engine.program((lines) => {
        planned = true;
        for (const line of lines) say(`  ${line}`);
      });
      if (steps.length) {
        Object.assign(state, { outputs, resources });
        await fleet.reread();
        state.addresses = fleet.addresses;
        writeState(paths, state);
      }
      const exchanged = await this.exchange(steps);
      if (steps.length || !told)
        tell([summaryOf(steps) || "nothing to change", ...exchanged].join(", then "));
    } catch (error) {
      if (!planned) throw error;
      tell(`stopped halfway, the next edit goes on from there: ${messageOf(error)}`);
    }
  }

  /** Replaces the servers of groups with a changed launch template. */
  private async exchange(steps: Step[]): Promise<string[]> {
    const { fleet, state } = this.options;
    const refreshed = steps.filter(
      ({ kind, type, changed }) =>
        kind === "update" && type === GROUP && changed.some(({ argument }) => argument === "launchTemplate"),
    );
    const told: string[] = [];
    for (const { name } of refreshed) {
      const group = state.resources.find((one) => one.type === GROUP && one.name === name)!;
      const count = await fleet.refresh(group.id);
      told.push(count ? `${counted(count, "server")} of ${name} exchanged` : `${name} keeps its servers`);
    }
    return told;
  }

  private copy(files: string[]): void {
    for (const file of files) {
      const [from, to] = [path.join(root, file), path.join(this.bundle, path.relative(SOURCES.webapp, file))];
      if (fs.existsSync(from)) {
        fs.mkdirSync(path.dirname(to), { recursive: true });
        fs.copyFileSync(from, to);
      } else fs.rmSync(to, { force: true });
    }
  }

  private async renewServers(): Promise<number> {
    const [old, next] = [this.bundle, path.join(this.options.paths.temporary, `webapp-${++this.bundles}`)];
    try {
      const count = await this.options.fleet.renew(await bundleWebapp(next));
      this.bundle = next;
      // The old processes read their last files from it.
      setTimeout(() => fs.rmSync(old, { recursive: true, force: true }), 25_000).unref();
      return count;
    } catch (error) {
      fs.rmSync(next, { recursive: true, force: true });
      throw error;
    }
  }
}

/** Follows edits of some kinds, one after the other; edits made meanwhile are handled together. */
class Lane {
  private waiting: string[] = [];
  private working?: Promise<void>;
  private stopped = false;

  constructor(
    private readonly kinds: Kind[],
    private readonly follow: (kind: Kind, files: string[]) => Promise<void>,
  ) {}

  take(files: string[]): void {
    this.waiting.push(...files.filter((file) => this.kinds.includes(kindOf(file)!)));
    if (this.waiting.length) this.working ??= this.work().finally(() => (this.working = undefined));
  }

  /** Whether another edit comes within that time. */
  async isFollowed(ms: number): Promise<boolean> {
    const end = performance.now() + ms;
    while (!this.stopped && this.waiting.length === 0 && performance.now() < end) await sleep(50);
    return this.waiting.length > 0;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.waiting = [];
    await this.working;
  }

  private async work(): Promise<void> {
    while (this.waiting.length) {
      const edited = [...new Set(this.waiting.splice(0))];
      for (const kind of this.kinds) {
        const files = edited.filter((file) => kindOf(file) === kind);
        if (files.length) await this.follow(kind, files);
      }
    }
  }
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;
