import type { BackupConfig } from "../../functions/database/backup/config";
import type { HostFile } from "../shared/cloud-config";
import { DATABASE_PORT } from "./args";

/** The backup settings that a node gets. */
export interface NodeBackup {
  bucketName: string;
  retentionDays: number;
  /** The longest time, in seconds, until a change is in the repository. */
  archiveSeconds: number;
  drillDays: number;
  /** The bucket to restore from, if it is a different one. */
  sourceBucketName?: string;
}

export interface BackupPlace {
  region: string;
  /** PostgreSQL's major version. */
  version: number;
  table: string;
  namespace: string;
  runDir: string;
  dataFolder: string;
  uid: number;
  /** The folder with the scripts. */
  bin: string;
  agent: string;
}

/** The prefix in the bucket under which the nodes' role may read and write, and nowhere else. */
export const REPOSITORY = "pgbackrest";
const STANZA = "database";
const DAYS_OF_A_FULL = 7;

const config = "/etc/groundwork/backup.json";
const repository = "/etc/groundwork/pgbackrest.conf";
const source = "/etc/groundwork/pgbackrest-source.conf";
const pgdgKey = "/etc/groundwork/pgdg.asc";

/** The files with which a node archives, backs up and restores. */
export function backupFiles(backup: NodeBackup, place: BackupPlace): HostFile[] {
  const { bin, agent } = place;
  const script = (name: string, content: string) => ({
    path: `${bin}/${name}`,
    permissions: "0755",
    content,
  });
  return [
    { path: repository, content: pgbackrestConf(backup.bucketName, backup, place) },
    ...(backup.sourceBucketName
      ? [{ path: source, content: pgbackrestConf(backup.sourceBucketName, backup, place) }]
      : []),
    { path: config, content: JSON.stringify(backupConfig(backup, place)) + "\n" },
    script("pgbackrest-archive", archiveScript(pgbackrest(repository))),
    script("restore", restoreScript("/usr/bin/node", agent, config)),
    script("install-backup", installScript(place.version)),
    { path: pgdgKey, content: PGDG_KEY },
    { path: "/etc/systemd/system/groundwork-backup.service", content: unit(place) },
  ];
}

const pgbackrest = (file: string) => ["/usr/bin/pgbackrest", `--config=${file}`, `--stanza=${STANZA}`];

export function backupConfig(backup: NodeBackup, place: BackupPlace): BackupConfig {
  return {
    repository: pgbackrest(repository),
    source: pgbackrest(backup.sourceBucketName ? source : repository),
    runDir: place.runDir,
    port: DATABASE_PORT,
    user: "postgres",
    fullDays: Math.min(DAYS_OF_A_FULL, backup.retentionDays),
    region: place.region,
    namespace: place.namespace,
    table: place.table,
    drill: {
      everyDays: backup.drillDays,
      folder: "/var/lib/groundwork/drill",
      postgres: "/usr/bin/postgres",
      uid: place.uid,
      gid: place.uid,
    },
  };
}

/** No encryption here: the bucket encrypts with the database's own key. */
export function pgbackrestConf(
  bucketName: string,
  { retentionDays }: Pick<NodeBackup, "retentionDays">,
  { region, runDir, dataFolder }: Pick<BackupPlace, "region" | "runDir" | "dataFolder">,
  more: Record<string, string> = {},
): string {
  const global = {
    "repo1-type": "s3",
    "repo1-path": `/${REPOSITORY}`,
    "repo1-s3-bucket": bucketName,
    "repo1-s3-region": region,
    "repo1-s3-endpoint": `s3.${region}.amazonaws.com`,
    "repo1-s3-key-type": "auto",
    "repo1-bundle": "y",
    "repo1-retention-full-type": "time",
    "repo1-retention-full": String(retentionDays),
    "compress-type": "zst",
    "start-fast": "y",
    // PostgreSQL pauses for a minute after its third failure, for example before the repository knows the database.
    "archive-timeout": "180",
    "lock-path": runDir,
    "spool-path": runDir,
    "log-level-console": "off",
    "log-level-file": "off",
    "log-level-stderr": "info",
    ...more,
  };
  const own = {
    "pg1-path": dataFolder,
    "pg1-socket-path": runDir,
    "pg1-port": String(DATABASE_PORT),
    "pg1-user": "postgres",
  };
  const lines = (values: Record<string, string>) =>
    Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
  return ["[global]\n", ...lines(global), `[${STANZA}]\n`, ...lines(own)].join("");
}

/** Called by PostgreSQL only, which runs only on the node that holds the lease. pgBackRest insists on its own name in the command. */
export const archiveScript = (words: string[]) => `#!/bin/sh
exec ${words.join(" ")} --log-level-stderr=warn archive-push "$1"
`;

export const restoreScript = (node: string, agent: string, file: string) => `#!/bin/sh
exec ${node} ${agent} restore ${file} "$@"
`;

/**
 * Installs pgBackRest from PostgreSQL's own packages, because Amazon Linux has none. An image that contains it is left alone.
 * The repositories stay disabled otherwise: they have PostgreSQL packages with the same names as Amazon's.
 */
const installScript = (version: number) => `#!/bin/bash
set -euo pipefail
[ ! -x /usr/bin/pgbackrest ] || exit 0
rpm --import ${pgdgKey}
dnf install -y --setopt=localpkg_gpgcheck=1 \\
  "https://download.postgresql.org/pub/repos/yum/reporpms/AL-2023-$(uname -m)/pgdg-amazonlinux-repo-latest.noarch.rpm"
sed -i 's/^enabled=1/enabled=0/' /etc/yum.repos.d/pgdg-*.repo
dnf install -y --enablerepo=pgdg-common --enablerepo=pgdg${version} pgbackrest
`;

/** A separate unit from the guard and the agent, so that a failure here affects the backups alone. */
const unit = ({ bin, agent }: BackupPlace) => `[Unit]
Description=Groundwork database backup
After=groundwork-agent.service
StartLimitIntervalSec=0

[Service]
ExecStartPre=${bin}/install-backup
ExecStart=/usr/bin/node ${agent} backup ${config}
StandardOutput=append:/var/log/groundwork-backup.log
StandardError=inherit
Restart=always
RestartSec=60
Nice=10

[Install]
WantedBy=multi-user.target
`;

/** The key that signs the packages for Amazon Linux at https://yum.postgresql.org. It expires in August 2028. */
const PGDG_KEY = `-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEaoSmuhYJKwYBBAHaRw8BAQdAxdTyf08PKqF0FWt/mb4EsuNCR8r6lKyREFf3
UihbD2q0PlBvc3RncmVTUUwgUlBNIFJlcG9zaXRvcnkgPHBnc3FsLXBrZy15dW1A
bGlzdHMucG9zdGdyZXNxbC5vcmc+iJkEExYKAEEWIQSuaRuCzDx8X7KDM8hkCCeg
rlHgoQUCaoSmugIbAwUJA8JnAAULCQgHAgIiAgYVCgkICwIEFgIDAQIeBwIXgAAK
CRBkCCegrlHgoVYeAQDxmShc1gNwH3dsQe3EUcrgeowYc3yQIWJ7MJsLnqgHtAEA
/ArnV9l0q2yOcwoWSVvWBVkK0JNfBaQhApbbW+6veAm4OARqhKa6EgorBgEEAZdV
AQUBAQdAxpFqlobGXkh+TDRlfB4Vz1UoAq3OFAWhu1DOkzgoQwYDAQgHiH4EGBYK
ACYWIQSuaRuCzDx8X7KDM8hkCCegrlHgoQUCaoSmugIbDAUJA8JnAAAKCRBkCCeg
rlHgoaB0APwP58dxeMhUahIsk0yI8eRUdUQq+9ONRsGN02EW/dVL+QEA74slW65E
K+v6pzXtzTfiBdCAAD3YmP2b3xP1ElT7bQY=
=hg+H
-----END PGP PUBLIC KEY BLOCK-----
`;
