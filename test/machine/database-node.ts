import * as fs from "node:fs";
import * as path from "node:path";
import { sh } from "../rig/failover/shell";
import { POSTGRES_UID } from "../../components/database/node-script";
import { nativeFolder } from "../../sandbox/nodes/installation";
import { Machine } from "./machine";
import { Site } from "./site";

/** EFS is a folder of this machine: what its mount says is not proved here. As the real helper does, it leaves the mount's tunnel behind. */
const MOUNT_EFS = `#!/bin/sh
echo "mount.efs $*" >>/var/log/stand-ins
setsid sh -c 'exec sleep infinity' </dev/null >/dev/null 2>&1 &
exec mount --bind /srv/efs "$2"
`;

/** A machine that has what `dnf` would install: PostgreSQL and its user, Node.js, EFS's mount helper. */
export function databaseNode(site: Site, name: string): Machine {
  const efs = path.join(site.folder, "efs");
  fs.mkdirSync(efs, { recursive: true });
  fs.chownSync(efs, POSTGRES_UID, POSTGRES_UID);
  const node = site.machine(name, {
    "/srv/efs": efs,
    "/opt/postgresql": nativeFolder(),
    "/usr/bin/node": process.execPath,
  });
  node.write("/usr/sbin/mount.efs", MOUNT_EFS, 0o755);
  for (const program of ["initdb", "postgres"])
    fs.symlinkSync(`/opt/postgresql/bin/${program}`, path.join(node.root, "usr/bin", program));
  const inside = (...words: string[]) => sh("chroot", node.root, ...words);
  // Debian has given Amazon's number away.
  inside("groupmod", "--gid", "926", "tape");
  inside("groupadd", "--gid", String(POSTGRES_UID), "postgres");
  inside("useradd", "--uid", String(POSTGRES_UID), "--gid", "postgres", "postgres");
  return node;
}
