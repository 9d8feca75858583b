// Docker's own API, through the daemon's socket. The `docker` command would take a container's environment from its own, where a project's variable
// could be one that the command itself obeys.
import * as http from "node:http";
import { Problem } from "../problem";

const PATIENCE_MS = 3_000;

interface Call {
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is. */
  tar?: Buffer;
  /** @default none */
  patienceMs?: number;
}

export class Engine {
  private version = "";

  constructor(readonly socket: string) {}

  /** Agrees with the daemon on a version of the API; fails if nobody answers soon. */
  async meet(): Promise<void> {
    const { headers } = await this.open("GET", "/_ping", { patienceMs: PATIENCE_MS });
    this.version = headers["api-version"] ? `/v${String(headers["api-version"])}` : "";
  }

  /** A question and the whole answer, read as JSON. */
  async ask<T = unknown>(method: string, path: string, call: Call = {}): Promise<T> {
    const text = await textOf(await this.open(method, path, call));
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  /** The answer as it comes; an error of the daemon's is thrown. */
  async open(method: string, path: string, { body, tar, patienceMs }: Call = {}) {
    const sent = tar ?? (body === undefined ? undefined : Buffer.from(JSON.stringify(body)));
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const request = http.request(
        {
          socketPath: this.socket,
          method,
          path: this.version + path,
          agent: false,
          headers: {
            host: "docker",
            ...(sent && {
              "content-type": tar ? "application/x-tar" : "application/json",
              "content-length": sent.length,
            }),
          },
        },
        resolve,
      );
      request.on("error", reject);
      if (patienceMs !== undefined)
        request.setTimeout(patienceMs, () => request.destroy(new Problem("it does not answer")));
      request.end(sent);
    });
    if (answer.statusCode! < 400) return answer;
    throw new DockerError(answer.statusCode!, saidIn(await textOf(answer)));
  }
}

export class DockerError extends Problem {
  constructor(
    readonly status: number,
    said: string,
  ) {
    super(`Docker: ${said}`);
  }
}

/** Takes these answers of the daemon's for none. */
export const unless =
  (...statuses: number[]) =>
  (error: unknown): undefined => {
    if (!(error instanceof DockerError && statuses.includes(error.status))) throw error;
  };

export const GONE = 404;
/** Somebody else removes it just now. */
export const GOING = 409;

function saidIn(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text;
  }
}

async function textOf(answer: http.IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
