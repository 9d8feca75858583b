// Is packed beside the code of a traced function, and reports each of its calls to AWS to X-Ray. Lambda's own daemon takes parts of a trace
// by UDP: https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-daemon
import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest, IncomingMessage } from "node:http";

interface Message {
  request: ClientRequest;
  response?: IncomingMessage;
}

const [host, port] = (process.env["AWS_XRAY_DAEMON_ADDRESS"] ?? "").split(":");
const socket = createSocket("udp4").unref();
socket.on("error", () => {}); // a report that cannot be sent is lost, and the function continues
const began = new WeakMap<ClientRequest, number>();
const now = () => Date.now() / 1000;

subscribe("http.client.request.start", (message) => began.set((message as Message).request, now()));
for (const end of ["http.client.response.finish", "http.client.request.error"])
  subscribe(end, (message) => tell(message as Message));

function tell({ request, response }: Message): void {
  const header = (name: string) => String(request.getHeader(name));
  const [, service] = /\/([^/]+)\/aws4_request/.exec(header("authorization")) ?? [];
  // As the SDK reads it from the function's environment.
  const [, trace_id, parent_id] =
    /Root=([\w-]+);Parent=(\w+);Sampled=1/.exec(header("x-amzn-trace-id")) ?? [];
  const start_time = began.get(request);
  if (!port || !service || !trace_id || !start_time) return;
  began.delete(request);
  const status = response?.statusCode ?? 0;
  // Some of AWS's protocols name the operation only in the body, and the path would reveal what the call asks for.
  const [, operation] =
    /\.(\w+)$/.exec(header("x-amz-target")) ??
    /(?:[?&]x-id=|^\/service\/\w+\/operation\/)(\w+)/.exec(request.path) ??
    [];
  const part = {
    ...{ trace_id, parent_id, start_time, end_time: now() },
    id: randomBytes(8).toString("hex"),
    type: "subsegment",
    namespace: "aws",
    name: service,
    aws: { operation },
    http: { request: { method: request.method }, response: { status } },
    throttle: status === 429,
    error: status >= 400 && status < 500,
    fault: status === 0 || status >= 500,
  };
  socket.send(`{"format":"json","version":1}\n${JSON.stringify(part)}`, Number(port), host);
}
