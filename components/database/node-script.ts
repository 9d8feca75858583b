import type { AgentConfig } from "../../functions/database/agent/config";
import { backupFiles, NodeBackup } from "./backup-files";
import { NAMESPACE } from "./metrics";
import { cloudConfig, environmentFile } from "../shared/cloud-config";
import { DATABASE_PORT } from "./args";
import { detachScript, isMounted, NodeVariables, startScript, vaultScript } from "./start-script";

export interface NodeScriptArgs {
  region: string;
  vpcId: string;
  /** The addresses that may connect. */
  clientCidr: string;
  virtualIp: string;
  table: string;
  secretArn: string;
  /** The role to assume for the secret, if that is in another account. */
  secretRoleArn?: string;
  fileSystemId: string;
  accessPointId: string;
  agentBucket: string;
  agentKey: string;
  agentSha256: string;
  logGroup: string;
  /** PostgreSQL's major version. */
  version: number;
  leaseMs: number;
  /** Days after which the clients' password is rotated. */
  passwordDays: number;
  /** @default no backups */
  backup?: NodeBackup & { restoreFrom?: string };
}

/** The user on Amazon Linux that runs PostgreSQL and owns the data. */
export const POSTGRES_UID = 26;
export const LEASE_KEY = "database";

const hourMs = 60 * 60_000;

const mount = "/srv/database";
const run = "/run/groundwork";
const variables = "/etc/groundwork/database.env";
const config = "/etc/groundwork/database.json";
const bin = "/usr/local/lib/groundwork";
const agent = "/opt/groundwork/agent.cjs";

/** User data of a database node: the agent, its guard, and the scripts with which they use the shared data. */
export function nodeScript(args: NodeScriptArgs): string {
  return cloudConfig({
    files: [
      { path: variables, permissions: "0600", content: environmentFile({ ...nodeVariables(args) }) },
      { path: config, content: JSON.stringify(agentConfig(args)) + "\n" },
      { path: `${bin}/attach`, permissions: "0755", content: attach(args) },
      { path: `${bin}/try`, permissions: "0755", content: tryData(args) },
      { path: `${bin}/start`, permissions: "0755", content: startScript },
      ...(args.secretRoleArn
        ? [
            {
              path: `${bin}/vault`,
              permissions: "0755",
              content: vaultScript(args.secretArn, args.secretRoleArn),
            },
          ]
        : []),
      { path: `${bin}/detach`, permissions: "0755", content: `${detachScript}${reap("data")}\n` },
      { path: "/etc/tmpfiles.d/groundwork.conf", content: `d ${run} 0770 root postgres\n` },
      { path: "/etc/systemd/system/groundwork-vip.service", content: virtualIp(args) },
      { path: "/etc/systemd/system/groundwork-guard.service", content: service("guard", "", "") },
      {
        path: "/etc/systemd/system/groundwork-agent.service",
        // At a shutdown, the agent stops first: it stops PostgreSQL through the guard and releases the lease.
        content: service(
          "agent",
          "Wants=groundwork-guard.service\nAfter=groundwork-guard.service groundwork-vip.service\n",
          // SIGHUP rotates the password at once. It would kill the guard, and PostgreSQL with it.
          "ExecReload=/bin/kill -HUP $MAINPID\n",
        ),
      },
      { path: "/opt/aws/amazon-cloudwatch-agent/etc/groundwork.json", content: logs(args) },
      { path: "/etc/logrotate.d/groundwork", content: rotation },
      { path: "/etc/systemd/system/logrotate.timer.d/groundwork.conf", content: everyMinute },
      ...(args.backup ? backupFiles(args.backup, backupPlace(args)) : []),
      { path: "/usr/local/sbin/groundwork-boot", permissions: "0755", content: boot(args) },
    ],
    commands: [["/usr/local/sbin/groundwork-boot"]],
  });
}

function nodeVariables(args: NodeScriptArgs): NodeVariables {
  return {
    MOUNT: mount,
    RUN_DIR: run,
    PG_BIN: "/usr/bin",
    PG_UID: String(POSTGRES_UID),
    PG_GID: String(POSTGRES_UID),
    CLIENT_CIDR: args.clientCidr,
    VIRTUAL_IP: args.virtualIp,
    SECRET_ARN: args.secretArn,
    ...(args.secretRoleArn && { VAULT: `${bin}/vault` }),
    ...(args.backup && {
      ARCHIVE: `${bin}/pgbackrest-archive`,
      ARCHIVE_SECONDS: String(args.backup.archiveSeconds),
      RESTORE: `${bin}/restore`,
      RESTORE_FROM: args.backup.restoreFrom ?? "",
    }),
  };
}

const backupPlace = (args: NodeScriptArgs) => ({
  region: args.region,
  version: args.version,
  table: args.table,
  namespace: NAMESPACE,
  runDir: run,
  dataFolder: `${mount}/postgresql`,
  uid: POSTGRES_UID,
  bin,
  agent,
});

function agentConfig(args: NodeScriptArgs): Omit<AgentConfig, "timing"> & { timing: object } {
  const script = (name: string) => [`${bin}/${name}`, variables];
  return {
    node: "@NODE@",
    region: args.region,
    table: args.table,
    key: LEASE_KEY,
    virtualIp: args.virtualIp,
    vpc: args.vpcId,
    runDir: run,
    user: "postgres",
    port: DATABASE_PORT,
    secretArn: args.secretArn,
    ...(args.secretRoleArn && { secretRoleArn: args.secretRoleArn }),
    password: { changeMs: args.passwordDays * 24 * hourMs, formerMs: hourMs },
    attach: script("attach"),
    try: script("try"),
    start: script("start"),
    detach: script("detach"),
    timing: { leaseMs: args.leaseMs },
  };
}

/**
 * EFS's mount helper leaves the tunnel of the mount running. The tunnel gets a scope of its own: as a process of the guard,
 * it would end with the guard, and the storage with it.
 */
const mountIn = (
  scope: string,
  { fileSystemId, accessPointId }: NodeScriptArgs,
  options: string,
  at: string,
) =>
  `systemd-run --quiet --collect --scope --unit=groundwork-${scope} \\
    mount -t efs -o tls,iam,accesspoint=${accessPointId},${options} ${fileSystemId}:/ ${at}`;

/** Ends a tunnel whose mount is gone or never succeeded. Never call it while mounted: processes that use the mount would hang for ever. */
const reap = (scope: string) =>
  `{ systemctl kill --signal=KILL groundwork-${scope}.scope; systemctl stop groundwork-${scope}.scope; } 2>/dev/null || true`;

const attach = (args: NodeScriptArgs) => `#!/bin/bash
. "$1"
${isMounted} || {
  ${reap("data")}
  mkdir -p "$MOUNT"
  ${mountIn("data", args, "noatime", '"$MOUNT"')}
} || exit 1
# What is mounted may answer no more: this asks the server itself.
stat -f "$MOUNT" >/dev/null
`;

/** Mounts the data a second time on a node that serves, read-only, so that the unmount has nothing left to write. */
const tryData = (args: NodeScriptArgs) => `#!/bin/bash
. "$1"
at=$RUN_DIR/try
umount --lazy $at 2>/dev/null
${reap("try")}
mkdir -p $at
${mountIn("try", args, "ro", "$at")} && ls $at >/dev/null
reached=$?
umount $at && ${reap("try")}
exit $reached
`;

const virtualIp = ({ virtualIp: address }: NodeScriptArgs) => `[Unit]
Description=Groundwork virtual IP
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/ip addr replace ${address}/32 dev lo

[Install]
WantedBy=multi-user.target
`;

/** Restarts after a tenth of a second, because the guard must be back before the lease expires. */
const service = (role: string, order: string, reload: string) => `[Unit]
Description=Groundwork database ${role}
${order}StartLimitIntervalSec=0

[Service]
Environment=AWS_DEFAULT_REGION=@REGION@
ExecStart=/usr/bin/node ${agent} ${role} ${config}
${reload}StandardOutput=append:/var/log/groundwork-${role}.log
StandardError=inherit
Restart=always
RestartSec=100ms
TimeoutStopSec=60
OOMScoreAdjust=-900

[Install]
WantedBy=multi-user.target
`;

function logs({ logGroup, backup }: NodeScriptArgs): string {
  const file = (name: string, file_path: string) => ({
    file_path,
    log_group_name: logGroup,
    log_stream_name: `${name}/{instance_id}`,
  });
  const list = [
    file("agent", "/var/log/groundwork-agent.log"),
    file("postgresql", "/var/log/groundwork-guard.log"),
    file("boot", "/var/log/cloud-init-output.log"),
    ...(backup ? [file("backup", "/var/log/groundwork-backup.log")] : []),
  ];
  return JSON.stringify({ logs: { logs_collected: { files: { collect_list: list } } } }) + "\n";
}

const rotation = `/var/log/groundwork-*.log {
  size 50M
  rotate 3
  copytruncate
  missingok
}
`;

/** Every minute: at the system's default of once a day, a log could fill the disk between two rotations. */
const everyMinute = `[Timer]
OnCalendar=
OnCalendar=minutely
AccuracySec=1s
RandomizedDelaySec=0
`;

const boot = (args: NodeScriptArgs) => `#!/bin/bash
set -euo pipefail
export AWS_DEFAULT_REGION=${args.region}

# For five minutes: the way out of the subnet may be as new as this machine.
again() { for _ in $(seq 30); do "$@" && return; sleep 10; done; return 1; }

again dnf install -y amazon-efs-utils postgresql${args.version}-server openssl nodejs22 amazon-cloudwatch-agent logrotate

token=$(curl -sf --retry 10 --retry-all-errors -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 900' http://169.254.169.254/latest/api/token)
me=$(curl -sf --retry 10 --retry-all-errors -H "X-aws-ec2-metadata-token: $token" http://169.254.169.254/latest/meta-data/instance-id)
sed -i "s/@NODE@/$me/" ${config}
sed -i "s/@REGION@/${args.region}/" /etc/systemd/system/groundwork-*.service

mkdir -p /opt/groundwork
again aws s3 cp --only-show-errors s3://${args.agentBucket}/${args.agentKey} ${agent}
echo "${args.agentSha256}  ${agent}" | sha256sum --check --quiet

/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s \\
  -c file:/opt/aws/amazon-cloudwatch-agent/etc/groundwork.json
systemd-tmpfiles --create
systemctl daemon-reload
systemctl restart logrotate.timer
systemctl enable --now groundwork-vip groundwork-guard groundwork-agent
${args.backup ? "# It may take a while, or not be there: the database does without.\nsystemctl enable --now --no-block groundwork-backup\n" : ""}`;
