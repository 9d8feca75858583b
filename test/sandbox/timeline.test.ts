import assert from "node:assert/strict";
import { Timeline } from "../../sandbox/failures/timeline";
import { AlarmWatch } from "../../sandbox/fleet/alarm-watch";
import { Server } from "../../sandbox/fleet/runner";
import { Target } from "../../sandbox/fleet/target-group";
import { Traffic } from "../../sandbox/fleet/traffic";
import { View } from "../../sandbox/fleet/view";
import { lacking } from "../../sandbox/fleet/wholeness";
import { standIns } from "./stand-ins";

describe("the sandbox's timeline", () => {
  function story() {
    let now = 1_000;
    const answers = { answered: 100, failed: 7 };
    const timeline = new Timeline(
      () => answers,
      () => now,
    );
    return { timeline, answers, at: (ms: number) => void (now = ms) };
  }
  const told = ({ all }: Timeline) =>
    all[0]!.moments.map(({ at, stage, words }) => `${at} ${stage}: ${words}`);

  it("tells what became of a failure until all is well, with what failed meanwhile", () => {
    const { timeline, answers, at } = story();
    timeline.begin("You killed i-1");
    timeline.look(undefined); // before anything was seen of it
    at(1_010);
    timeline.tell("failure", "i-1 is gone");
    at(6_000);
    timeline.tell("detection", "i-1 is unhealthy");
    timeline.tell("detection", "i-1 is unhealthy");
    timeline.look("web has too few servers");
    Object.assign(answers, { answered: 150, failed: 10 });
    at(9_000);
    timeline.look(undefined);
    timeline.tell("replacement", "too late");
    assert.deepEqual(told(timeline), [
      "1010 failure: i-1 is gone",
      "6000 detection: i-1 is unhealthy",
      "9000 recovery: all is well again: 3 of 50 requests failed meanwhile",
    ]);
    const { title, began, over } = timeline.all[0]!;
    assert.deepEqual([title, began, over], ["You killed i-1", 1_000, 9_000]);
  });

  it("begins with a failure that nobody caused, and with nothing else", () => {
    const { timeline } = story();
    timeline.tell("alarm", "a rings");
    assert.equal(timeline.all.length, 0);
    timeline.tell("failure", "the server is gone");
    assert.equal(timeline.all[0]!.title, "The server is gone");
    assert.deepEqual(told(timeline), ["1000 failure: the server is gone"]);
  });

  it("takes a failure on top of another into the same story, and a later one into its own", () => {
    const { timeline, at } = story();
    timeline.begin("You killed i-1");
    timeline.tell("failure", "i-1 is gone");
    timeline.begin("You throttled sqs");
    const release = timeline.hold();
    timeline.look(undefined);
    assert.equal(timeline.all[0]!.over, undefined, "something holds it open");
    release();
    timeline.look(undefined);
    at(20_000);
    timeline.begin("You killed i-2");
    assert.deepEqual(
      timeline.all.map(({ title }) => title),
      ["You killed i-2", "You killed i-1"],
    );
    assert.equal(told(timeline).length, 0);
  });

  it("says when nobody asked, and when nothing failed", () => {
    for (const [answered, words] of [
      [0, "nobody asked the site meanwhile"],
      [5, "none of 5 requests failed meanwhile"],
    ] as const) {
      const { timeline, answers } = story();
      timeline.tell("failure", "x");
      answers.answered += answered;
      timeline.look(undefined);
      assert.match(told(timeline).at(-1)!, new RegExp(`${words}$`));
    }
  });

  it("hears of each alarm that begins to ring or stops, at the time that CloudWatch says", async () => {
    const alarms = [
      { AlarmName: "nodes", StateValue: "OK", StateReason: "", StateUpdatedTimestamp: new Date(0) },
    ];
    const use = standIns({ cloudwatch: { describeAlarms: async () => ({ MetricAlarms: alarms }) } });
    const heard: unknown[] = [];
    const watch = new AlarmWatch(use, (...said) => void heard.push(said));
    await watch.follow();
    Object.assign(alarms[0]!, {
      StateValue: "ALARM",
      StateReason: "too few",
      StateUpdatedTimestamp: new Date(7),
    });
    await watch.follow();
    await watch.follow();
    Object.assign(alarms[0]!, { StateValue: "OK", StateUpdatedTimestamp: new Date(9) });
    await watch.follow();
    assert.deepEqual(heard, [
      ["alarm", "nodes rings: too few", 7],
      ["alarm", "nodes rings no more", 9],
    ]);
  });

  it("hears of no other change of an alarm, and of no alarm that is new", async () => {
    let alarms: object[] = [];
    const use = standIns({ cloudwatch: { describeAlarms: async () => ({ MetricAlarms: alarms }) } });
    const heard: unknown[] = [];
    const watch = new AlarmWatch(use, (...said) => void heard.push(said));
    const look = (StateValue: string) => {
      alarms = [{ AlarmName: "nodes", StateValue }];
      return watch.follow();
    };
    await watch.follow();
    await look("ALARM");
    assert.deepEqual(heard, []);
    for (const state of ["INSUFFICIENT_DATA", "OK", "ALARM"]) await look(state);
    assert.deepEqual(heard, [
      ["alarm", "nodes rings no more", undefined],
      ["alarm", "nodes rings: no reason is given", undefined],
    ]);
  });
});

describe("the sandbox's traffic", () => {
  it("is counted for each of the last sixty whole seconds, and since the start", () => {
    let now = 0;
    const traffic = new Traffic(() => now);
    traffic.count(true);
    now = 300_500;
    traffic.count(true);
    traffic.count(false);
    now = 302_000;
    const { answered, failed } = traffic.last;
    assert.deepEqual([answered.length, answered.slice(-2), failed.slice(-2)], [60, [2, 0], [1, 0]]);
    assert.equal(
      answered.reduce((sum, one) => sum + one),
      2,
    );
    assert.deepEqual([traffic.answered, traffic.failed], [3, 1]);
  });

  it("is forgotten second by second after two minutes, however long it goes on", () => {
    let now = 0;
    const traffic = new Traffic(() => now);
    for (let second = 0; second <= 300; second++) {
      now = second * 1000;
      traffic.count(true);
    }
    const kept = [...traffic["seconds"].keys()];
    assert.deepEqual([kept.length, kept[0], kept.at(-1), traffic.answered], [120, 181, 300, 301]);
  });
});

describe("the sandbox's stack lacks", () => {
  const view = (instanceIds: string[], desired = 2, targetGroupArns = ["t"]) =>
    ({
      groups: [{ name: "g", desired, instanceIds, targetGroupArns }],
      registered: new Map([["t", instanceIds]]),
    }) as unknown as View;
  const server = (id: string, over: Partial<Server> = {}) =>
    ({ id, role: "web", alive: true, lost: false, ...over }) as Server;
  const target = (id: string, health: Target["health"] = "healthy") =>
    ({ id, health, group: "t" }) as Target & { group: string };
  const all = ["i-1", "i-2"];
  const nobody = () => undefined;
  const healthy = all.map((id) => target(id));

  it("nothing when every server is there and healthy", () => {
    assert.equal(
      lacking(
        view(all),
        all.map((id) => server(id)),
        healthy,
        nobody,
      ),
      undefined,
    );
  });

  const CASES: [why: string, view: View, servers: Server[], targets: (Target & { group: string })[]][] = [
    ["a server that is dead", view(all), [server("i-1"), server("i-2", { alive: false })], healthy],
    ["a server that was not launched", view(["i-1"]), [server("i-1")], [target("i-1")]],
    ["a healthy target", view(all), all.map((id) => server(id)), [target("i-1"), target("i-2", "unhealthy")]],
  ];
  for (const [why, seen, servers, targets] of CASES)
    it(why, () => assert.match(lacking(seen, servers, targets, nobody)!, /^g has too few/));

  it("a writer of the database, until one is active and the others stand by", () => {
    const nodes = all.map((id) => server(id, { role: "database" }));
    const with_ = (states: string[]) => lacking(view(all, 2, []), nodes, [], (id) => states[all.indexOf(id)]);
    assert.equal(with_(["passive", "passive"]), "g has no writer");
    assert.equal(with_(["active", "fencing"]), "g is on its way");
    assert.equal(with_(["active", "passive"]), undefined);
  });

  it("servers whose machines are lost, and targets of its own target group, which has its members alone", () => {
    const both = all.map((id) => server(id));
    const lost = [server("i-1"), server("i-2", { lost: true })];
    assert.equal(lacking(view(all), lost, healthy, nobody), "g has too few servers");
    const gone = all.map((id) => server(id, { lost: true }));
    assert.equal(lacking(view(all), gone, healthy, nobody), "g has too few servers");
    assert.equal(lacking(view([]), [server("i-9")], healthy, nobody), "g has too few servers");
    const elsewhere = [target("i-1"), { ...target("i-2"), group: "u" }];
    assert.equal(lacking(view(all), both, elsewhere, nobody), "g has too few healthy servers");
    const others = [target("i-1"), target("i-9")];
    assert.equal(lacking(view(all), both, others, nobody), "g has too few healthy servers");
    const registered = (...ids: string[]) => ({ ...view(all), registered: new Map([["t", ids]]) });
    assert.equal(
      lacking(registered("i-1", "i-2", "i-old"), both, healthy, nobody),
      "g has too few healthy servers",
    );
    assert.equal(lacking({ ...view(all), registered: new Map() }, both, healthy, nobody), undefined);
    const neighbour = server("i-9", { role: "database", alive: false });
    assert.equal(lacking(view(all), [...both, neighbour], healthy, nobody), undefined);
  });

  it("nothing of groups whose machines are records alone, as a project's are", () => {
    assert.equal(lacking(view(all), [], [], nobody), undefined);
  });
});
