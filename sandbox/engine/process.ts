import { ChildProcess } from "node:child_process";
import * as path from "node:path";
import { Deployed } from "../engine";
import { withoutAws } from "../emulators/endpoints";
import { Emulators } from "../emulators/emulators";
import { Paths, root } from "../paths";
import { Problem } from "../problem";
import { Processes } from "../processes";
import { Served } from "./config";
import type { Asked, Message } from "./main";

interface EngineOptions {
  stack: string;
  /** The program to run. @default index.ts */
  program?: string;
  /** Runs on after the start, to follow edits. @default false */
  watch?: boolean;
  paths: Paths;
  served: Served;
  processes: Processes;
  emulators: Emulators;
  progress: (line: string) => void;
}

/** The engine's process, as the sandbox talks to it. */
export class Engine {
  readonly deployed: Promise<Deployed>;
  private readonly child: ChildProcess;
  private readonly lost: Promise<never>;

  constructor(private readonly options: EngineOptions) {
    const { stack, program, watch, paths, served, processes, emulators } = options;
    const log = path.join(paths.logs, "engine.log");
    const { child, gone } = processes.start(
      "engine",
      process.execPath,
      [
        ...["-r", path.join(root, "scripts", "loader.cjs"), path.join(__dirname, "main.ts"), stack],
        ...(program ? [program] : []),
        ...(watch ? ["--watched"] : []),
      ],
      {
        cwd: root,
        env: {
          ...withoutAws(process.env),
          ...emulators.environment,
          GROUNDWORK_SITE: served.site,
          GROUNDWORK_PROJECTS: served.projects,
          GROUNDWORK_STARTERS: served.starters,
          GROUNDWORK_STANDING: paths.standing,
        },
        log,
        channel: true,
      },
    );
    this.child = child;
    this.lost = gone.then((code) => {
      throw new Problem(`The program ended early (${code}): see ${log}.`);
    });
    this.lost.catch(() => {}); // whoever waits for an answer gets the error
    // It reads the program meanwhile.
    emulators.ready.then(
      () => child.send("ready"),
      () => {}, // the start has failed with that
    );
    this.deployed = this.answer("done").then(({ deployment }) => deployment);
  }

  /** Rebuilds the functions, and returns the names of those that changed. */
  async functions(): Promise<string[]> {
    return (await this.ask("functions", "functions")).names;
  }

  /** Runs the program again and turns the existing state into what it declares now; reports the plan before doing anything. */
  async program(planned: (lines: string[]) => void): Promise<Deployed> {
    return (await this.ask("program", "done", planned)).deployment;
  }

  private ask<Kind extends Message["kind"]>(
    asked: Asked,
    kind: Kind,
    planned?: (lines: string[]) => void,
  ): Promise<Extract<Message, { kind: Kind }>> {
    const answer = this.answer(kind, planned);
    this.child.send(asked);
    return answer;
  }

  private answer<Kind extends Message["kind"]>(
    kind: Kind,
    planned: (lines: string[]) => void = () => {},
  ): Promise<Extract<Message, { kind: Kind }>> {
    const answered = new Promise<Extract<Message, { kind: Kind }>>((resolve, reject) => {
      const hear = (message: Message) => {
        if (message.kind === "line") return this.options.progress(message.line);
        if (message.kind === "plan") return planned(message.lines);
        this.child.off("message", hear);
        if (message.kind === kind) resolve(message as Extract<Message, { kind: Kind }>);
        else reject(new Problem(message.kind === "failed" ? message.message : "the engine misunderstood"));
      };
      this.child.on("message", hear);
    });
    return Promise.race([answered, this.lost]);
  }
}
