import * as path from "node:path";
import { root } from "../paths";
import { freePort } from "../ports";
import { Processes, Started } from "../processes";
import { WEBAPP, webListens } from "../program";

/** How to start a web server's program. */
export interface App {
  command: string;
  args: string[];
  cwd: string;
  environment?: Record<string, string>;
  /** The debugger's port. */
  inspector?: number;
}

export interface WebAppsOptions {
  processes: Processes;
  logs: string;
  /** The web app as `node FILE` starts it. */
  webapp: string;
  /** Whether browsers request each file of a page again. */
  uncached: boolean;
  /** Whether web servers start from their sources, with a port for a debugger. */
  inspect: boolean;
}

/** Starts the web app as a process, on its own port. */
export class WebApps {
  /** The file to start if no release has brought another one. */
  bundle: string;

  constructor(private readonly options: WebAppsOptions) {
    this.bundle = options.webapp;
  }

  /** What a web server loads before its program: webapp-access.ts. */
  get accessCheck(): string {
    return path.join(path.dirname(this.bundle), "access.js");
  }

  /** The bundle; for a debugger the sources themselves, whose lines a person knows. */
  async first(): Promise<App> {
    const command = process.execPath;
    const check = ["--require", this.accessCheck];
    if (!this.options.inspect)
      return { command, args: [...check, this.bundle], cwd: path.dirname(this.bundle) };
    const inspector = await freePort();
    const sources = ["--require", "ts-node/register/transpile-only", ...check, WEBAPP.entry];
    return { command, args: [`--inspect=127.0.0.1:${inspector}`, ...sources], cwd: root, inspector };
  }

  async startAnywhere(id: string, app: App, environment: Record<string, string>) {
    const port = await freePort();
    return { started: this.start(id, port, app, environment), port };
  }

  start(id: string, port: number, app: App, environment: Record<string, string>): Started {
    const { processes, logs, uncached } = this.options;
    return processes.start(`web ${id}`, app.command, app.args, {
      cwd: app.cwd,
      env: {
        ...app.environment,
        ...environment,
        ...webListens(id, port),
        ...(uncached && { GROUNDWORK_UNCACHED: "1" }),
      },
      log: path.join(logs, `${id}.log`),
    });
  }
}
