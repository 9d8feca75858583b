import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import * as path from "node:path";

const versions = ["patroni[etcd3]==4.1.5", "psycopg[binary]==3.2.13"];

export interface Peers {
  /** Where Patroni and what it needs lie, for the system's own Python. */
  packages: string;
  etcd: string;
  /** A PostgreSQL with the tools that Patroni calls. */
  postgres: string;
}

/** A user's own Python lies in a home that PostgreSQL's user may not enter. */
export const python = "/usr/bin/python3";

/** Installs Patroni from PyPI and etcd from Debian into a folder of its own; a text says why that cannot be. */
export function installPeers(): Peers | string {
  const postgres = newestPostgres();
  if (!postgres) return "no PostgreSQL with pg_basebackup under /usr/lib/postgresql";
  if (!existsSync(python)) return `Patroni needs ${python}`;
  if (spawnSync("which", ["apt-get"]).status !== 0)
    return "etcd comes as a Debian package, and there is no apt-get";
  const folder = path.join(__dirname, ".venv");
  const peers = { packages: `${folder}/packages`, etcd: `${folder}/etcd/usr/bin/etcd`, postgres };
  if (existsSync(peers.etcd) && existsSync(peers.packages)) return peers;
  try {
    if (!existsSync(peers.packages)) {
      const target = `${peers.packages}.new`;
      const words = ["-m", "pip", "install", "--quiet", "--target", target, ...versions];
      execFileSync("python3", words, { stdio: "inherit" });
      renameSync(target, peers.packages);
    }
    const download = path.join(folder, "download");
    mkdirSync(download, { recursive: true });
    execFileSync("apt-get", ["download", "etcd-server"], { cwd: download, stdio: "pipe" });
    const file = readdirSync(download).find((name) => name.endsWith(".deb"))!;
    execFileSync("dpkg", ["-x", path.join(download, file), `${folder}/etcd.new`]);
    renameSync(`${folder}/etcd.new`, `${folder}/etcd`);
    return peers;
  } catch (error) {
    return `the installation failed: ${(error as Error).message}`;
  }
}

function newestPostgres(): string | undefined {
  const root = "/usr/lib/postgresql";
  const found = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return found.map((v) => `${root}/${v}/bin`).find((bin) => existsSync(`${bin}/pg_basebackup`));
}
