import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { S3 } from "@aws-sdk/client-s3";
import { monotonicMs } from "../../functions/database/agent/config";
import { Keeper } from "../../functions/database/backup/keeper";
import { ports } from "../../functions/database/backup/run-backup";
import { missingPython } from "../../sandbox/emulators/install";
import { freePort } from "../../sandbox/ports";
import { sleep } from "../../sandbox/problem";
import { Emulated, REGION, startEmulated } from "../../test/emulated";
import { newFolder } from "../../test/folder";
import { Load } from "../../test/rig/backup/load";
import { s3ByTls } from "../../test/rig/backup/s3-by-tls";
import { missingPrograms, Site } from "../../test/rig/backup/site";
import { Figure, median, percentile } from "../figure";

export const about =
  "A whole backup of the shared storage's database and what it costs commits beside it, then the restore (--gigabytes N, default 1)";

const bucketName = "database-backups";
const aloneMs = 30_000;
/** Of a restore with its recovery. */
const limitSeconds = 3 * 3600;

export async function run(words: string[]): Promise<Figure[]> {
  const { values } = parseArgs({ args: words, options: { gigabytes: { type: "string", default: "1" } } });
  const gigabytes = Number(values.gigabytes);
  if (!(gigabytes > 0)) throw new Error(`--gigabytes must be a number above 0, got ${values.gigabytes}`);
  const reason = missingPrograms() ?? (await missingPython());
  if (reason) throw new Error(`bench backup cannot run here: ${reason}`);
  return withSite((site) => measure(site, gigabytes));
}

async function measure(site: Site, gigabytes: number): Promise<Figure[]> {
  await fill(site, gigabytes);
  const real = ports(site.config);
  const keeper = new Keeper(
    { ...real, report: async () => undefined, log: console.log },
    site.config.fullDays,
  );
  const load = new Load(site);
  await load.start();
  const beforeMs = monotonicMs();
  await sleep(aloneMs);
  const alone = commits(load, beforeMs, monotonicMs());
  const megabytes = Number((await site.query("SELECT pg_database_size('app') / 1e6 AS mb"))[0]!.mb);
  console.log(`${Math.round(megabytes)} MB to back up`);

  const from = monotonicMs();
  await keeper.look();
  await keeper.settled();
  const backupSeconds = (monotonicMs() - from) / 1000;
  const beside = commits(load, from, monotonicMs());
  const { backups } = await real.inventory();
  if (backups.length !== 1) throw new Error(`one backup was to be made, there are ${backups.length}`);
  console.log(`backed up in ${Math.round(backupSeconds)} s`);
  await load.stop();
  await archived(site);

  await site.kill();
  site.destroyData();
  const began = monotonicMs();
  site.start("latest");
  await site.ready(limitSeconds);
  const restoreSeconds = (monotonicMs() - began) / 1000;
  const back = Number((await site.query("SELECT count(*) FROM ledger"))[0]!.count);
  return [
    figure("data, MB", megabytes),
    figure("whole backup, s", backupSeconds),
    figure("whole backup, MB/s of data", megabytes / backupSeconds),
    figure("commits a second, alone", alone.rate),
    figure("commits a second, beside the backup", beside.rate),
    figure("a commit alone, median, ms", alone.median),
    figure("a commit alone, 99 %, ms", alone.p99),
    figure("a commit beside the backup, median, ms", beside.median),
    figure("a commit beside the backup, 99 %, ms", beside.p99),
    figure("restore and recovery to the first query, s", restoreSeconds),
    figure("restore and recovery, MB/s of data", megabytes / restoreSeconds),
    figure("acknowledged rows", load.acknowledged.length, ">= 1"),
    figure("acknowledged rows that did not come back", load.acknowledged.length - back, "<= 0"),
  ];
}

const figure = (name: string, ours: number, goal = "no promise"): Figure => ({
  ...{ bench: "backup", figure: name, ours, goal },
  ...{ peer: null, peerName: null, ratio: null },
});

/** Random texts, seven to a page, which hardly compress; what is written before the first backup needs no archive. */
async function fill(site: Site, gigabytes: number): Promise<void> {
  const archive = site.at("bin/pgbackrest-archive");
  const real = readFileSync(archive);
  writeFileSync(archive, "#!/bin/sh\n");
  await site.query("CREATE EXTENSION pgcrypto");
  await site.query("CREATE TABLE ballast (payload text)");
  for (let tenth = 1; tenth <= 10 * gigabytes; tenth++) {
    await site.query(
      "INSERT INTO ballast SELECT encode(gen_random_bytes(500), 'hex') FROM generate_series(1, 85000)",
    );
    if (tenth % 10 === 0) console.log(`${tenth / 10} GB written`);
  }
  // Later by itself, it would write every page into the WAL once more, for the restore to replay.
  await site.query("VACUUM ballast");
  await site.query("CHECKPOINT");
  await ports(site.config).register();
  writeFileSync(archive, real);
}

async function archived(site: Site): Promise<void> {
  await site.query("SELECT pg_switch_wal()");
  while ((await ports(site.config).waitingSeconds()) > 0) await sleep(200);
}

function commits({ acknowledged }: Load, from: number, to: number) {
  const offset = Date.now() - monotonicMs();
  const within = acknowledged.filter(({ at }) => at - offset >= from && at - offset <= to);
  const times = within.map(({ ms }) => ms);
  return {
    rate: (1000 * within.length) / (to - from),
    median: median(times),
    p99: percentile(times, 0.99),
  };
}

async function withSite<T>(work: (site: Site) => Promise<T>): Promise<T> {
  // In memory the objects would take as much of it as there are data.
  const store = { S3_PERSIST: "1", S3_DATA_DIR: newFolder("groundwork-objects") };
  const emulated: Emulated = await startEmulated("backup", { settings: store });
  const cleanups: (() => unknown)[] = [() => emulated.stop()];
  try {
    const s3 = await s3ByTls(emulated.client.endpoint);
    cleanups.push(() => s3.close());
    const { credentials } = emulated.client;
    const CreateBucketConfiguration = { LocationConstraint: REGION } as const;
    await new S3(emulated.client).createBucket({ Bucket: bucketName, CreateBucketConfiguration });
    const site = new Site({ bucketName, region: REGION, s3, credentials }, await freePort());
    cleanups.push(() => site.down());
    site.start();
    await site.ready();
    return await work(site);
  } finally {
    for (const cleanup of cleanups.reverse()) await cleanup();
  }
}
