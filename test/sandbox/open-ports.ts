// Every port that a sandbox has opened, as Linux itself lists them.
import * as fs from "node:fs";

export interface OpenPort {
  port: number;
  address: string;
  /** What listens there. */
  command: string;
}

/** The ports that these processes listen on. */
export function portsOf(...pids: number[]): OpenPort[] {
  const listening = new Map(["/proc/net/tcp", "/proc/net/tcp6"].flatMap(listeningIn));
  return pids.flatMap((pid) =>
    socketsOf(pid).flatMap((inode) => {
      const found = listening.get(inode);
      return found ? [{ ...found, command: commandOf(pid) }] : [];
    }),
  );
}

/** Those of a process and of all that it started. */
export const openPorts = (root: number): OpenPort[] => portsOf(root, ...below(root));

const LISTEN = "0A";

function listeningIn(file: string): [string, { port: number; address: string }][] {
  const lines = fs.readFileSync(file, "utf8").trim().split("\n").slice(1);
  return lines.flatMap((line): [string, { port: number; address: string }][] => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    const [address, port] = local!.split(":");
    return state === LISTEN ? [[inode!, { address: textOf(address!), port: parseInt(port!, 16) }]] : [];
  });
}

/** Linux writes an address as the number that the machine keeps: its bytes from the last to the first. */
function textOf(address: string): string {
  if (address.length > 8) return address;
  return address.match(/../g)!.reverse().map((byte) => parseInt(byte, 16)).join("."); // prettier-ignore
}

export function below(pid: number): number[] {
  const all = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const parents = new Map(all.map((one) => [Number(one), parentOf(one)]));
  const direct = (of: number) => [...parents].filter(([, parent]) => parent === of).map(([one]) => one);
  const walk = (of: number): number[] => direct(of).flatMap((one) => [one, ...walk(one)]);
  return walk(pid);
}

function parentOf(pid: string): number {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return 0; // gone meanwhile
  }
}

function socketsOf(pid: number): string[] {
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(fs.readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return []; // closed meanwhile
      }
    });
  } catch {
    return []; // gone meanwhile
  }
}

export function commandOf(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}
