import { strict as assert } from "node:assert";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { S3 } from "@aws-sdk/client-s3";
import { Keeper } from "../../functions/database/backup/keeper";
import { ports } from "../../functions/database/backup/run-backup";
import { run } from "../../functions/database/backup/pgbackrest";
import { freePort } from "../../sandbox/ports";
import { sleep, until } from "../../sandbox/problem";
import { Emulated, REGION, skipWithoutEmulators, startEmulated } from "../emulated";
import { S3ByTls, s3ByTls } from "../rig/backup/s3-by-tls";
import { missingPrograms, Site } from "../rig/backup/site";
import { Load } from "../rig/backup/load";
import { skip } from "../skip";
import { leftToAll } from "../left-to-all";

const BUCKET = "database-backups";

describe("The backups of a database on shared storage", function () {
  this.timeout(240_000);
  let emulated: Emulated;
  let s3: S3ByTls;
  let site: Site;
  let load: Load;
  let keeper: Keeper;
  /** The moment that is gone back to, between two writes. */
  let moment: Date;
  const figures: Record<string, number>[] = [];

  before(async function () {
    const missing = missingPrograms();
    if (missing) skip(this, "pgbackrest", missing);
    await skipWithoutEmulators(this);
    emulated = await startEmulated("backup");
    s3 = await s3ByTls(emulated.client.endpoint);
    await new S3(emulated.client).createBucket({
      Bucket: BUCKET,
      CreateBucketConfiguration: { LocationConstraint: REGION },
    });
    const { credentials } = emulated.client;
    site = new Site({ bucketName: BUCKET, region: REGION, s3, credentials }, await freePort());
    site.start();
    await site.ready();
    const real = ports(site.config);
    const report = async (told: Record<string, number>) => void figures.push(told);
    keeper = new Keeper({ ...real, report, log: () => undefined }, site.config.fullDays);
    load = new Load(site);
    await load.start();
  });
  after(async () => {
    await load?.stop();
    await site?.down();
    await s3?.close();
    await emulated?.stop();
  });

  const objects = async () => {
    const { Contents = [] } = await new S3(emulated.client).listObjectsV2({ Bucket: BUCKET });
    return Contents.map(({ Key, ETag }) => `${Key} ${ETag}`);
  };
  const archived = async () => {
    await site.query("SELECT pg_switch_wal()");
    await until("the archive", async () => (await ports(site.config).waitingSeconds()) === 0 || undefined, {
      seconds: 30,
    });
  };
  const came = async () => (await site.query("SELECT id FROM ledger")).map(({ id }) => Number(id));

  it("are complete although the database is written to, and have one prefix in the bucket", async () => {
    const before = load.acknowledged.length;
    await keeper.look();
    await keeper.settled();
    assert.ok(load.acknowledged.length > before);
    const { known, backups } = await ports(site.config).inventory();
    assert.deepEqual([known, backups.map(({ type }) => type)], [true, ["full"]]);
    const elsewhere = (await objects()).filter((key) => !key.startsWith("pgbackrest/"));
    assert.deepEqual(elsewhere, []);
    await keeper.look();
    assert.ok(figures.at(-1)!["BackupAgeHours"]! < 0.1);
    assert.ok(figures.at(-1)!["UnarchivedSeconds"]! < 60);
  });

  it("restore a destroyed database to a point in time: every row acknowledged before it, none after it", async () => {
    await load.more(100);
    await load.pause();
    // pgBackRest notes a backup's end in whole seconds, the next one: a moment before that has no backup to begin with.
    await sleep(1_100);
    moment = new Date();
    await sleep(50);
    load.go();
    await load.more(100);
    await load.stop();
    await archived();
    await site.kill();
    site.destroyData();

    site.start(moment.toISOString());
    const seen = await site.ready();
    assert.ok(seen.includes("recovering"), seen.join());
    const before = load.acknowledged.filter(({ at }) => at < moment.getTime()).map(({ id }) => id);
    assert.ok(before.length > 100 && before.length < load.acknowledged.length);
    assert.deepEqual(
      (await came()).sort((a, b) => a - b),
      before,
    );
  });

  it("give the secret a password and the new certificate, and the agent one that opens the database", async () => {
    const [, secret] = site.told().trim().split("put-secret-value").slice(-1)[0]!.split("\n");
    const { username, ca } = JSON.parse(secret!) as { username: string; ca: string };
    assert.equal(username, "app");
    assert.equal(ca.trim(), fs.readFileSync(path.join(site.data, "server.crt"), "utf8").trim());
  });

  it("are restored once: the next start of either node continues with the restored data", async () => {
    await site.query("INSERT INTO ledger VALUES (-1)");
    await site.kill();
    site.start(moment.toISOString());
    await site.ready();
    assert.ok((await came()).includes(-1));
    await site.query("DELETE FROM ledger WHERE id = -1");
  });

  it("continue after a restore, on a timeline of their own", async () => {
    await archived();
    await run([...site.config.repository, "--type=incr", "backup"]);
    const { backups } = await ports(site.config).inventory();
    assert.deepEqual(
      backups.map(({ type }) => type),
      ["full", "incr"],
    );
  });

  it("are tested by a drill that changes neither database nor repository", async () => {
    await site.query("CREATE TABLE later AS SELECT 1 AS one");
    await archived();
    const rows = (await came()).length + 1;
    const [{ pid }] = (await site.query("SELECT pg_postmaster_start_time() AS pid")) as [{ pid: Date }];
    const before = await objects();
    const drill = site.agent("drill", site.at("backup.json"));
    let said = "";
    drill.stdout.on("data", (text: Buffer) => (said += text.toString()));
    drill.stderr.on("data", (text: Buffer) => (said += text.toString()));
    const [code] = (await once(drill, "close")) as [number];
    assert.equal(code, 0, said);
    const outcome = JSON.parse(said.trim().split("\n").at(-1)!) as { rows: number; recoveredTo: string };
    assert.equal(outcome.rows, rows);
    assert.ok(Date.parse(outcome.recoveredTo) > moment.getTime());
    assert.deepEqual(await objects(), before);
    assert.deepEqual(await site.query("SELECT pg_postmaster_start_time() AS pid"), [{ pid }]);
    assert.ok(!fs.existsSync(site.config.drill.folder));
  });

  it("accept the same segment again, and never a different one in its place", async () => {
    const name = "000000020000000000000005";
    const wal = path.join(site.data, "pg_wal");
    const last = fs.readdirSync(wal).filter((one) => /^[0-9A-F]{24}$/.test(one) && one <= name);
    const segment = last.sort()[0]!;
    const push = (file: string) => run([site.at("bin/pgbackrest-archive"), file]);
    await push(path.join(wal, segment));
    const before = await objects();
    await push(path.join(wal, segment));
    const forged = path.join(site.at("drills"), segment);
    const content = fs.readFileSync(path.join(wal, segment));
    content[content.length - 1]! ^= 1;
    fs.writeFileSync(forged, content);
    await assert.rejects(push(forged), /already exists .* with a different checksum/);
    assert.deepEqual(await objects(), before);
  });

  it("move existing data aside when they are restored", async function () {
    leftToAll(this);
    await archived();
    await site.kill();
    site.start("latest@again");
    await site.ready();
    const aside = fs.readdirSync(site.at("mount")).filter((name) => name.startsWith("postgresql.before-"));
    assert.equal(aside.length, 1);
    assert.deepEqual(
      (await came()).sort((a, b) => a - b),
      load.acknowledged.filter(({ at }) => at < moment.getTime()).map(({ id }) => id),
    );
  });

  it("refuse a time before the oldest of them, and name the first possible one", async () => {
    const early = site.agent(
      "restore",
      site.at("backup.json"),
      "2020-01-01T00:00:00Z",
      site.at("run"),
      site.data,
    );
    let said = "";
    early.stderr.on("data", (text: Buffer) => (said += text.toString()));
    const [code] = (await once(early, "close")) as [number];
    assert.equal(code, 1);
    assert.match(
      said,
      /a restore must be to 20\S+ or later, where the oldest backup ends; got 2020-01-01T00:00:00.000Z/,
    );
  });
});
