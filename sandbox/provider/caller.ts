import * as fs from "node:fs";

/** A socket as Linux lists it: `0100007F:1F90`, the bytes of the address from behind. */
const listed = (address: string, port: number) =>
  `${address
    .split(".")
    .reverse()
    .map((one) => Number(one).toString(16).padStart(2, "0"))
    .join("")}:${port.toString(16).padStart(4, "0")}`.toUpperCase();

/** The user id of the socket at that end of a connection, by the list of /proc/net/tcp; undefined where it is not there. */
export function userOf(peer: string, list: string): number | undefined {
  const [, address, port] = /^(\d+\.\d+\.\d+\.\d+):(\d+)$/.exec(peer) ?? [];
  if (!address) return undefined;
  const wanted = listed(address, Number(port));
  for (const line of list.split("\n")) {
    const [, local, , , , , , user] = line.trim().split(/\s+/);
    if (local === wanted) return Number(user);
  }
  return undefined;
}

/**
 * Whether who calls is a process of our own user: the protocol has no key, and what is asked for is done with the emulators' key and with
 * this user's files. Other systems than Linux do not tell.
 */
export const isOwn = (peer: string): boolean =>
  process.platform !== "linux" ||
  userOf(peer, fs.readFileSync("/proc/net/tcp", "utf8")) === process.getuid!();
