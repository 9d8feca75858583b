import * as http from "node:http";
import { Hosts } from "../access";
import { Use } from "../engine/clients";
import { forward } from "../fleet/forwarding";
import { sleep } from "../problem";
import { PROJECTS_DOMAIN } from "../program";
import { LocalServer, targetOf } from "../server";
import { stackBehind } from "./behind";
import { serve } from "./cloudfront";
import { distributionOf } from "./distribution";
import { Leading, resolve } from "./names";
import { notice } from "./notice";
import { ProjectServers } from "./servers";

const HOSTS: Hosts = {
  accepted: new RegExp(`^[a-z0-9-]+\\.${PROJECTS_DOMAIN.replaceAll(".", "\\.")}(:\\d+)?$`),
  says: `a name below ${PROJECTS_DOMAIN}`,
};

/** Less than the provisioner waits for an answer, which else asks again a minute later. */
const PATIENCE_MS = 4_000;
const LOOK_MS = 100;

/** What stands in for CloudFront and the load balancers of all projects: each answers by its own name. */
export class Sites {
  private readonly server: LocalServer;
  private readonly agent = new http.Agent({ keepAlive: true });
  private turn = 0;

  constructor(
    private readonly emulators: { ministack: Use; moto: Use },
    private readonly servers: ProjectServers,
    note: (line: string) => void,
  ) {
    this.server = new LocalServer(
      "sites",
      (request, response) => this.answer(request, response),
      note,
      HOSTS,
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
    const host = request.headers.host!.replace(/:\d+$/, "");
    const leading = await resolve(this.emulators.ministack, host);
    if (!leading)
      return notice(
        response,
        404,
        "No project here",
        `No project has the name ${host}, or its name leads nowhere now.`,
      );
    const distribution = leading.alias && (await distributionOf(this.emulators.ministack, leading.alias));
    if (!distribution) return this.hand(request, response, leading);
    if (!distribution.enabled)
      return notice(
        response,
        403,
        "Frozen",
        "This project is frozen: whoever asked for it can extend it in the console.",
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

  /** Where a project's servers listen; one that is just starting is waited for. */
  private async portsOf(stack: string): Promise<number[]> {
    for (const end = Date.now() + PATIENCE_MS; ; await sleep(LOOK_MS)) {
      const ports = this.servers.portsOf(stack);
      if (ports.length > 0 || Date.now() > end) return ports;
    }
  }

  /** To one of the project's servers after the other. */
  private async hand(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    leading: Leading,
  ): Promise<void> {
    const stack = await stackBehind(this.emulators, leading);
    const image = stack && (await this.servers.imageOf(stack));
    if (!image) return notice(response, 503, "Not there yet", "No build of this project has left a server.");
    // The provisioner asks this address before it calls the project ready: what could be done here was done.
    if (image.needs)
      return notice(
        response,
        200,
        "This kind needs Docker",
        `The project was built for ${image.needs}, and the sandbox runs without Docker: it has only recorded the project's servers and its database. Here, servers of Node run.`,
      );
    const ports = await this.portsOf(stack!);
    if (ports.length === 0)
      return notice(
        response,
        503,
        "It does not run",
        "The project's server has ended, or is starting: its log says more.",
      );
    await forward(request, response, {
      port: ports[this.turn++ % ports.length],
      path: targetOf(request).text,
      listener: { port: this.server.port, protocol: "HTTP" },
      agent: this.agent,
      idleMs: 60_000,
    });
  }
}
