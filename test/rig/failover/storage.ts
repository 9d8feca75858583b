import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import * as path from "node:path";
import {
  detachScript,
  isMounted,
  NodeVariables,
  startScript,
} from "../../../components/database/start-script";
import { monotonicMs } from "../../../functions/database/agent/config";
import { nativeFolder } from "../../../sandbox/nodes/installation";
import { tool } from "../../../scripts/tools/index.cjs";
import { virtualIp } from "./net";
import { awsCommandLine } from "./secret";
import { sh } from "./shell";

/** PostgreSQL refuses to run as root: "nobody" everywhere. */
const uid = 65534;

/** The shared data, on a file system of its own so that it can be full, and the scripts by which a host uses it. */
export class Storage {
  readonly shared: string;
  private readonly image: string;
  private readonly record: string;
  /** Of the machine's monotonic clock; Infinity while whoever writes to it waits. */
  answersSince = -Infinity;

  constructor(
    private readonly folder: string,
    private readonly secretArn: string,
    /** Each host reaches the data through a daemon of its own, which can be stopped, as by an NFS client; else by a bind mount. */
    private readonly daemons: boolean,
  ) {
    this.shared = path.join(folder, "shared");
    this.image = path.join(folder, "shared.img");
    this.record = path.join(folder, "postmasters");
  }

  up(): void {
    mkdirSync(this.shared, { recursive: true });
    chmodSync(this.folder, 0o755);
    sh("truncate", "-s", "1G", this.image);
    sh("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=1,nodiscard", this.image);
    sh("mount", "-o", "loop,noatime", this.image, this.shared);
    chownSync(this.shared, uid, uid);
    for (const file of [this.record, `${this.record}.lock`]) {
      writeFileSync(file, "");
      chownSync(file, uid, uid);
    }
    this.script("start-postgres", startScript);
    this.script("detach", detachScript);
    this.script("attach", attachScript(this.shared, this.daemons ? bindfs() : "mount --bind"));
    this.recordEachPostmaster();
    this.script("host-init", hostInit);
    mkdirSync(path.join(this.folder, "bin"));
    this.script("bin/aws", awsCommandLine);
  }

  /** The commands of a node's configuration, and their variables. */
  commands(mount: string, runDir: string): Record<"attach" | "try" | "start" | "detach", string[]> {
    const variables: NodeVariables = {
      MOUNT: mount,
      RUN_DIR: runDir,
      PG_BIN: path.join(this.folder, "postgres-bin"),
      PG_UID: String(uid),
      PG_GID: String(uid),
      CLIENT_CIDR: "10.0.0.0/8",
      VIRTUAL_IP: virtualIp,
      SECRET_ARN: this.secretArn,
    };
    const file = `${runDir}.env`;
    writeFileSync(
      file,
      Object.entries(variables)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(""),
    );
    mkdirSync(mount, { recursive: true });
    const command = (name: string) => [path.join(this.folder, name), file];
    return {
      attach: command("attach"),
      try: ["test", "-r", this.shared],
      start: command("start-postgres"),
      detach: command("detach"),
    };
  }

  get hostInit(): string {
    return path.join(this.folder, "host-init");
  }

  /** Where the stand-in of the AWS command line finds itself on the PATH. */
  get bin(): string {
    return path.join(this.folder, "bin");
  }

  /** One line per postmaster that ever started: epoch, node, and whether any process of another one was still there. */
  postmasters(): { epoch: number; node: string; alone: boolean }[] {
    const lines = readFileSync(this.record, "utf8").trim().split("\n").filter(Boolean);
    return lines.map((line) => {
      const [epoch, node, how] = line.split(" ");
      return { epoch: Number(epoch), node: node!, alone: how === "alone" };
    });
  }

  /** Whose the data was last, as it says itself. */
  used(): { record: string; epoch: number } {
    const [record, epoch] = readFileSync(path.join(this.shared, "epoch"), "utf8").split(" ");
    return { record: record!, epoch: Number(epoch) };
  }

  fill(): void {
    const { bavail, bsize } = statfsSync(this.shared);
    sh("fallocate", "-l", String(bavail * bsize), path.join(this.shared, "fill"));
  }

  empty(): void {
    sh("rm", "-f", path.join(this.shared, "fill"));
  }

  /** Whoever writes to the data waits, on every host, as when a network file system does not answer. */
  hang(): void {
    sh("fsfreeze", "--freeze", this.shared);
    this.answersSince = Infinity;
  }

  goOn(): void {
    if (this.answersSince < Infinity) return;
    sh("fsfreeze", "--unfreeze", this.shared);
    this.answersSince = monotonicMs();
  }

  down(): void {
    this.goOn();
    try {
      sh("umount", "-l", this.shared);
    } catch {
      // never mounted
    }
  }

  private script(name: string, text: string): void {
    writeFileSync(path.join(this.folder, name), text, { mode: 0o755 });
  }

  /**
   * The lock is inherited by every process of a PostgreSQL, so one that cannot have it starts beside a living one. It is asked for
   * where PostgreSQL begins: a start that its own script refuses is none.
   */
  private recordEachPostmaster(): void {
    const real = path.join(nativeFolder(), "bin");
    mkdirSync(path.join(this.folder, "postgres-bin"));
    for (const name of readdirSync(real))
      if (name !== "postgres")
        symlinkSync(path.join(real, name), path.join(this.folder, "postgres-bin", name));
    this.script(
      "postgres-bin/postgres",
      `#!/bin/sh
if [ "$1" = -D ]; then
  exec 8>>${this.record}.lock
  if flock -n 8; then how=alone; else how=OVERLAP; fi
  echo "$GROUNDWORK_EPOCH $GROUNDWORK_NODE $how" >> ${this.record}
fi
exec ${real}/postgres "$@"
`,
    );
  }
}

const attachScript = (shared: string, mount: string) => `#!/bin/sh
. "$1"
${isMounted} || ${mount} ${shared} "$MOUNT" || exit 1
stat -f "$MOUNT" >/dev/null
`;

/** Nothing is cached on the host: what another one wrote is seen at once, as NFS promises after an open. */
const bindfs = () =>
  `${tool("bindfs")} --multithreaded -o direct_io,attr_timeout=0,entry_timeout=0,negative_timeout=0`;

/** What systemd does on a real node: the address at boot, two services that are restarted when they end. */
const hostInit = `#!/bin/sh
agent=$1 config=$2 run=$3
mkdir -p $run; chown 65534 $run; rm -f $run/halt $run/*.sock
ip addr add 10.10.10.10/32 dev lo 2>/dev/null
respawn() { while [ ! -e $run/halt ]; do node $agent $1 $config; sleep 0.1; done; }
respawn guard & respawn agent &
wait
`;
