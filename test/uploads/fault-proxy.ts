import http from "node:http";
import { listen } from "../listener";

/** What happens to a request: it goes through, is answered with an error, or loses its answer after it was carried out. */
export type Fate = "through" | "throttle" | "error" | "lose-answer" | "hang";

export interface FaultProxy {
  url: string;
  /** Decides each request's fate. */
  decide: (request: http.IncomingMessage) => Fate;
  counts: Record<Fate, number>;
  close(): Promise<void>;
}

const ERRORS = {
  throttle: { status: 503, code: "SlowDown", message: "Please reduce your request rate." },
  error: {
    status: 500,
    code: "InternalError",
    message: "We encountered an internal error. Please try again.",
  },
};

/** Stands between the mover and the emulator's S3, and breaks what it is told to. */
export async function faultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  const agent = new http.Agent({ keepAlive: true });
  const counts: Record<Fate, number> = { through: 0, throttle: 0, error: 0, "lose-answer": 0, hang: 0 };
  const proxy: FaultProxy = { url: "", decide: () => "through", counts, close: async () => {} };
  const server = await listen((request, response) => {
    const fate = proxy.decide(request);
    counts[fate]++;
    if (fate === "hang") return;
    if (fate === "throttle" || fate === "error") {
      const { status, code, message } = ERRORS[fate];
      request.resume();
      response.writeHead(status, { "content-type": "application/xml" });
      response.end(
        request.method === "HEAD" ? "" : `<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
      );
      return;
    }
    const { method, url: path, headers } = request;
    const onward = http.request({ hostname, port, method, path, headers, agent }, (answer) => {
      if (fate === "lose-answer") {
        answer.resume();
        answer.once("end", () => response.destroy());
        return;
      }
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    onward.once("error", () => response.destroy());
    request.pipe(onward);
  });
  return Object.assign(proxy, {
    url: server.url,
    close() {
      agent.destroy();
      return server.close();
    },
  });
}
