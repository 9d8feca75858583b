import * as http from "node:http";
import { Duplex } from "node:stream";
import { Hosts } from "../access";
import { OfBoth } from "../engine/clients";
import { forward, forwardUpgrade } from "../fleet/forwarding";
import { sleep } from "../problem";
import { PROJECTS_DOMAIN } from "../program";
import { LocalServer, targetOf } from "../server";
import { stackBehind } from "./behind";
import { serve } from "./cloudfront";
import { distributionOf } from "./distribution";
import { Leading, resolve } from "./names";
import { notice } from "./notice";
import { ProjectServers } from "./servers";

const PLATFORMS = new RegExp(`^[a-z0-9-]+\\.${PROJECTS_DOMAIN.replaceAll(".", "\\.")}(:\\d+)?$`);

/** Less than the provisioner waits for an answer; otherwise it would ask again a minute later. */
const PATIENCE_MS = 4_000;
const LOOK_MS = 100;
/** How long a connection may be silent, by the template: the longer value if it is a lasting one. */
const IDLE_MS = 60_000;
const LONG_MS = 3_600_000;
const COOKIE = /(?:^|; *)AWSALB=([^;]*)/;

type Target = { id: string; port: number };

/** The stand-in for CloudFront and the load balancers of all projects: each answers to its own name. */
export class Sites {
  private readonly server: LocalServer;
  private readonly agent = new http.Agent({ keepAlive: true });
  private turn = 0;

  constructor(
    private readonly emulators: OfBoth,
    private readonly servers: ProjectServers,
    note: (line: string) => void,
  ) {
    const hosts: Hosts = {
      accepted: { test: (host) => PLATFORMS.test(host) || Boolean(this.servers.behindOwnName(bare(host))) },
      says: `a name below ${PROJECTS_DOMAIN} or a project's own`,
    };
    this.server = new LocalServer(
      "sites",
      (request, response) => this.answer(request, response),
      note,
      hosts,
      (request, socket, head) => this.upgrade(request, socket, head),
    );
  }

  start(port = 0): Promise<number> {
    return this.server.start(port);
  }

  stop(): Promise<void> {
    this.agent.destroy();
    return this.server.stop();
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const host = hostOf(request);
    const leading = await this.leadingOf(host);
    if (!leading)
      return notice(
        response,
        404,
        "No project here",
        `No project has the name ${host}, or the name points nowhere now.`,
      );
    const distribution = leading.alias && (await distributionOf(this.emulators.ministack, leading.alias));
    if (!distribution) return this.hand(request, response, leading);
    if (!PLATFORMS.test(host) && !distribution.aliases.includes(host))
      return notice(response, 403, "Not yet", `The project's distribution does not serve ${host} yet.`);
    if (!distribution.enabled)
      return notice(
        response,
        403,
        "Frozen",
        "This project is frozen: the person who requested it can extend it in the console.",
      );
    const reads = request.method === "GET" || request.method === "HEAD";
    if (!reads) return void response.writeHead(403, { allow: "GET, HEAD" }).end();
    const { status, headers, body } = await serve(
      this.emulators.ministack,
      distribution,
      targetOf(request).path,
    );
    response.writeHead(status, { ...headers, "content-length": body.length });
    response.end(request.method === "HEAD" ? undefined : body);
  }

  /** The record that a team enters leads its custom name to the platform's. */
  private leadingOf(host: string): Promise<Leading | undefined> {
    return resolve(this.emulators.ministack, this.servers.behindOwnName(host) ?? host);
  }

  /** A project's servers that listen; waits for one that is just starting. */
  private async listeningFor(stack: string): Promise<Target[]> {
    for (const end = Date.now() + PATIENCE_MS; ; await sleep(LOOK_MS)) {
      const all = this.servers.listeningFor(stack);
      if (all.length > 0 || Date.now() > end) return all;
    }
  }

  /** One server after the other; if the stack says so, the load balancer's cookie keeps a client with its own. */
  private choose(stack: string, all: Target[], { headers }: http.IncomingMessage) {
    const sticky = this.servers.parameterOf(stack, "Sticky") === "true";
    const [, own] = (sticky && COOKIE.exec(headers.cookie ?? "")) || [];
    const { id, port } = all.find((one) => one.id === own) ?? all[this.turn++ % all.length]!;
    // Balancers renew it with each answer.
    const cookies = sticky ? [`AWSALB=${id}; Max-Age=86400; Path=/`] : [];
    return {
      port,
      cookies,
      listener: { port: this.server.port, protocol: "HTTP" },
      idleMs: sticky ? LONG_MS : IDLE_MS,
    };
  }

  private async upgrade(request: http.IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const leading = await this.leadingOf(hostOf(request));
    const stack = leading && (await stackBehind(this.emulators, leading));
    const all = stack ? await this.listeningFor(stack) : [];
    if (all.length === 0)
      return void socket.end("HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n");
    forwardUpgrade(request, socket, head, {
      ...this.choose(stack!, all, request),
      path: targetOf(request).text,
    });
  }

  /** To one of the project's servers after the other. */
  private async hand(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    leading: Leading,
  ): Promise<void> {
    const stack = await stackBehind(this.emulators, leading);
    const image = stack && (await this.servers.imageOf(stack));
    if (!image)
      return notice(response, 503, "Not there yet", "No build of this project has produced a server yet.");
    // The provisioner calls this address before it declares the project ready: everything possible here was done.
    if (image.needs)
      return notice(
        response,
        200,
        "This kind needs Docker",
        `The project was built for ${image.needs}, and the sandbox uses no Docker: it has only recorded the project's servers and its database. Here, servers of Node and of Python run.`,
      );
    const all = await this.listeningFor(stack!);
    if (all.length === 0)
      return notice(
        response,
        503,
        "It does not run",
        "The project's server has ended, or is starting: its log says more.",
      );
    await forward(request, response, {
      ...this.choose(stack!, all, request),
      path: targetOf(request).text,
      agent: this.agent,
    });
  }
}

const bare = (host: string) => host.replace(/:\d+$/, "");
const hostOf = ({ headers }: http.IncomingMessage) => bare(headers.host!);
