import { once } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import { createAuthority } from "../../webapp/certificates";

export interface S3ByTls {
  port: number;
  /** Who vouches for it, as PEM. */
  authority: string;
  close(): Promise<void>;
}

/** TLS before an emulator that has none: pgBackRest speaks nothing else to S3. */
export async function s3ByTls(endpoint: string): Promise<S3ByTls> {
  const { hostname, port } = new URL(endpoint);
  const authority = createAuthority();
  const { key, certificate } = authority.issue(["localhost"]);
  const agent = new http.Agent({ keepAlive: true });
  const server = https.createServer({ key, cert: certificate }, (request, response) => {
    const { method, url: path, headers } = request;
    const upstream = http.request({ hostname, port, method, path, headers, agent }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    upstream.on("error", () => response.destroy());
    request.pipe(upstream);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    authority: authority.certificate,
    async close() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
