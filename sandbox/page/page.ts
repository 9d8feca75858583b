import * as http from "node:http";
import * as path from "node:path";
import { publicFolder } from "../../webapp/paths";
import { keepsApart } from "../builds/enclosure";
import type { Calls } from "../calls/calls";
import { Delivery } from "../delivery/delivery";
import type { Use } from "../engine/clients";
import { Failures } from "../failures/failures";
import { Timeline } from "../failures/timeline";
import { Fleet } from "../fleet/fleet";
import type { Traffic } from "../fleet/traffic";
import { Mailbox } from "../mail";
import { Paths } from "../paths";
import { Problem } from "../problem";
import { Started } from "../processes";
import { bodyOf, LocalServer, Refusal, targetOf } from "../server";
import { State } from "../state";
import { guardPage, sendFile, StaticFiles } from "../static-files";
import { logOf, pipelinesOf } from "./delivery";
import { Holdings } from "./holdings";
import type { Live } from "./live";
import { sendLogOfCall, streamLogs } from "./log-stream";
import { isWithin, projectStacks } from "./project-stacks";

const own = path.join(__dirname, "public");
/** Some of the web app's own files serve here as well. */
const FILES: StaticFiles = {
  "/sandbox": path.join(own, "index.html"),
  "/sandbox/logs": path.join(own, "logs.html"),
  ...Object.fromEntries(
    [
      "page.css",
      "calls.css",
      "page.js",
      "calls.js",
      "failures.js",
      "drawing.js",
      "logs.js",
      "picture.js",
    ].map((name) => [`/sandbox/${name}`, path.join(own, name)]),
  ),
  "/sandbox/base.css": path.join(publicFolder, "base.css"),
  "/sandbox/dom.js": path.join(publicFolder, "dom.js"),
};

const LAST_SECONDS = 10;

export interface PageOptions {
  state: State;
  fleet: Fleet;
  delivery: Delivery;
  mailbox: Mailbox;
  failures: Failures;
  timeline: Timeline;
  calls: Calls;
  use: Use;
  paths: Paths;
  note: (line: string) => void;
  /** The database that stands in if the program has no nodes of its own. */
  standIn?: Started;
}

/** The sandbox's own page: what exists, in which state, and which e-mails were sent. On its own port, never the web app's. */
export class Page {
  private readonly server: LocalServer;

  private readonly holdings: Holdings;

  constructor(private readonly options: PageOptions) {
    const { use, state, note } = options;
    this.holdings = new Holdings(use, () => state.resources);
    this.server = new LocalServer("page", (request, response) => this.answer(request, response), note);
  }

  async start(): Promise<string> {
    return `http://127.0.0.1:${await this.server.start()}`;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    guardPage(response);
    const { path: asked, query } = targetOf(request);
    const route = asked.replace(/(.)\/$/, "$1");
    if (request.method === "POST" && route === "/sandbox/approval") return this.decide(request, response);
    if (request.method === "POST" && route === "/sandbox/failures") return this.fail(request, response);
    if (request.method !== "GET") return void response.writeHead(405).end();
    if (route === "/") return void response.writeHead(302, { location: "/sandbox" }).end();
    if (route === "/sandbox/state.json") {
      if (query.has("picture")) this.holdings.look();
      const body = JSON.stringify(await this.now());
      return void response.writeHead(200, { "content-type": "application/json" }).end(body);
    }
    if (route === "/sandbox/calls.json") {
      const body = JSON.stringify(this.options.calls.list(this.options.state.resources));
      return void response.writeHead(200, { "content-type": "application/json" }).end(body);
    }
    if (route === "/sandbox/logs.txt") {
      const { paths, use, state } = this.options;
      const from = { folder: paths.logs, use, resources: () => state.resources };
      const call = query.get("call");
      if (call) return sendLogOfCall(from, query.get("of") ?? "", call, response);
      return streamLogs(from, query.getAll("of"), response);
    }
    const [, execution, action] = /^\/sandbox\/delivery\/([\w-]+)\/([\w-]+)$/.exec(route) ?? [];
    const log = execution && action && (await logOf(this.options.delivery, execution, action));
    if (log) return void response.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end(log);
    sendFile(FILES, route, response, "/sandbox");
  }

  /** A failure that a person requests, on this page or from the command line, which identifies itself. */
  private async fail(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    if (request.headers.origin === undefined) throw new Refusal(403, "Ask for a failure on this page.");
    const given = new URLSearchParams((await bodyOf(request, 1_000)).toString());
    const [what = "", name, seconds] = ["what", "name", "seconds"].map((one) => given.get(one) ?? undefined);
    const said = await this.options.failures.cause({ what, name, seconds }).catch((error: unknown) => {
      throw error instanceof Problem ? new Refusal(409, error.message) : error;
    });
    response.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end(`${said}\n`);
  }

  /** A person's decision on what waits for approval, made on this page only. */
  private async decide(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    if (request.headers.origin === undefined) throw new Refusal(403, "Approve on this page.");
    const given = new URLSearchParams((await bodyOf(request, 1_000)).toString());
    const approved = given.get("verdict") === "approve";
    const words = approved ? "Approved on the sandbox page" : "Rejected on the sandbox page";
    if (!this.options.delivery.actions.decide(given.get("token") ?? "", approved, words))
      throw new Refusal(409, "This approval is no longer pending.");
    response.writeHead(204).end();
  }

  private async now(): Promise<Live> {
    const { state, fleet, delivery, mailbox, failures, timeline, calls, standIn } = this.options;
    const { stack, url, projects, traces, starters, source, people, resources, seconds } = state;
    const { ministack, moto } = state.endpoints; // and not their keys
    const { machines, groups } = fleet.current;
    const servers = fleet.servers.map(
      ({ id, role, port, pid, alive, startedAt, inspector }): Live["servers"][number] => {
        const target = fleet.targets.find((one) => one.id === id);
        const machine = machines.find((one) => one.id === id);
        return {
          id,
          role,
          port,
          pid,
          alive,
          startedAt: startedAt.toISOString(),
          inspector,
          state: machine?.state ?? "terminated",
          group: machine?.group ?? "",
          health: target?.health ?? fleet.databaseStateOf(id) ?? "unused",
          reason: target?.reason ?? "",
          zone: machine?.zone ?? "",
          perSecond: lately(fleet.traffic(id)),
        };
      },
    );
    const stacks = projectStacks(fleet.projectStacks, groups);
    const sizes = groups
      .filter(({ name }) => !isWithin(name, stacks))
      .map(({ name, desired, minSize, maxSize }) => ({ name, desired, minSize, maxSize }));
    const mails = await mailbox.list().catch(() => []);
    const standIns = standIn ? [standIn] : [];
    const databases = standIns.map(({ name, child }) => ({
      name,
      pid: child.pid!,
      alive: child.exitCode === null && child.signalCode === null,
    }));
    return {
      stack,
      url,
      projects,
      traces,
      starters,
      apart: keepsApart(),
      docker: state.docker,
      people,
      endpoints: { ministack, moto },
      seconds,
      resources,
      servers,
      databases,
      groups: sizes,
      source,
      pipelines: pipelinesOf(delivery),
      stacks,
      mails,
      lacks: fleet.lacks,
      traffic: fleet.traffic().last,
      ...this.holdings.now,
      ...failures.now,
      incidents: timeline.all,
      calls: calls.version,
    };
  }
}

const lately = (traffic: Traffic | undefined): number =>
  traffic ? traffic.last.answered.slice(-LAST_SECONDS).reduce((sum, one) => sum + one, 0) / LAST_SECONDS : 0;
