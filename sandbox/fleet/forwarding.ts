import { randomBytes } from "node:crypto";
import * as http from "node:http";
import { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { xrayId } from "../../webapp/traces/header";

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
  /** Where the target listens; undefined if it does not run. */
  port: number | undefined;
  /** With the query. */
  path: string;
  listener: { port: number; protocol: string };
  agent: http.Agent;
  /** How long either side may be silent. */
  idleMs: number;
  /** Additional headers of the answer, beside the target's own. */
  cookies?: string[];
}

/**
 * Forwards a request to a target, and returns its answer. An unreachable target is a 502, a silent one a 504; if one breaks off in
 * the middle of its answer, the client's connection breaks too, as on AWS.
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
    const cookies = [...(answer.headers["set-cookie"] ?? []), ...(hop.cookies ?? [])];
    response.writeHead(answer.statusCode!, answer.statusMessage, {
      ...endToEnd(answer.headers),
      ...(cookies.length > 0 && { "set-cookie": cookies }),
    });
    await pipeline(answer, response);
  } catch {
    if (late) refuse(response, 504, "Gateway Time-out");
    else refuse(response, 502, "Bad Gateway");
  }
}

/** Forwards a request that asks for another protocol, as a WebSocket's first one does, and then whatever either side sends. */
export function forwardUpgrade(
  request: http.IncomingMessage,
  socket: Duplex,
  head: Buffer,
  { port, path, listener, idleMs, cookies = [] }: Omit<Hop, "agent">,
): void {
  const { connection, upgrade } = request.headers;
  const outgoing = http.request({
    host: "127.0.0.1",
    port,
    method: request.method,
    path,
    headers: { ...forwarded(request, listener), connection, upgrade },
    agent: false,
  });
  const ends: { destroy(): unknown }[] = [socket, outgoing];
  const end = () => ends.forEach((each) => each.destroy());
  socket.on("error", end).once("close", end);
  outgoing.on("error", () => socket.end(`HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n`));
  // The target may refuse it like any other request.
  outgoing.once("response", (answer) => {
    socket.write(headOf(answer, cookies));
    answer.pipe(socket);
  });
  outgoing.once("upgrade", (answer, target, early) => {
    ends.push(target); // which no longer belongs to the request
    target.on("error", end).once("close", end);
    socket.write(headOf(answer, cookies));
    if (early.length > 0) socket.write(early);
    if (head.length > 0) target.write(head);
    target.setTimeout(idleMs, end);
    socket.pipe(target).pipe(socket);
  });
  outgoing.end();
}

function headOf({ statusCode, statusMessage, rawHeaders }: http.IncomingMessage, cookies: string[]): string {
  const lines = cookies.map((cookie) => `set-cookie: ${cookie}`);
  for (let at = 0; at < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  return [`HTTP/1.1 ${statusCode} ${statusMessage}`, ...lines, "", ""].join("\r\n");
}

const OWN = "awselb/2.0";

/** Whether the load balancer itself answers, not one of its targets. */
export const isOwn = (response: http.ServerResponse): boolean => response.getHeader("server") === OWN;

/** Answers as AWS's load balancer itself does; breaks off an answer that has begun. */
export function refuse(response: http.ServerResponse, status: number, text: string): void {
  if (response.headersSent) return void response.destroy();
  const body = `<html>\n<head><title>${status} ${text}</title></head>\n<body>\n<center><h1>${status} ${text}</h1></center>\n</body>\n</html>\n`;
  response.setHeader("server", OWN);
  response.writeHead(status, { "content-type": "text/html" }).end(body);
}

function forwarded(request: http.IncomingMessage, listener: Hop["listener"]): http.OutgoingHttpHeaders {
  const client = request.socket.remoteAddress ?? "127.0.0.1";
  const before = request.headers["x-forwarded-for"];
  return {
    ...endToEnd(request.headers),
    // Node sends a GET's body without marking its end, and the target would take it for the next request.
    ...(request.headers["transfer-encoding"] && { "transfer-encoding": "chunked" }),
    "x-forwarded-for": before ? `${String(before)}, ${client}` : client,
    "x-forwarded-proto": listener.protocol.toLowerCase(),
    "x-forwarded-port": String(listener.port),
    "x-amzn-trace-id": traceOf(request.headers["x-amzn-trace-id"]),
  };
}

function endToEnd(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
}

/** A client's trace header is passed on; a trace that begins here is named `Root`, this step of another's `Self`. */
function traceOf(given: string | string[] | undefined): string {
  const id = xrayId(`${Math.floor(Date.now() / 1000).toString(16)}${randomBytes(12).toString("hex")}`);
  const fields = String(given ?? "")
    .split(";")
    .filter((field) => field !== "" && !/^ *Self=/.test(field));
  const own = fields.some((field) => /^ *Root=/.test(field)) ? "Self" : "Root";
  return [`${own}=${id}`, ...fields].join(";");
}
