import * as http from "node:http";
import { AddressInfo } from "node:net";
import { Duplex } from "node:stream";
import { Hosts, refusalOf } from "./access";
import { messageOf } from "./problem";

/** An error of the caller, or of a server that the answer depends on: reported to the caller, and not logged. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export type Handler = (
  request: http.IncomingMessage,
  response: http.ServerResponse,
) => Promise<unknown> | unknown;

/** Answers a request for another protocol than HTTP. */
export type Upgrade = (request: http.IncomingMessage, socket: Duplex, head: Buffer) => Promise<unknown>;

const ROOM_FOR_A_BODY = 8 * 1024 * 1024;

/**
 * Every HTTP server of the sandbox: it listens on this machine only, refuses pages of other sites, and survives any input. An error
 * of its handler becomes the answer and a line in the log.
 */
export class LocalServer {
  private readonly server: http.Server;
  private readonly upgraded = new Set<Duplex>();

  constructor(
    private readonly name: string,
    private readonly handler: Handler,
    private readonly note: (line: string) => void,
    /** @default this machine's own */
    private readonly hosts?: Hosts,
    /** @default such requests are answered like all others */
    upgrade?: Upgrade,
  ) {
    this.server = http.createServer((request, response) => void this.answer(request, response));
    if (upgrade)
      this.server.on("upgrade", (request, socket, head) => {
        this.upgraded.add(socket);
        socket.on("error", () => {}).once("close", () => this.upgraded.delete(socket));
        const refused = refusalOf(request.headers, this.hosts);
        if (refused) return void socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n");
        upgrade(request, socket, head).catch((error: unknown) => {
          note(`${name}: ${messageOf(error)}`);
          socket.destroy();
        });
      });
    this.server.on("error", (error) => note(`${name}: ${messageOf(error)}`)); // for example, no more files may be opened
  }

  /** Starts to listen, on a free port unless one is given; returns the port. */
  async start(port = 0): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, "127.0.0.1", () => {
        this.server.off("error", reject);
        resolve();
      });
    });
    return this.port;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    for (const socket of this.upgraded) socket.destroy(); // the server itself no longer knows them
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    try {
      const reason = refusalOf(request.headers, this.hosts);
      if (reason) throw new Refusal(403, `The sandbox refuses this: ${reason}.`);
      await this.handler(request, response);
    } catch (error) {
      if (response.destroyed) return; // nobody receives it any more
      if (!(error instanceof Refusal))
        this.note(`${this.name}: ${request.method} ${request.url?.slice(0, 200)}: ${messageOf(error)}`);
      refuse(response, error instanceof Refusal ? error : new Refusal(500, "The sandbox failed at this."));
    }
  }
}

function refuse(response: http.ServerResponse, { status, message }: Refusal): void {
  if (response.headersSent) return void response.destroy(); // a partial answer must not look complete
  // Does not wait for the rest of the request.
  response.writeHead(status, { "content-type": "text/plain", connection: "close" }).end(`${message}\n`);
}

/** A request's path and query. It decodes and refuses nothing: `//`, `*` and whole addresses have a path as well. */
export function targetOf({ url = "/" }: http.IncomingMessage): {
  /** In the form in which it is passed on. */
  text: string;
  path: string;
  query: URLSearchParams;
} {
  const local = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i, "");
  const text = local === "*" || local.startsWith("/") ? local : `/${local}`;
  const at = text.indexOf("?");
  const path = at < 0 ? text : text.slice(0, at);
  return { text, path, query: new URLSearchParams(at < 0 ? "" : text.slice(at)) };
}

/** The whole body; refuses one that is larger than anybody needs. */
export async function bodyOf(message: http.IncomingMessage, limit = ROOM_FOR_A_BODY): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of message) {
    size += (part as Buffer).length;
    if (size > limit) throw new Refusal(413, `A body may have at most ${limit} bytes.`);
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}
