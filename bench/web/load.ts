import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { percentile } from "../figure";
import { peersFolder } from "./peers";
import { cpuMilliseconds, type Server } from "./servers";

interface Outcome {
  requests: { average: number; total: number };
  latency: { p50: number; p99: number; max: number };
  non2xx: number;
  errors: number;
}
interface Request {
  body?: string;
}
interface Options {
  url: string;
  connections: number;
  duration: number;
  requests?: {
    method?: string;
    headers?: Record<string, string>;
    setupRequest?: (request: Request) => Request;
  }[];
}
type Autocannon = (options: Options) => Promise<Outcome>;

// Required at run time, because the bench installs it.
const autocannon: Autocannon = (options) =>
  (createRequire(path.join(peersFolder, "package.json"))("autocannon") as Autocannon)(options);

export interface Measured {
  perSecond: number;
  p50: number;
  p99: number;
  max: number;
  /** Processor time of the server for one request, in microseconds; foreign load disturbs it less than the rate. */
  cpu?: number;
}

async function measure(server: Server, options: Omit<Options, "url">, where: string): Promise<Measured> {
  const before = cpuMilliseconds(server);
  const outcome = await autocannon({ ...options, url: server.url + where });
  const after = cpuMilliseconds(server);
  const failed = outcome.non2xx + outcome.errors;
  if (failed > 0)
    throw new Error(`${server.name} failed ${failed} of ${outcome.requests.total} requests to ${where}`);
  return {
    perSecond: outcome.requests.average,
    p50: outcome.latency.p50,
    p99: outcome.latency.p99,
    max: outcome.latency.max,
    ...(before !== undefined &&
      after !== undefined && { cpu: ((after - before) * 1000) / outcome.requests.total }),
  };
}

export const get = (
  server: Server,
  where: string,
  duration: number,
  connections: number,
): Promise<Measured> => measure(server, { connections, duration }, where);

/** Each request adds another user. */
export function post(
  server: Server,
  where: string,
  duration: number,
  connections: number,
): Promise<Measured> {
  const run = `${Date.now().toString(36)}${process.pid}`;
  let n = 0;
  const setupRequest = (request: Request): Request => {
    const name = `${run}-${(n += 1)}`;
    return { ...request, body: JSON.stringify({ username: name, email: `${name}@example.com` }) };
  };
  const requests = [{ method: "POST", headers: { "content-type": "application/json" }, setupRequest }];
  return measure(server, { connections, duration, requests }, where);
}

const EVERY_MS = 10;

/**
 * The p99, in milliseconds, of a page that is asked for every 10 ms whether or not the last answer has come, as people do.
 * An answer that never came counts as long as it was waited for.
 */
export async function occasional(server: Server, where: string, seconds: number): Promise<number> {
  const agent = new http.Agent({ keepAlive: true });
  const waiting = new Set<number>();
  const latencies: number[] = [];
  const ask = (): void => {
    const start = performance.now();
    waiting.add(start);
    const answered = (): void => {
      if (waiting.delete(start)) latencies.push(performance.now() - start);
    };
    http
      .get(server.url + where, { agent }, (response) => response.resume().on("end", answered))
      .on("error", () => undefined);
  };
  for (let n = 0; n < (seconds * 1000) / EVERY_MS; n += 1) {
    ask();
    await sleep(EVERY_MS);
  }
  const end = performance.now();
  latencies.push(...[...waiting].map((start) => end - start));
  waiting.clear();
  agent.destroy();
  return percentile(latencies, 0.99);
}

/** Clients that ask for the same again and again until told to stop. */
export function hold(server: Server, where: string, clients: number): () => Promise<number> {
  const controller = new AbortController();
  let answered = 0;
  const client = async (): Promise<void> => {
    while (!controller.signal.aborted) {
      const response = await fetch(server.url + where, { signal: controller.signal });
      await response.arrayBuffer();
      if (response.ok) answered += 1;
    }
  };
  const all = Array.from({ length: clients }, () => client().catch(() => undefined));
  return async () => {
    controller.abort();
    await Promise.all(all);
    return answered;
  };
}
