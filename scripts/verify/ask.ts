import * as http from "node:http";
import * as https from "node:https";

export interface Asked {
  method?: string;
  /** The value of the Authorization header. */
  authorization?: string;
  body?: unknown;
  /** A browser's form data, sent instead of a body. */
  form?: Record<string, string>;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
  /** The answer as JSON; undefined for anything else. */
  json: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- the APIs' answers have no common type
}

const ANSWER_MS = 30_000;

/** Each request opens a new connection, so that a load balancer chooses again. */
export function ask(
  url: string,
  { method = "GET", authorization, body, form, headers }: Asked = {},
): Promise<Answer> {
  const { protocol, hostname, host, port, pathname, search } = new URL(url);
  // Like browsers, it resolves every name below localhost to this machine.
  const name = hostname.endsWith(".localhost") ? "127.0.0.1" : hostname;
  const json = body === undefined ? undefined : JSON.stringify(body);
  const content = form ? String(new URLSearchParams(form)) : json;
  const options: https.RequestOptions = {
    ...{ method, host: name, port, path: pathname + search, agent: false, timeout: ANSWER_MS },
    headers: {
      host,
      accept: "application/json",
      ...(authorization !== undefined && { authorization }),
      ...(content !== undefined && {
        "content-type": form ? "application/x-www-form-urlencoded" : "application/json",
        "content-length": Buffer.byteLength(content),
      }),
      ...headers,
    },
  };
  return new Promise((resolve, reject) => {
    const request = (protocol === "https:" ? https : http).request(options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.once("error", reject);
      response.once("end", () =>
        resolve({ status: response.statusCode!, headers: response.headers, text, json: jsonIn(text) }),
      );
    });
    request.once("timeout", () =>
      request.destroy(new Error(`${url} did not answer within ${ANSWER_MS / 1000} s`)),
    );
    request.once("error", reject).end(content);
  });
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The unexpected answer, short enough for one line. */
export const shown = ({ status, text }: Answer): string =>
  `${status} ${text.replace(/\s+/g, " ").slice(0, 200)}`.trim();
