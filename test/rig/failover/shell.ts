import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { monotonicMs } from "../../../functions/database/agent/config";
import { tool } from "../../../scripts/tools/index.cjs";

export function sh(command: string, ...words: string[]): string {
  return execFileSync(command, words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** Why the rig cannot run on this machine; undefined when it can. */
export function missing(): string | undefined {
  if (process.platform !== "linux") return `the rig needs Linux, this is ${process.platform}`;
  if (process.getuid!() !== 0) return "the rig needs root, for network namespaces";
  for (const tool of ["ip", "unshare", "setpriv", "flock", "mount", "fsfreeze"])
    if (spawnSync("which", [tool]).status !== 0)
      return `the rig needs the command ${tool} (iproute2, util-linux)`;
  const probe = `gwprobe${process.pid}`;
  if (spawnSync("ip", ["netns", "add", probe]).status !== 0)
    return "the rig may not make network namespaces here";
  spawnSync("ip", ["netns", "del", probe]);
  return undefined;
}

/** Why no host can have a mount daemon here; undefined when they can. */
export function missingForMountDaemons(): string | undefined {
  if (!existsSync("/dev/fuse")) return "this kernel has no /dev/fuse";
  try {
    tool("bindfs");
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** A process and everything under it. */
export function tree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
      const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
    } catch {
      // gone while we looked
    }
  }
  const found = [root];
  for (let i = 0; i < found.length; i++) found.push(...(children.get(found[i]!) ?? []));
  return found;
}

export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}

/** When a process was started, of the machine's monotonic clock; Infinity when it is gone. */
export function startedAt(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const ticks = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
    const up = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
    return monotonicMs() - 1000 * (up - ticks / 100);
  } catch {
    return Infinity;
  }
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone already
  }
}
