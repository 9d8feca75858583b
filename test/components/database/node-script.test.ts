import { strict as assert } from "node:assert";
import { spawn, spawnSync } from "node:child_process";
import { GuardClient } from "../../../functions/database/agent/guard-client";
import { readConfig } from "../../../functions/database/agent/config";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";
import { agentFile } from "../../../components/database/agent-file";
import { nodeScript } from "../../../components/database/node-script";
import { some } from "../../some";
import { newFolder } from "../../folder";

interface Parsed {
  write_files: { path: string; permissions: string; content: string }[];
  runcmd: string[][];
}

const args = {
  region: "eu-west-1",
  vpcId: "vpc-1",
  clientCidr: "10.0.0.0/16",
  virtualIp: "10.10.10.10",
  table: "lease-1",
  secretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf",
  fileSystemId: "fs-1",
  accessPointId: "fsap-1",
  agentBucket: "bucket",
  agentKey: "agent-1.cjs",
  agentSha256: "0".repeat(64),
  logGroup: "db",
  version: 17,
  leaseMs: 2000,
  passwordDays: 30,
  backup: {
    bucketName: "database-backups-1234567",
    retentionDays: 14,
    archiveSeconds: 300,
    drillDays: 7,
    sourceBucketName: "another-stacks-backups-7654321",
    restoreFrom: "2026-11-26T20:00:00Z@another-stacks-backups-7654321",
  },
};
const text = nodeScript(args);
const parsed = load(text) as Parsed;
const file = (name: string) => parsed.write_files.find((f) => f.path === name)!;

describe("A database node's user data", () => {
  it("fits into EC2's limit", () => {
    assert.ok(Buffer.byteLength(text) < 15_900, `${Buffer.byteLength(text)} bytes`);
    const there = nodeScript({
      ...args,
      secretRoleArn: "arn:aws:iam::210987654321:role/database-secret-keeper",
    });
    assert.ok(Buffer.byteLength(there) < 16_384, `${Buffer.byteLength(there)} bytes`);
  });

  it("contains scripts that the shell understands", () => {
    for (const { path: name, content } of some(
      parsed.write_files.filter((f) => f.content.startsWith("#!/bin/bash")),
    )) {
      const { status, stderr } = spawnSync("bash", ["-n"], { input: content, encoding: "utf8" });
      assert.deepEqual({ name, status, stderr }, { name, status: 0, stderr: "" });
    }
  });

  it("configures the agent so that it accepts the file", () => {
    const folder = newFolder("node-script");
    const config = path.join(folder, "database.json");
    writeFileSync(config, file("/etc/groundwork/database.json").content.replace("@NODE@", "i-1"));
    const { node, vpc, table, timing, attach } = readConfig(config);
    assert.deepEqual(
      { node, vpc, table, leaseMs: timing.leaseMs, attach },
      {
        node: "i-1",
        vpc: "vpc-1",
        table: "lease-1",
        leaseMs: 2000,
        attach: ["/usr/local/lib/groundwork/attach", "/etc/groundwork/database.env"],
      },
    );
  });

  it("configures it for the longest lease too, whose margin grows with it", () => {
    const folder = newFolder("node-script");
    const config = path.join(folder, "database.json");
    const { write_files } = load(nodeScript({ ...args, leaseMs: 60_000 })) as Parsed;
    const { content } = write_files.find((f) => f.path === "/etc/groundwork/database.json")!;
    writeFileSync(config, content);
    assert.equal(readConfig(config).timing.marginMs, 6000);
  });

  it("mounts by TLS, with the role, through the access point", () => {
    assert.match(
      file("/usr/local/lib/groundwork/attach").content,
      /mount -t efs -o tls,iam,accesspoint=fsap-1,noatime fs-1:\/ /,
    );
  });

  /** A script of the node beside stand-ins that write down how they were called; `mounts` is what findmnt says. */
  function calls(
    script: string,
    { mounts = false, fails = "" } = {},
  ): { status: number | null; calls: string[] } {
    const folder = newFolder("node-script");
    const log = path.join(folder, "calls");
    const works: Record<string, string> = {
      ...{
        findmnt: mounts ? "exit 0" : "exit 1",
        "systemd-run": "",
        systemctl: "",
        umount: "",
        stat: "",
        ls: "",
      },
      ...(fails ? { [fails]: "exit 1" } : {}),
    };
    for (const [name, ending] of Object.entries(works))
      writeFileSync(path.join(folder, name), `#!/bin/bash\necho "${name} $*" >> ${log}\n${ending}\n`, {
        mode: 0o755,
      });
    const variables = path.join(folder, "variables");
    writeFileSync(variables, `MOUNT=${folder}/data\nRUN_DIR=${folder}/run\n`);
    const { status } = spawnSync("bash", ["-s", variables], {
      input: file(`/usr/local/lib/groundwork/${script}`).content,
      env: { PATH: `${folder}:/usr/bin:/bin` },
    });
    return { status, calls: readFileSync(log, "utf8").trim().replaceAll(folder, "").split("\n") };
  }
  const end = (scope: string) => [
    `systemctl kill --signal=KILL groundwork-${scope}.scope`,
    `systemctl stop groundwork-${scope}.scope`,
  ];
  const mount = (scope: string, options: string, at: string) =>
    `systemd-run --quiet --collect --scope --unit=groundwork-${scope} mount -t efs -o tls,iam,accesspoint=fsap-1,${options} fs-1:/ ${at}`;

  it("mounts in its own scope, which outlives the guard, and only after the tunnel of an interrupted attempt has ended", () => {
    const LOOK = "findmnt --mountpoint /data";
    assert.deepEqual(calls("attach"), {
      status: 0,
      calls: [LOOK, ...end("data"), mount("data", "noatime", "/data"), "stat -f /data"],
    });
    assert.deepEqual(calls("attach", { mounts: true }), { status: 0, calls: [LOOK, "stat -f /data"] });
    assert.equal(calls("attach", { fails: "systemd-run" }).status, 1);
  });

  it("ends the tunnel once the mount is gone, and never before", () => {
    const LOOK = "findmnt --mountpoint /data";
    assert.deepEqual(calls("detach"), { status: 0, calls: [LOOK, ...end("data")] });
    const stuck = calls("detach", { mounts: true, fails: "umount" });
    assert.deepEqual([stuck.status, stuck.calls.some((call) => call.startsWith("systemctl"))], [1, false]);
  });

  it("tests the data in a second, read-only mount, and leaves nothing behind", () => {
    assert.deepEqual(calls("try"), {
      status: 0,
      calls: [
        "umount --lazy /run/try",
        ...end("try"),
        mount("try", "ro", "/run/try"),
        "ls /run/try",
        "umount /run/try",
        ...end("try"),
      ],
    });
    for (const fails of ["systemd-run", "ls"]) assert.equal(calls("try", { fails }).status, 1, fails);
  });

  it("limits its logs by size every minute, not every day", () => {
    assert.match(file("/etc/logrotate.d/groundwork").content, /size 50M\n {2}rotate 3\n/);
    assert.match(
      file("/etc/systemd/system/logrotate.timer.d/groundwork.conf").content,
      /OnCalendar=\nOnCalendar=minutely\n/,
    );
  });

  it("retries for some minutes what a new network may refuse at first", () => {
    const boot = file("/usr/local/sbin/groundwork-boot").content;
    for (const what of ["dnf install", "aws s3 cp"])
      assert.deepEqual(
        boot.split("\n").filter((line) => line.includes(what) && !line.startsWith("again ")),
        [],
      );
  });

  it("checks the agent that it downloads", () => {
    assert.match(
      file("/usr/local/sbin/groundwork-boot").content,
      /0{64} {2}\/opt\/groundwork\/agent\.cjs" \| sha256sum --check/,
    );
  });

  it("keeps its backups as long as told, in the given bucket, encrypted only by that bucket", () => {
    const conf = file("/etc/groundwork/pgbackrest.conf").content;
    for (const line of [
      "repo1-s3-bucket=database-backups-1234567",
      "repo1-s3-key-type=auto",
      "repo1-path=/pgbackrest",
      "repo1-retention-full-type=time",
      "repo1-retention-full=14",
      "archive-timeout=180",
      "pg1-path=/srv/database/postgresql",
    ])
      assert.ok(conf.split("\n").includes(line), line);
    const config = JSON.parse(file("/etc/groundwork/backup.json").content) as Record<string, unknown>;
    assert.deepEqual([config["fullDays"], config["table"]], [7, "lease-1"]);
    assert.match(file("/etc/groundwork/database.env").content, /\nARCHIVE_SECONDS=300\n/);
  });

  it("restores from another stack's bucket without ever writing to it", () => {
    const { repository, source } = JSON.parse(file("/etc/groundwork/backup.json").content) as Record<
      string,
      string[]
    >;
    assert.ok(source!.includes("--config=/etc/groundwork/pgbackrest-source.conf"));
    assert.ok(repository!.includes("--config=/etc/groundwork/pgbackrest.conf"));
    assert.match(
      file("/etc/groundwork/pgbackrest-source.conf").content,
      /repo1-s3-bucket=another-stacks-backups-7654321\n/,
    );
    const archive = file("/usr/local/lib/groundwork/pgbackrest-archive").content;
    assert.match(archive, /--config=\/etc\/groundwork\/pgbackrest\.conf .* archive-push "\$1"/);
  });

  it("installs pgBackRest after the database has started, verified with an included key", () => {
    const { content } = file("/usr/local/sbin/groundwork-boot");
    assert.match(content, /groundwork-agent\n(#.*\n)?systemctl enable --now --no-block groundwork-backup\n/);
    const install = file("/usr/local/lib/groundwork/install-backup").content;
    assert.match(
      install,
      /rpm --import \/etc\/groundwork\/pgdg\.asc\ndnf install -y --setopt=localpkg_gpgcheck=1/,
    );
  });

  it("contains nothing about backups if there are none", () => {
    const without = nodeScript({ ...args, backup: undefined });
    assert.doesNotMatch(without, /pgbackrest|groundwork-backup/);
    assert.doesNotMatch(
      (load(without) as Parsed).write_files.find((f) => f.path.endsWith("database.env"))!.content,
      /ARCHIVE|RESTORE/,
    );
  });

  it("restarts guard and agent a tenth of a second after they end", () => {
    for (const role of ["guard", "agent"])
      assert.match(
        file(`/etc/systemd/system/groundwork-${role}.service`).content,
        /Restart=always\nRestartSec=100ms/,
      );
  });

  it("reloads the agent, never the guard", () => {
    const reload = (role: string) =>
      /ExecReload=.*/.exec(file(`/etc/systemd/system/groundwork-${role}.service`).content)?.[0];
    assert.deepEqual([reload("agent"), reload("guard")], ["ExecReload=/bin/kill -HUP $MAINPID", undefined]);
  });
});

describe("The agent's file", () => {
  it("is built once, named by its checksum, and explains its usage", () => {
    const first = agentFile();
    assert.deepEqual(agentFile(), first);
    assert.equal(path.basename(first.path), `${first.sha256}.cjs`);
    const sum = spawnSync("sha256sum", [first.path], { encoding: "utf8" }).stdout.split(" ")[0];
    assert.equal(sum, first.sha256);
    const { status, stderr } = spawnSync(process.execPath, [first.path], { encoding: "utf8" });
    assert.equal(status, 2);
    assert.match(stderr, /^agent <config> .*\nguard <config> /);
  });

  it("goes on when its log cannot be written, as on a full disk", async () => {
    const folder = newFolder("agent-config");
    const config = path.join(folder, "c.json");
    const texts = ["node", "region", "table", "key", "virtualIp", "vpc", "user", "secretArn"];
    const commands = Object.fromEntries(["attach", "try", "start", "detach"].map((name) => [name, ["true"]]));
    const all = { ...Object.fromEntries(texts.map((name) => [name, "x"])), ...commands };
    const password = { changeMs: 1, formerMs: 1 };
    writeFileSync(config, JSON.stringify({ ...all, runDir: folder, port: 5432, password }));
    const full = openSync("/dev/full", "w");
    const guard = spawn(process.execPath, [agentFile().path, "guard", config], {
      stdio: ["ignore", full, full],
    });
    try {
      const client = new GuardClient(path.join(folder, "guard.sock"), () => undefined);
      for (let asked = 0; asked < 3; asked++) assert.equal(await client.ask({ do: "stop", how: "kill" }), 0);
      assert.equal(guard.exitCode, null);
    } finally {
      guard.kill("SIGKILL");
      closeSync(full);
    }
  });

  it("refuses an invalid configuration, naming every problem", () => {
    const folder = newFolder("agent-config");
    const config = path.join(folder, "c.json");
    writeFileSync(config, JSON.stringify({ node: "i-1", timing: { leaseMs: 500 } }));
    const { status, stderr } = spawnSync(process.execPath, [agentFile().path, "guard", config], {
      encoding: "utf8",
    });
    assert.equal(status, 1);
    assert.match(stderr, /region must be a text, got nothing; table must be/);
    assert.match(stderr, /timing.leaseMs must be at least three renewals and killMs \(1400\), got 500/);
    assert.ok(!stderr.includes("    at "), readFileSync(config, "utf8"));
  });
});
