import * as fs from "node:fs";

/** A socket as Linux lists it: `0100007F:1F90`, with the address's bytes reversed. */
const listed = (address: string, port: number) =>
  `${address
    .split(".")
    .reverse()
    .map((one) => Number(one).toString(16).padStart(2, "0"))
    .join("")}:${port.toString(16).padStart(4, "0")}`.toUpperCase();

/** In Linux's list. Other entries share a connection's address and port: connections to elsewhere, and closed or waiting ones. */
const ESTABLISHED = "01";

/** The user id of the peer's socket of a connection to this port of ours, from /proc/net/tcp; undefined if it is not listed. */
export function userOf(peer: string, port: number, list: string): number | undefined {
  const [, address, from] = /^(\d+\.\d+\.\d+\.\d+):(\d+)$/.exec(peer) ?? [];
  if (!address) return undefined;
  const wanted = [listed(address, Number(from)), listed("127.0.0.1", port), ESTABLISHED].join(" ");
  for (const line of list.split("\n")) {
    const [, local, remote, state, , , , user] = line.trim().split(/\s+/);
    if ([local, remote, state].join(" ") === wanted) return Number(user);
  }
  return undefined;
}

/**
 * Whether a process of our own user calls this port: the protocol has no key, and its requests run with the emulators' key and this user's
 * files. Only Linux can tell.
 */
export const isOwn = (peer: string, port: number): boolean =>
  process.platform !== "linux" ||
  userOf(peer, port, fs.readFileSync("/proc/net/tcp", "utf8")) === process.getuid!();
