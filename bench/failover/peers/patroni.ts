import { ChildProcess, spawn } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { Client } from "pg";
import { monotonicMs } from "../../../functions/database/agent/config";
import { sleep, until } from "../../../sandbox/problem";
import { Ledger } from "../../../test/rig/failover/ledger";
import { Net, virtualIp } from "../../../test/rig/failover/net";
import { compare, rowsOfLedger } from "../../../test/rig/failover/rig";
import { sh, signal, tree } from "../../../test/rig/failover/shell";
import { Peers, python } from "./install";

const nobody = 65534;
const password = "bench";
/** Patroni as the first process of a namespace would take itself for one in a container. */
const init = '"$0" -m patroni "$1"; exit';
const settings = {
  default: { ttl: 30, loop_wait: 10, retry_timeout: 10 },
  /** The smallest that Patroni accepts. */
  fastest: { ttl: 20, loop_wait: 1, retry_timeout: 3 },
};

export type Setting = keyof typeof settings;

/** What a client of a peer saw. */
export interface Seen {
  /** Without writes, of each round. */
  times: number[];
  acknowledged: number;
  lost: number;
}

/** Kills the leader's host `count` times. */
export async function patroni(peers: Peers, setting: Setting, count: number): Promise<Seen> {
  const cluster = new Cluster(peers, setting);
  try {
    await cluster.up();
    const times: number[] = [];
    for (let i = 1; i <= count; i++) {
      times.push(await cluster.killLeader());
      console.log(`Patroni ${setting}, ${i} of ${count}: ${Math.round(times.at(-1)!)} ms`);
    }
    return { times, ...(await cluster.audit()) };
  } finally {
    await cluster.down();
  }
}

class Cluster {
  private readonly net = new Net();
  private readonly ledger = new Ledger(this.net);
  private readonly names = ["db1", "db2"];
  private readonly nodes = new Map<string, ChildProcess>();
  private etcd: ChildProcess | undefined;
  private folder = "";
  private leader = "";
  private watching = false;

  constructor(
    private readonly peers: Peers,
    private readonly setting: Setting,
  ) {}

  async up(): Promise<void> {
    this.folder = mkdtempSync(path.join(__dirname, "../../../.test/patroni-"));
    chmodSync(this.folder, 0o755);
    this.net.up([...this.names, "web"]);
    const url = `http://${this.net.outside}:2379`;
    const words = ["--data-dir", path.join(this.folder, "etcd"), "--listen-client-urls", url];
    words.push("--advertise-client-urls", url, "--listen-peer-urls", `http://${this.net.outside}:2380`);
    this.etcd = this.spawn("etcd", [this.peers.etcd, ...words]);
    for (const name of this.names) this.boot(name);
    this.watching = true;
    void this.watch();
    await this.settled();
    this.ledger.start(this.folder, { username: "postgres", password, dbname: "postgres" });
    await this.ledger.until("the first write", () => true);
  }

  /** Pulls the plug of the leader's host, waits for writes on the other one, and brings the killed one back. */
  async killLeader(): Promise<number> {
    await this.settled();
    await sleep(1000 + Math.random() * 2000);
    const killed = this.leader;
    const { by } = this.ledger.last();
    const from = monotonicMs();
    await this.kill(killed);
    await this.ledger.until("a write on the other node", (ack) => ack.by !== by, 120_000);
    const outage = this.ledger.gap(from, monotonicMs());
    this.boot(killed);
    return outage;
  }

  /** What the leader has of the rows that were acknowledged. */
  async audit(): Promise<Omit<Seen, "times">> {
    await this.settled();
    const ids = this.ledger.acks.map((ack) => ack.id);
    const host = this.net.address(this.leader);
    const client = new Client({ host, user: "postgres", password, database: "postgres" });
    await client.connect();
    try {
      const { lost } = await compare(client, rowsOfLedger, ids);
      return { acknowledged: ids.length, lost: lost.length };
    } finally {
      await client.end();
    }
  }

  async down(): Promise<void> {
    this.watching = false;
    this.ledger.stop();
    for (const name of this.names) await this.kill(name);
    if (this.etcd) signal(this.etcd.pid!, "SIGKILL");
    this.net.down();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What a load balancer in front of Patroni does: asks each node whether it leads. */
  private async watch(): Promise<void> {
    for (; this.watching; await sleep(50)) {
      for (const name of this.names) {
        if (name === this.leader || !(await this.says(name, "primary"))) continue;
        this.net.route(name);
        this.leader = name;
      }
    }
  }

  /** One leads and the other one streams from it. */
  private async settled(): Promise<void> {
    await until(
      "A leader of Patroni with a replica",
      async () => {
        const other = this.names.find((name) => name !== this.leader)!;
        return this.leader && (await this.says(this.leader, "primary")) && (await this.streams(other));
      },
      { seconds: 180, everyMs: 200, advice: () => `see ${this.folder}` },
    );
  }

  private async says(name: string, role: string): Promise<boolean> {
    return (await this.ask(name, role))?.ok ?? false;
  }

  /** A replica that is only up may still have a history of its own, by which it never becomes the leader. */
  private async streams(name: string): Promise<boolean> {
    const answer = await this.ask(name, "patroni");
    const { replication_state: state } = ((await answer?.json().catch(() => undefined)) ?? {}) as Record<
      string,
      unknown
    >;
    return state === "streaming" && (await this.says(name, "replica?lag=1MB"));
  }

  private ask(name: string, what: string): Promise<Response | undefined> {
    const url = `http://${this.net.address(name)}:8008/${what}`;
    return fetch(url, { signal: AbortSignal.timeout(500) }).catch(() => undefined);
  }

  private boot(name: string): void {
    const ns = this.net.ns(name);
    const home = path.join(this.folder, name);
    mkdirSync(home, { recursive: true });
    chownSync(home, nobody, nobody);
    const file = path.join(this.folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(this.configuration(name, home)));
    sh("ip", "-n", ns, "addr", "replace", `${virtualIp}/32`, "dev", "lo");
    const words = [
      "ip",
      "netns",
      "exec",
      ns,
      "unshare",
      "--pid",
      "--ipc",
      "--mount",
      "--fork",
      "--kill-child=KILL",
    ];
    words.push("--mount-proc", "setpriv", "--reuid", `${nobody}`, "--regid", `${nobody}`, "--clear-groups");
    this.nodes.set(name, this.spawn(name, [...words, "sh", "-c", init, python, file], home));
  }

  private async kill(name: string): Promise<void> {
    const node = this.nodes.get(name);
    if (!node || node.exitCode !== null || node.signalCode !== null) return;
    const gone = new Promise((resolve) => node.once("exit", resolve));
    signal(tree(node.pid!)[1] ?? node.pid!, "SIGKILL");
    await gone;
  }

  private spawn(name: string, words: string[], home = this.folder): ChildProcess {
    const log = openSync(path.join(this.folder, `${name}.log`), "a");
    return spawn("setpriv", ["--pdeathsig", "KILL", ...words], {
      stdio: ["ignore", log, log],
      cwd: home,
      env: {
        PATH: `${process.env.PATH}:${this.peers.postgres}`,
        HOME: home,
        PYTHONPATH: this.peers.packages,
      },
    });
  }

  private configuration(name: string, home: string) {
    const address = this.net.address(name);
    const user = (username: string) => ({ username, password });
    return {
      scope: "bench",
      name,
      restapi: { listen: `${address}:8008`, connect_address: `${address}:8008` },
      etcd3: { host: `${this.net.outside}:2379` },
      bootstrap: {
        dcs: { ...settings[this.setting], postgresql: { use_pg_rewind: true } },
        initdb: ["data-checksums"],
      },
      postgresql: {
        listen: "0.0.0.0:5432",
        connect_address: `${address}:5432`,
        data_dir: path.join(home, "data"),
        bin_dir: this.peers.postgres,
        authentication: {
          superuser: user("postgres"),
          replication: user("replicator"),
          rewind: user("rewinder"),
        },
        parameters: { unix_socket_directories: home, shared_buffers: "32MB" },
        pg_hba: [
          "local all all trust",
          "host all all all scram-sha-256",
          "host replication all all scram-sha-256",
        ],
      },
    };
  }
}
