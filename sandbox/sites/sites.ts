import * as http from "node:http";
import { Hosts } from "../access";
import { Use } from "../engine/clients";
import { PROJECTS_DOMAIN } from "../program";
import { LocalServer, targetOf } from "../server";
import { serve } from "./cloudfront";
import { distributionOf } from "./distribution";
import { resolve } from "./names";
import { notice } from "./notice";

const HOSTS: Hosts = {
  accepted: new RegExp(`^[a-z0-9-]+\\.${PROJECTS_DOMAIN.replaceAll(".", "\\.")}(:\\d+)?$`),
  says: `a name below ${PROJECTS_DOMAIN}`,
};

/** What stands in for CloudFront and the load balancers of all projects: each answers by its own name. */
export class Sites {
  private readonly server: LocalServer;

  constructor(
    private readonly use: Use,
    note: (line: string) => void,
  ) {
    this.server = new LocalServer("sites", (request, response) => this.answer(request, response), note, HOSTS);
  }

  start(port = 0): Promise<number> {
    return this.server.start(port);
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const host = request.headers.host!.replace(/:\d+$/, "");
    const leading = await resolve(this.use, host);
    if (!leading)
      return notice(response, 404, "No project here", `No project has the name ${host}, or its name leads nowhere now.`);
    const distribution = leading.alias && (await distributionOf(this.use, leading.alias));
    if (!distribution)
      return notice(response, 503, "Not served here", "The sandbox serves the files of projects, and this one runs a server.");
    if (!distribution.enabled)
      return notice(response, 403, "Frozen", "This project is frozen: whoever asked for it can extend it in the console.");
    const reads = request.method === "GET" || request.method === "HEAD";
    if (!reads) return void response.writeHead(403, { allow: "GET, HEAD" }).end();
    const { status, headers, body } = await serve(this.use, distribution, targetOf(request).path);
    response.writeHead(status, { ...headers, "content-length": body.length });
    response.end(request.method === "HEAD" ? undefined : body);
  }
}
