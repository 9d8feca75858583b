import { randomInt } from "node:crypto";
import * as net from "node:net";
import { Problem } from "./problem";

/**
 * Below the ports that systems assign to outgoing connections (from 32768 on Linux, from 49152 elsewhere):
 * one of those may be taken before its server listens.
 */
const LOWEST = 10_240;
const HIGHEST = 32_767;
const given = new Set<number>();

/** A port that nobody listens on, that no outgoing connection uses, and that this process returns only once. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (given.has(port)) continue;
    given.add(port); // before the attempt: another call may draw it meanwhile
    const refusal = await refusalOf(port);
    if (!refusal) return port;
    if (refusal.code !== "EADDRINUSE") throw refusal;
  }
}

/** Refuses a port that cannot be listened on, before anything is started for it, and says what helps. */
export async function requirePort(port: number, otherwise?: string): Promise<void> {
  const refusal = await refusalOf(port);
  if (!refusal) return;
  throw new Problem(
    refusal.code === "EACCES"
      ? `Port ${port} is reserved for the system${otherwise ? `: ${otherwise}` : ""}.`
      : `Port ${port} is taken: stop what listens there${otherwise ? `, or ${otherwise}` : ""}.`,
  );
}

function refusalOf(port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", resolve);
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(undefined)));
  });
}
