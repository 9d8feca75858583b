// MariaDB in MySQL's place, with the same word for what it demands.
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { unprivileged } from "../../sandbox/nodes/installation";
import { freePort } from "../../sandbox/ports";
import { until } from "../../sandbox/problem";
import { Processes } from "../../sandbox/processes";
import { certify } from "../../sandbox/sites/databases";

export const LOGIN = { username: "project", password: "pa55word" };

export interface Database {
  scheme: string;
  port: number;
  ca: string;
}

/** Starts one that takes TLS only, with an empty database. */
export async function mariadb(processes: Processes, home: string): Promise<Database> {
  const user = unprivileged();
  fs.mkdirSync(home);
  certify(home);
  if (user.uid !== undefined)
    for (const name of ["", ...fs.readdirSync(home)])
      fs.chownSync(path.join(home, name), user.uid, user.gid!);
  const data = `--datadir=${path.join(home, "data")}`;
  const socket = path.join(home, "socket");
  execFileSync("mariadb-install-db", ["--no-defaults", data, "--auth-root-authentication-method=normal"], {
    ...user,
    stdio: "pipe",
  });
  const port = await freePort();
  const tls = ["cert=server.pem", "key=server.key", "ca=ca.pem"].map((one) => {
    const [name, file] = one.split("=") as [string, string];
    return `--ssl-${name}=${path.join(home, file)}`;
  });
  const where = [`--port=${port}`, "--bind-address=127.0.0.1", `--socket=${socket}`];
  processes.start(
    "mariadb",
    "mariadbd",
    ["--no-defaults", data, ...where, ...tls, "--require-secure-transport=ON"],
    { log: `${home}.log`, cwd: home, ...user },
  );
  const sql = `CREATE DATABASE project; CREATE USER project@'127.0.0.1' IDENTIFIED BY '${LOGIN.password}'; GRANT ALL ON project.* TO project@'127.0.0.1'`;
  await until("The start of MariaDB", () => {
    const args = ["--no-defaults", `--socket=${socket}`, "--user=root", "--execute", sql];
    return spawnSync("mariadb", args, { stdio: "ignore" }).status === 0;
  });
  return { scheme: "mysql", port, ca: fs.readFileSync(path.join(home, "ca.pem"), "utf8") };
}
