import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { centsOf, ENVIRONMENTS, kindOf, kinds } from "../../functions/provisioner/catalogue";
import { MACHINES, MIX, PEOPLE, projectRows, reachedAt } from "../../scripts/scale/capacity";
import { costOfPeople, costOfProject, sum } from "../../scripts/scale/cost";
import { LIMITS } from "../../scripts/scale/limits";
import { type Outcomes, scalePage } from "../../scripts/scale/page";
import { pictureOf } from "../../scripts/scale/picture";
import { outcomesOf } from "../../scripts/scale/results";
import { Bucket } from "../../scripts/scale/simulation/bucket";
import { Clock } from "../../scripts/scale/simulation/clock";
import { type Outcome, simulate } from "../../scripts/scale/simulation/scenario";
import { SCENARIOS } from "../../scripts/scale/simulation/scenarios";
import { resourcesOf } from "../../scripts/preview/declared";
import { crowd } from "../crowd";
import { skip } from "../skip";
import { some } from "../some";
import { stackView } from "../stacks/stacks";

const DOCS = path.join(__dirname, "../../docs");
const held = (text: string, name: string) => {
  const file = path.join(DOCS, name);
  if (process.env.UPDATE_INVENTORY) fs.writeFileSync(file, text);
  assert.equal(fs.readFileSync(file, "utf8"), text);
};

describe("the capacity model", () => {
  it("names each limit once, with its page", () => {
    assert.equal(new Set(LIMITS.map(({ key }) => key)).size, LIMITS.length);
    for (const { page, most, known } of some(LIMITS)) {
      assert.match(page, /^https:\/\/(docs\.)?(aws\.amazon\.com|repost\.aws)\//);
      assert.ok(most > 0 && ["read", "knowledge", "assumed"].includes(known));
    }
  });

  it("uses more of each limit the more people and projects there are", () => {
    for (const row of some([...PEOPLE, ...projectRows(1_000)])) {
      assert.ok(row.each > 0, row.what);
      assert.ok(reachedAt(row) * row.each <= row.most && (reachedAt(row) + 1) * row.each > row.most * 0.999);
    }
  });

  it("has a mix of existing kinds whose shares add up to one", () => {
    assert.ok(Math.abs(MIX.reduce((all, { share }) => all + share, 0) - 1) < 1e-9);
    for (const { type, framework } of some(MIX)) assert.ok(kinds[type]?.[framework], `${type} ${framework}`);
  });

  it("matches the template's fewest servers in each environment", () => {
    const template = fs.readFileSync(
      path.join(__dirname, "../../components/provisioner/templates/server.yaml"),
      "utf8",
    );
    for (const environment of some(ENVIRONMENTS))
      assert.match(template, new RegExp(`^    ${environment}: { Min: "${MACHINES[environment]}",`, "m"));
  });

  it("reckons each kind at most a twentieth above the catalogue's price, and above half of it where it has servers", () => {
    for (const kind of some(MIX)) {
      const told = centsOf(kind) / 100;
      const usd = sum(costOfProject(kind));
      assert.ok(
        usd <= told * 1.05,
        `${kind.framework} ${kind.environment}: ${usd} USD, the catalogue says ${told}`,
      );
      if (kindOf(kind.type, kind.framework)!.template === "server")
        assert.ok(usd > told / 2, `${usd} USD, the catalogue says ${told}`);
    }
  });
});

describe("the clock of the simulation", () => {
  it("wakes sleepers in the order of time, whoever slept first, and lets each go on before the next", async () => {
    const clock = new Clock(0);
    const seen: string[] = [];
    const sleeper = async (name: string, ...naps: number[]) => {
      for (const nap of naps) {
        await clock.sleep(nap);
        await null;
        seen.push(`${name}${clock.now}`);
      }
    };
    void sleeper("a", 30, 10);
    void sleeper("b", 10, 25);
    void sleeper("c", 30);
    await clock.run(36);
    assert.deepEqual(seen, ["b10", "a30", "c30", "b35"]);
    await clock.run(100);
    assert.deepEqual([seen.at(-1), clock.now], ["a40", 100]);
  });

  it("lets through what a bucket holds, and then its rate per second", () => {
    const bucket = new Bucket(2, 10);
    const let_ = [0, 0, 0, 50, 100, 100].map((at) => bucket.take(at));
    assert.deepEqual(let_, [true, true, false, false, true, false]);
  });
});

describe("the provisioner with a hundred projects", () => {
  it("has the same outcome with the same seed, and another with another seed", async () => {
    const small = { ...SCENARIOS.fewBuilds, asked: 100, minutes: 60 };
    const once = await simulate(small);
    assert.deepEqual(await simulate(small), once);
    assert.notDeepEqual(await simulate({ ...small, seed: 23 }), once);
  });

  it("queues the builds that CodeBuild turns away, and fails none of them", async () => {
    const quotas = { ...SCENARIOS.fewBuilds.quotas, buildsAtOnce: 2 };
    const { ready, failed, mostQueued } = await simulate({
      ...SCENARIOS.fewBuilds,
      ...{ quotas, asked: 100, overMinutes: 30, minutes: 480 },
    });
    assert.deepEqual([ready, failed, mostQueued], [100, 0, 10]);
  });
});

describe("the provisioner with ten thousand projects", function () {
  this.timeout(600_000);
  let outcomes: Outcomes;
  before(async function () {
    if (!crowd(0, 1)) skip(this, "asked for", "ten thousand projects take minutes; CROWDS=1 runs them");
    outcomes = await outcomesOf();
  });
  const asked = ({ ready, full, failed, rolledBack, needPerson, moving }: Outcome) =>
    ready + full + failed + rolledBack + needPerson + moving;

  it("loses none: each is ready, refused, failed, rolled back or waiting for a person", () => {
    for (const [name, outcome] of some(Object.entries(outcomes))) {
      assert.equal(asked(outcome), SCENARIOS[name as keyof Outcomes].asked, name);
      assert.equal(outcome.moving, 0, name);
    }
  });

  it("gets all of them ready within a day where the quotas suffice, each in the time that its parts take", () => {
    const { ready, waits, logged, mostCallsAtOnce } = outcomes.raised;
    assert.equal(ready, 10_000);
    assert.ok(waits.slowest < 20 + 7 + 4 + 10, `${waits.slowest} minutes`);
    assert.deepEqual(logged, {});
    assert.ok(mostCallsAtOnce < 1_000);
  });

  it("refuses what the API knows the account has no room for", () => {
    const { full, ready } = outcomes.defaults;
    assert.ok(full > 8_000, `only ${full} refused`);
    assert.ok(ready < 240, `${ready} ready`);
  });

  it("queues the builds that CodeBuild turns away", () => {
    const { ready, mostQueued, waits, logged } = outcomes.fewBuilds;
    assert.deepEqual(
      Object.keys(logged).filter((one) => one.includes("AccountLimit")),
      [],
    );
    assert.ok(ready >= 0.99 * SCENARIOS.fewBuilds.asked, `${ready} ready`);
    assert.equal(mostQueued, 5 * SCENARIOS.fewBuilds.quotas.buildsAtOnce);
    assert.ok(waits.slowest > 60, `${waits.slowest} minutes`);
    assert.equal(outcomes.builds.ready, SCENARIOS.builds.asked);
  });

  it("catches up after an hour without checks or events, and hardly needs a person for it", () => {
    for (const outcome of [outcomes.events, outcomes.functions]) {
      const overdue = Math.max(...outcome.moments.map((one) => one.overdue));
      assert.ok(overdue > 300, `${overdue} overdue`);
      assert.ok(outcome.caughtUpAfter !== undefined && outcome.caughtUpAfter <= 5, "not caught up");
      assert.ok(outcome.needPerson <= 0.01 * SCENARIOS.events.asked, `${outcome.needPerson} need a person`);
    }
  });

  it("matches docs/scale.md and its drawing (UPDATE_INVENTORY=1 writes it anew)", async () => {
    const prod = resourcesOf((await stackView("prod")).resources);
    held(pictureOf(outcomes), "scale-queue.svg");
    held(scalePage(outcomes, prod), "scale.md");
    assert.ok(sum(costOfPeople(100, prod, 2)) < sum(costOfPeople(10_000, prod, 2)));
  });
});
