import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { Paths } from "./paths";
import { Problem } from "./problem";

/** Deletes the data of all databases; refuses while a server uses it. */
export function forgetDatabase({ database }: Paths): void {
  for (const data of ["data", "shared/postgresql"]) requireNoServer(path.join(database, data));
  fs.rmSync(database, { recursive: true, force: true });
}

/**
 * Removes the pid file of a server that is gone. PostgreSQL does so itself, unless another process has that pid by now. Its refusal
 * is right while a server still uses the data.
 */
export function forgetLastServer(data: string): void {
  requireNoServer(data);
  fs.rmSync(noteOf(data), { force: true });
}

function requireNoServer(data: string): void {
  const server = serverOn(data);
  if (server === undefined) return;
  throw new Problem(
    `A PostgreSQL of an earlier start still works on ${data} (process ${server}): end it with kill ${server} first.`,
  );
}

const noteOf = (data: string) => path.join(data, "postmaster.pid");

/** The server that uses this data, if there is one. */
function serverOn(data: string): number | undefined {
  if (!fs.existsSync(noteOf(data))) return undefined;
  const pid = Number(fs.readFileSync(noteOf(data), "utf8").split("\n")[0]);
  return Number.isInteger(pid) && pid > 0 && worksOn(pid, data) ? pid : undefined;
}

function worksOn(pid: number, data: string): boolean {
  try {
    if (process.platform === "linux") return fs.readlinkSync(`/proc/${pid}/cwd`) === fs.realpathSync(data);
    return /postgres/.test(execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }));
  } catch {
    return false; // there is no such process
  }
}
