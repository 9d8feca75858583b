// The machines' first disk, as an AMI is one: a small Debian, made once and kept.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { missing as missingForNet } from "../rig/failover/shell";

/** What Amazon Linux 2023 has from the start, and what `dnf install` in user data adds and Debian has too. */
const PACKAGES = [
  ..."awscli ca-certificates cloud-init curl dbus docker.io iproute2 iptables kmod".split(" "),
  ..."logrotate openssl procps systemd-container systemd-sysv".split(" "),
];
/** User data enables what it needs: Debian's packages do so by themselves. */
const DISABLED = ["containerd", "docker.service", "docker.socket"];

const CACHE = path.join(__dirname, "../../node_modules/.cache/groundwork");
const RELEASE = "bookworm";

/** Why no machine can boot here; undefined when one can. */
export function missing(): string | undefined {
  if (!process.env["MACHINE"])
    return "machines boot when asked to: as root on Linux, with debootstrap and Debian's packages in reach, MACHINE=1";
  if (process.arch !== "x64") return `the machines' disk is for x64, this is ${process.arch}`;
  for (const tool of ["debootstrap", "iptables", "curl"])
    if (spawnSync("which", [tool]).status !== 0) return `machines need the command ${tool} here`;
  return missingForNet();
}

/** The folder of the first disk. */
export function rootDisk(): string {
  const key = createHash("sha256")
    .update(JSON.stringify([RELEASE, PACKAGES, DISABLED]))
    .digest("hex");
  const disk = path.join(CACHE, `machine-${key.slice(0, 16)}`);
  if (fs.existsSync(disk)) return disk;
  console.log("      the machines' disk is made: some 700 MB, some minutes");
  fs.mkdirSync(CACHE, { recursive: true });
  const unfinished = `${disk}.${process.pid}`;
  // Mounts of its own: none is left whichever way this ends.
  const run = (...words: string[]) =>
    execFileSync("unshare", ["--mount", ...words], {
      stdio: ["ignore", "ignore", "pipe"],
      env: { PATH, DEBIAN_FRONTEND: "noninteractive" },
    });
  const inside = (...words: string[]) => run("chroot", unfinished, ...words);
  try {
    run("debootstrap", "--variant=minbase", RELEASE, unfinished);
    fs.copyFileSync("/etc/resolv.conf", path.join(unfinished, "etc/resolv.conf"));
    inside("apt-get", "install", "--quiet", "--yes", "--no-install-recommends", ...PACKAGES);
    inside("apt-get", "clean");
    inside("systemctl", "disable", ...DISABLED);
    // Empty, not missing: else systemd takes the boot for the first one, and enables all that is installed.
    fs.writeFileSync(path.join(unfinished, "etc/machine-id"), "");
    fs.renameSync(unfinished, disk);
  } finally {
    fs.rmSync(unfinished, { recursive: true, force: true });
  }
  return disk;
}

export const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
