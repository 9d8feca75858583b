// Each setting that a person may change on a stack that is up: there and back under the official engine, in the strict account. What AWS
// refuses only when it changes is found here: an old resource in the new one's way, and what is still in use when it goes.
import { strict as assert } from "node:assert";
import { EGRESS_MODES } from "../../components/network/args";
import { Engine, askedFor, cliFor, startEngine } from "./stack";

type Settings = Record<string, unknown>;

const AT_ONCE = ["--yes", "--skip-preview"];

/** A stack of `dev` with these areas alone; tells AWS's answers where one comes. */
function stackOf(context: Mocha.Suite): (settings: Settings) => Promise<void> {
  let engine: Engine;
  context.timeout(600_000);
  before(async function () {
    askedFor(this);
    const cli = cliFor(this);
    engine = await startEngine(cli, "dev");
  });
  after("destroys all of it", async () => {
    try {
      if (engine) succeeded(await engine.npmRun("destroy", ...AT_ONCE));
    } finally {
      await engine?.close();
    }
  });
  return async (settings) => {
    const dev = { "aws:region": "eu-west-1", "groundwork:environment": "dev" };
    engine.configure(() => ({ ...dev, ...groundwork(settings) }));
    succeeded(await engine.npmRun("up", ...AT_ONCE));
  };
}

const groundwork = (settings: Settings) =>
  Object.fromEntries(Object.entries(settings).map(([area, value]) => [`groundwork:${area}`, value]));

/** Only what went wrong: an update's whole output is thousands of lines. */
function succeeded({ code, output }: { code: number; output: string }): void {
  const wrong = output.split("\n").filter((line) => /error: |api error|must be/.test(line));
  assert.equal(code, 0, wrong.length > 0 ? wrong.join("\n") : output);
}

/** Every ordered pair of a list, as one way that begins and ends at the first. */
function everyPair<T>(all: readonly T[]): T[] {
  const left = new Map(all.map((from) => [from, all.filter((to) => to !== from)]));
  const way: T[] = [];
  const walk = (from: T) => {
    for (let to = left.get(from)!.shift(); to !== undefined; to = left.get(from)!.shift()) walk(to);
    way.unshift(from);
  };
  walk(all[0]!);
  return way;
}

describe("the network's egress", function () {
  const up = stackOf(this);
  const way = everyPair(EGRESS_MODES);
  it("is created", () => up({ network: { egress: way[0] } }));
  way.slice(1).forEach((egress, i) => {
    it(`changes from ${way[i]} to ${egress}`, () => up({ network: { egress } }));
  });
});

/** One after the other, each there and back. */
function flips(
  base: Settings,
  changes: Record<string, Settings>,
  up: (settings: Settings) => Promise<void>,
): void {
  it("is created", () => up(base));
  for (const [name, change] of Object.entries(changes)) {
    it(`changes to ${name}`, () => up({ ...base, ...change }));
    it(`changes back from ${name}`, () => up(base));
  }
}

describe("a running web tier", function () {
  const web = {};
  const domain = { domainName: "www.acme.dev", zoneName: "acme.dev" };
  flips(
    { network: {}, web },
    {
      "a domain": { web: domain },
      "a zone's own name": { web: { domainName: "acme.dev", zoneName: "acme.dev" } },
      "a baked image": { web: { image: "baked" } },
      "an image built by CodeBuild": { web: { builder: "codebuild" } },
      "scaling towards a target": { web: { scaling: "target" } },
      "private servers": { web: { subnets: "private" } },
      "a third zone": { network: { zones: ["a", "b", "c"] } },
      "another machine, port and health check": {
        web: { instanceType: "t4g.small", appPort: 9090, healthCheckSeconds: 10 },
      },
      "a bastion": { bastion: {} },
      "interface endpoints": { network: { interfaceEndpoints: ["ssm", "logs"] } },
    },
    stackOf(this),
  );
});

describe("a running database", function () {
  const managed = { engine: "managed" };
  const network = { zones: ["a", "b", "c"] };
  const up = stackOf(this);
  flips(
    { network, database: managed },
    {
      "another class and a standby": {
        database: { ...managed, instanceClass: "db.t4g.small", multiAz: true },
      },
      "a cluster": { database: { ...managed, kind: "cluster" } },
      Aurora: { database: { ...managed, kind: "aurora" } },
      "shared storage": { database: { engine: "shared-storage" } },
      none: { database: undefined },
    },
    up,
  );
  // There is no way back to an older one.
  for (const kind of ["instance", "cluster", "aurora"])
    it(`upgrades to a new major version: ${kind}`, async () => {
      const version = (one: string) => up({ network, database: { ...managed, kind, version: one } });
      await version("17");
      await version("18");
    });
});

describe("a running stack", function () {
  const areas = { network: {}, web: {}, identity: {} };
  const delivery = { repository: "acme/groundwork" };
  const whole = {
    ...areas,
    uploads: {},
    delivery,
    provisioner: { sender: "projects@acme.dev" },
    operations: {},
  };
  flips(
    areas,
    {
      "kept data": { keepData: true },
      "uploads, delivery, provisioner and operations": whole,
    },
    stackOf(this),
  );
});

describe("a running stack with operations", function () {
  const areas = { network: {}, web: {}, identity: {}, delivery: { repository: "acme/groundwork" } };
  flips(
    { ...areas, operations: {} },
    {
      "blue and green": { delivery: { ...areas.delivery, deployment: "blue-green" } },
      "all guards, records and backups": {
        operations: {
          ...{ accountGuards: true, accessLogs: true, auditTrail: true, auditObjects: true, logExport: true },
          ...{ backup: true, firewall: true, monthlyBudgetUsd: 10 },
        },
      },
    },
    stackOf(this),
  );
});
