import * as fs from "node:fs";
import * as http from "node:http";
import * as path from "node:path";
import { Fleet } from "../fleet/fleet";
import { Mailbox } from "../mail";
import { Started } from "../processes";
import { LocalServer, targetOf } from "../server";
import { State } from "../state";
import { isWithin, ProjectStack, projectStacks } from "./project-stacks";

const FILES: Record<string, { name: string; type: string }> = {
  "/sandbox": { name: "index.html", type: "text/html; charset=utf-8" },
  "/sandbox/page.css": { name: "page.css", type: "text/css" },
  "/sandbox/page.js": { name: "page.js", type: "text/javascript" },
};

/** The sandbox's own page: what exists, in which state, and what was mailed. On a port of its own, never the web app's. */
export class Page {
  private readonly server: LocalServer;

  constructor(
    private readonly state: State,
    private readonly fleet: Fleet,
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
    if (request.method !== "GET") return void response.writeHead(405).end();
    if (route === "/") return void response.writeHead(302, { location: "/sandbox" }).end();
    if (route === "/sandbox/state.json") {
      const body = JSON.stringify(await this.now());
      return void response.writeHead(200, { "content-type": "application/json" }).end(body);
    }
    const file = FILES[route];
    if (!file) return void response.writeHead(404).end("Not here: try /sandbox\n");
    const content = fs.readFileSync(path.join(__dirname, "public", file.name));
    response.writeHead(200, { "content-type": file.type }).end(content);
  }

  private async now(): Promise<Live> {
    const { stack, url, projects, people, resources, seconds } = this.state;
    const { ministack, moto } = this.state.endpoints; // and not their keys
    const { machines, groups } = this.fleet.current;
    const servers = this.fleet.servers.map(({ id, role, port, pid, alive, startedAt }) => {
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
    });
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
      people,
      endpoints: { ministack, moto },
      seconds,
      resources,
      servers,
      databases,
      groups: sizes,
      stacks,
      mails,
    };
  }
}

/** What the page and the command line read. */
export interface Live extends Pick<State, "stack" | "url" | "projects" | "people" | "seconds" | "resources"> {
  endpoints: { ministack: string; moto: string };
  servers: {
    id: string;
    role: "web" | "database";
    port: number;
    pid: number;
    alive: boolean;
    startedAt: string;
    state: string;
    group: string;
    health: string;
    reason: string;
  }[];
  databases: { name: string; pid: number; alive: boolean }[];
  groups: { name: string; desired: number; minSize: number; maxSize: number }[];
  stacks: ProjectStack[];
  mails: Awaited<ReturnType<Mailbox["list"]>>;
}
