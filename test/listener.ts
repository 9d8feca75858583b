// A server of this process that stands in for one on the network: what a test tells it to answer is what a client gets.
import { once } from "node:events";
import * as http from "node:http";
import { AddressInfo } from "node:net";
import { messageOf } from "../sandbox/problem";

export interface Listener {
  port: number;
  url: string;
  /** Hangs up on everybody, and goes on listening. */
  hangUp(): void;
  close(): Promise<void>;
}

type Answer = (request: http.IncomingMessage, response: http.ServerResponse) => unknown;

/** Listens on a free port. An error of `answer` becomes the answer, so that the client's own error tells it. */
export async function listen(answer: Answer, host = "127.0.0.1"): Promise<Listener> {
  const server = http.createServer(async (request, response) => {
    try {
      await answer(request, response);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end(messageOf(error));
    }
  });
  await once(server.listen(0, host), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${host}:${port}`,
    hangUp: () => server.closeAllConnections(),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function textOf(request: http.IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

/** What is asked of an AWS service: the action as the protocol names it (`Service.Action` in JSON's, `Action` in the query's). */
export async function awsCallOf(request: http.IncomingMessage): Promise<{ target: string; body: string }> {
  const body = await textOf(request);
  return {
    target: String(request.headers["x-amz-target"] ?? new URLSearchParams(body).get("Action")),
    body,
  };
}
