import * as fs from "node:fs";
import * as http from "node:http";
import * as path from "node:path";
import { publicFolder } from "../../webapp/paths";
import { keepsApart } from "../builds/enclosure";
import { Delivery } from "../delivery/delivery";
import { Fleet } from "../fleet/fleet";
import { Mailbox } from "../mail";
import { Started } from "../processes";
import { bodyOf, LocalServer, Refusal, targetOf } from "../server";
import { State } from "../state";
import { logOf, pipelinesOf } from "./delivery";
import type { Live } from "./live";
import { isWithin, projectStacks } from "./project-stacks";

const own = path.join(__dirname, "public");
/** Some of the web app's own files serve here as well. */
const FILES: Record<string, { file: string; type: string }> = {
  "/sandbox": { file: path.join(own, "index.html"), type: "text/html; charset=utf-8" },
  "/sandbox/page.css": { file: path.join(own, "page.css"), type: "text/css" },
  "/sandbox/page.js": { file: path.join(own, "page.js"), type: "text/javascript" },
  "/sandbox/base.css": { file: path.join(publicFolder, "base.css"), type: "text/css" },
  "/sandbox/dom.js": { file: path.join(publicFolder, "dom.js"), type: "text/javascript" },
};

/** The sandbox's own page: what exists, in which state, and what was mailed. On a port of its own, never the web app's. */
export class Page {
  private readonly server: LocalServer;

  constructor(
    private readonly state: State,
    private readonly fleet: Fleet,
    private readonly delivery: Delivery,
    private readonly mailbox: Mailbox,
    note: (line: string) => void,
    /** The database that stands in where the program has no nodes of its own. */
    private readonly standIn?: Started,
  ) {
    this.server = new LocalServer("page", (request, response) => this.answer(request, response), note);
  }

  async start(): Promise<string> {
    return `http://127.0.0.1:${await this.server.start()}`;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    response.setHeader("content-security-policy", "default-src 'self'");
    response.setHeader("x-content-type-options", "nosniff");
    const route = targetOf(request).path.replace(/(.)\/$/, "$1");
    if (request.method === "POST" && route === "/sandbox/approval") return this.decide(request, response);
    if (request.method !== "GET") return void response.writeHead(405).end();
    if (route === "/") return void response.writeHead(302, { location: "/sandbox" }).end();
    if (route === "/sandbox/state.json") {
      const body = JSON.stringify(await this.now());
      return void response.writeHead(200, { "content-type": "application/json" }).end(body);
    }
    const [, execution, action] = /^\/sandbox\/delivery\/([\w-]+)\/([\w-]+)$/.exec(route) ?? [];
    const log = execution && action && (await logOf(this.delivery, execution, action));
    if (log) return void response.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end(log);
    const found = FILES[route];
    if (!found) return void response.writeHead(404).end("Not here: try /sandbox\n");
    response.writeHead(200, { "content-type": found.type }).end(fs.readFileSync(found.file));
  }

  /** A person's word on what waits for an approval, said on this page and on no other. */
  private async decide(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    if (request.headers.origin === undefined) throw new Refusal(403, "An approval comes from this page.");
    const given = new URLSearchParams((await bodyOf(request, 1_000)).toString());
    const approved = given.get("verdict") === "approve";
    const words = approved ? "Approved on the sandbox page" : "Rejected on the sandbox page";
    if (!this.delivery.actions.decide(given.get("token") ?? "", approved, words))
      throw new Refusal(409, "Nobody waits for this approval any more.");
    response.writeHead(204).end();
  }

  private async now(): Promise<Live> {
    const { stack, url, projects, starters, source, people, resources, seconds } = this.state;
    const { ministack, moto } = this.state.endpoints; // and not their keys
    const { machines, groups } = this.fleet.current;
    const servers = this.fleet.servers.map(
      ({ id, role, port, pid, alive, startedAt }): Live["servers"][number] => {
        const target = this.fleet.targets.find((one) => one.id === id);
        const machine = machines.find((one) => one.id === id);
        return {
          id,
          role,
          port,
          pid,
          alive,
          startedAt: startedAt.toISOString(),
          state: machine?.state ?? "terminated",
          group: machine?.group ?? "",
          health: target?.health ?? this.fleet.databaseStateOf(id) ?? "unused",
          reason: target?.reason ?? "",
        };
      },
    );
    const stacks = projectStacks(this.fleet.projectStacks, groups);
    const sizes = groups
      .filter(({ name }) => !isWithin(name, stacks))
      .map(({ name, desired, minSize, maxSize }) => ({ name, desired, minSize, maxSize }));
    const mails = await this.mailbox.list().catch(() => []);
    const standIns = this.standIn ? [this.standIn] : [];
    const databases = standIns.map(({ name, child }) => ({
      name,
      pid: child.pid!,
      alive: child.exitCode === null && child.signalCode === null,
    }));
    return {
      stack,
      url,
      projects,
      traces: this.state.traces,
      starters,
      apart: keepsApart(),
      people,
      endpoints: { ministack, moto },
      seconds,
      resources,
      servers,
      databases,
      groups: sizes,
      source,
      pipelines: pipelinesOf(this.delivery),
      stacks,
      mails,
    };
  }
}
