import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import {
  guardSocket,
  monotonicMs,
  postgresLock,
  readConfig,
} from "../../../../functions/database/agent/config";
import { deadline, defaultTiming, ended, Lease, taken, timingOf } from "../../../../functions/database/lease";
import { newFolder } from "../../../folder";

const GOOD = {
  node: "i-a",
  region: "eu-west-1",
  table: "lease",
  key: "lease",
  virtualIp: "10.0.0.9",
  vpc: "vpc-1",
  runDir: "/run/db",
  user: "postgres",
  port: 5432,
  secretArn: "arn:secret",
  password: { changeMs: 2, formerMs: 1 },
  attach: ["mount"],
  try: ["ls"],
  start: ["postgres"],
  detach: ["umount"],
};

describe("a database node's configuration", () => {
  let folder: string;
  let file: string;
  before(() => {
    folder = newFolder("agent-config");
    file = path.join(folder, "agent.json");
  });
  const read = (more: object = {}) => {
    fs.writeFileSync(file, JSON.stringify({ ...GOOD, ...more }));
    return readConfig(file);
  };
  const refuses = (more: object, ...problems: string[]) =>
    assert.throws(() => read(more), { message: `${file}: ${problems.join("; ")}` });

  it("is read with default times", () => {
    const common = { renewMs: 400, pollMs: 200, killMs: 200, confessMs: 1500 };
    const timing = { ...common, leaseMs: 10_000, marginMs: 1000 };
    assert.deepEqual(read(), { ...GOOD, timing });
    assert.deepEqual(defaultTiming, timing);
    const short = { ...common, leaseMs: 2000, marginMs: 200 };
    assert.deepEqual(read({ timing: { leaseMs: 2000 } }), { ...GOOD, timing: short });
  });

  it("puts sockets and locks into the folder that a boot clears", () => {
    assert.equal(guardSocket(read()), "/run/db/guard.sock");
    assert.equal(postgresLock(read()), "/run/db/postgres.lock");
  });

  for (const key of ["node", "region", "table", "key", "virtualIp", "vpc", "runDir", "user", "secretArn"])
    it(`refuses a ${key} that is not text`, () => {
      refuses({ [key]: undefined }, `${key} must be a text, got nothing`);
      refuses({ [key]: "" }, `${key} must be a text, got ""`);
      refuses({ [key]: 3 }, `${key} must be a text, got 3`);
    });

  for (const key of ["attach", "try", "start", "detach"])
    it(`refuses ${key} that is not a command`, () => {
      refuses({ [key]: undefined }, `${key} must be a command as a list of words, got nothing`);
      refuses({ [key]: [] }, `${key} must be a command as a list of words, got []`);
      refuses({ [key]: "mount" }, `${key} must be a command as a list of words, got "mount"`);
    });

  it("refuses invalid password times", () => {
    const rule = (key: string, got: string) => `password.${key} must be more than 0, got ${got}`;
    refuses({ password: undefined }, rule("changeMs", "nothing"), rule("formerMs", "nothing"));
    refuses({ password: { changeMs: 0, formerMs: 1 } }, rule("changeMs", "0"));
    refuses({ password: { changeMs: 1, formerMs: -1 } }, rule("formerMs", "-1"));
  });

  it("refuses a port that is not a whole number", () => {
    refuses({ port: 5432.5 }, "port must be a whole number, got 5432.5");
    refuses({ port: undefined }, "port must be a whole number, got nothing");
  });

  it("refuses invalid times", () => {
    refuses({ timing: { renewMs: 0 } }, "timing.renewMs must be more than 0, got 0");
    refuses({ timing: { pollMs: -1 } }, "timing.pollMs must be more than 0, got -1");
  });

  it("refuses a lease that is too short for its renewals", () => {
    assert.equal(read({ timing: { leaseMs: 1400 } }).timing.leaseMs, 1400);
    refuses(
      { timing: { leaseMs: 1399 } },
      "timing.leaseMs must be at least three renewals and killMs (1400), got 1399",
    );
  });

  it("has a margin in proportion to its lease, unless it is told one", () => {
    assert.equal(read({ timing: { leaseMs: 4000 } }).timing.marginMs, 400);
    assert.equal(read({ timing: { leaseMs: 1500 } }).timing.marginMs, 200);
    assert.equal(read({ timing: { leaseMs: 4000, marginMs: 200 } }).timing.marginMs, 200);
    refuses(
      { timing: { leaseMs: 4000, marginMs: 199 } },
      "timing.marginMs must be at least a twentieth of the lease, got 199",
    );
  });

  it("refuses to check the lease less often than it may expire", () => {
    assert.equal(read({ timing: { pollMs: 10_000 } }).timing.pollMs, 10_000);
    refuses({ timing: { pollMs: 10_001 } }, "timing.pollMs must be at most the lease (10000), got 10001");
  });

  it("refuses everything that is wrong at once", () => {
    refuses({ node: "", port: 1.5 }, 'node must be a text, got ""', "port must be a whole number, got 1.5");
  });
});

describe("a database node's log", () => {
  it("has one line of JSON per message, with the node's own time", () => {
    const before = monotonicMs();
    const words = 'const { log } = require(process.argv[1]); log("words", { epoch: 4 }); log("alone");';
    const loader = path.resolve("scripts/loader.cjs");
    const config = path.resolve("functions/database/agent/config.ts");
    const { stdout } = spawnSync(process.execPath, ["--require", loader, "--eval", words, config], {
      encoding: "utf8",
    });
    const lines = stdout.trimEnd().split("\n");
    const [first, second] = lines.map((line) => JSON.parse(line) as { ms: number });
    assert.deepEqual({ ...first, ms: 0 }, { ms: 0, message: "words", epoch: 4 });
    assert.deepEqual({ ...second, ms: 0 }, { ms: 0, message: "alone" });
    assert.ok(Number.isInteger(first!.ms) && first!.ms >= Math.floor(before) && first!.ms < before + 60_000);
  });
});

describe("the times of a lease", () => {
  const timing = timingOf(2000);
  const lease: Lease = {
    record: "lease/1",
    free: "",
    initialised: true,
    epoch: 4,
    beat: 9,
    holder: "i-a",
    suspects: [],
    leaseMs: 2000,
    phase: "active",
    wanted: "i-b",
    healthy: true,
  };

  it("end for its holder a moment before they end for the others", () => {
    assert.equal(deadline(timing, 1000), 2800);
    assert.equal(ended(timing, lease, 1000, 3199), false);
    assert.equal(ended(timing, lease, 1000, 3200), true);
  });

  it("begin with a new epoch, whose holder knows who may still be alive", () => {
    const same = { record: "lease/1", free: "", initialised: true };
    const next = { ...same, epoch: 5, beat: 1, holder: "i-b", leaseMs: 2000, wanted: "", healthy: false };
    const fencing = { ...next, suspects: ["i-a"], phase: "fencing" };
    const starting = { ...next, suspects: [], phase: "starting" };
    assert.deepEqual(taken("i-b", timing, lease), fencing);
    assert.deepEqual(taken("i-b", timing, { ...lease, holder: "" }), starting);
    assert.deepEqual(taken("i-b", timing, { ...lease, holder: "i-b" }), starting);
    assert.deepEqual(taken("i-b", timing, { ...lease, suspects: ["i-c", "i-b"] }), {
      ...fencing,
      suspects: ["i-a", "i-c"],
    });
    const virgin = { ...starting, epoch: 1, record: "", initialised: false };
    assert.deepEqual(taken("i-b", timing, undefined), virgin);
  });
});
