import * as http from "node:http";
import { once } from "node:events";
import { AddressInfo } from "node:net";

/**
 * Answers for every project, whose machines and distributions are records here: the provisioner asks a project's address before it
 * calls it ready. What the project itself would serve is not there.
 */
export class ProjectSites {
  // eslint-disable-next-line no-restricted-properties -- LocalServer refuses the names that this answers for
  private readonly server = http.createServer((request, response) => {
    request.resume();
    response
      .writeHead(200, { "Content-Type": "text/plain" })
      .end("This project is a record of the sandbox.\n");
  });

  /** Where it answers, for whichever name. */
  async start(): Promise<string> {
    await once(this.server.listen(0, "127.0.0.1"), "listening");
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
