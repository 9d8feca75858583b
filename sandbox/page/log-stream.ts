import * as http from "node:http";
import { setTimeout as after } from "node:timers/promises";
import type { Resource } from "../engine";
import { Use } from "../engine/clients";
import { saidInCall } from "../logs/call";
import { Logs, printed } from "../logs/logs";
import { Problem } from "../problem";
import { Refusal } from "../server";

const EVERY_MS = 1_000;
const LINES = 300;

interface From {
  folder: string;
  use: Use;
  resources: () => Resource[];
}

/**
 * Writes the existing lines, and then new ones until the reader leaves. The emulators' own logs are not for this page, which
 * everybody on this machine may open: they contain every call.
 */
export async function streamLogs(from: From, words: string[], response: http.ServerResponse): Promise<void> {
  const logs = new Logs({ ...from, words, emulators: false });
  const last = await logs.last(LINES).catch((error: unknown) => {
    throw error instanceof Problem ? new Refusal(404, error.message) : error;
  });
  response.writeHead(200, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });
  response.flushHeaders();
  for (let lines = last; !response.destroyed; lines = await logs.next()) {
    if (lines.length > 0) response.write(lines.map((line) => `${printed(line)}\n`).join(""));
    await after(EVERY_MS);
  }
}

/** Writes a function's output in one of its calls: nothing while it runs, because its log is written at the end. */
export async function sendLogOfCall(
  from: From,
  name: string,
  call: string,
  response: http.ServerResponse,
): Promise<void> {
  const lines = await saidInCall(from, name, call);
  if (!lines) throw new Refusal(404, `No function is called "${name}".`);
  response.writeHead(200, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });
  response.end(lines.map((line) => `${printed(line)}\n`).join(""));
}
