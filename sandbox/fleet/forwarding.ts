import { randomBytes } from "node:crypto";
import * as http from "node:http";
import { pipeline } from "node:stream/promises";

const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

export interface Hop {
  /** Where the target listens; undefined for one that does not run. */
  port: number | undefined;
  /** With the query. */
  path: string;
  listener: { port: number; protocol: string };
  agent: http.Agent;
  /** How long neither side may be silent. */
  idleMs: number;
}

/**
 * Sends a request on to a target, and its answer back. A target that cannot be reached is a 502, one that is silent a 504; one that
 * breaks off in the middle of its answer breaks the client's connection, as AWS does it.
 */
export async function forward(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  hop: Hop,
): Promise<void> {
  let late = false;
  try {
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      if (hop.port === undefined) throw new Error("it does not run");
      const outgoing = http.request({
        host: "127.0.0.1",
        port: hop.port,
        method: request.method,
        path: hop.path,
        headers: forwarded(request, hop.listener),
        agent: hop.agent,
        timeout: hop.idleMs,
      });
      outgoing.once("response", resolve);
      outgoing.on("error", reject); // stays: one that comes after the answer would end the process
      outgoing.once("timeout", () => {
        late = true;
        outgoing.destroy(new Error("it was silent"));
      });
      response.once("close", () => outgoing.destroy());
      request.pipe(outgoing);
    });
    response.writeHead(answer.statusCode!, answer.statusMessage, endToEnd(answer.headers));
    await pipeline(answer, response);
  } catch {
    if (late) refuse(response, 504, "Gateway Time-out");
    else refuse(response, 502, "Bad Gateway");
  }
}

/** Answers as AWS's load balancer does by itself; breaks an answer off that has begun. */
export function refuse(response: http.ServerResponse, status: number, text: string): void {
  if (response.headersSent) return void response.destroy();
  const body = `<html>\n<head><title>${status} ${text}</title></head>\n<body>\n<center><h1>${status} ${text}</h1></center>\n</body>\n</html>\n`;
  response.writeHead(status, { server: "awselb/2.0", "content-type": "text/html" }).end(body);
}

function forwarded(request: http.IncomingMessage, listener: Hop["listener"]): http.OutgoingHttpHeaders {
  const client = request.socket.remoteAddress ?? "127.0.0.1";
  const before = request.headers["x-forwarded-for"];
  return {
    ...endToEnd(request.headers),
    // Node sends the body of a GET without saying where it ends, and the target would take it for the next request.
    ...(request.headers["transfer-encoding"] && { "transfer-encoding": "chunked" }),
    "x-forwarded-for": before ? `${String(before)}, ${client}` : client,
    "x-forwarded-proto": listener.protocol.toLowerCase(),
    "x-forwarded-port": String(listener.port),
    "x-amzn-trace-id": request.headers["x-amzn-trace-id"] ?? traceId(),
  };
}

function endToEnd(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
}

const traceId = () =>
  `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString("hex")}`;
