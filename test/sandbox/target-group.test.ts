import assert from "node:assert/strict";
import { accepts, TargetGroup } from "../../sandbox/fleet/target-group";
import { until } from "../../sandbox/problem";
import { listen, Listener } from "../listener";

/** Longer than a test waits: nobody is dropped because the delay is over unless the test says so. */
const HOUR = 3600;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("the sandbox's target group", () => {
  const declared = {
    TargetGroupArn: "arn",
    HealthCheckPath: "/health",
    HealthCheckIntervalSeconds: 0.02,
    // A busy machine answers late, which is no failed check.
    HealthCheckTimeoutSeconds: 30,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 2,
    Matcher: { HttpCode: "200" },
  };
  let status: number;
  let asked: number;
  let server: Listener;
  let group: TargetGroup;
  beforeEach(async () => {
    [status, asked] = [200, 0];
    server = await listen((_, response) => {
      asked++;
      response.writeHead(status).end();
    });
    group = new TargetGroup(declared, HOUR, () => server.port);
  });
  afterEach(() => {
    group.stop();
    return server.close();
  });
  const health = (id = "a") => group.list.find((one) => one.id === id)?.health;
  const becomes = (wanted: string) =>
    until(`The target's becoming ${wanted}`, health, { wanted: (now) => now === wanted, everyMs: 5 });

  it("takes a new target at its first passed check, and drops it after the threshold", async () => {
    group.follow(declared, HOUR, ["a"]);
    assert.equal(health(), "initial");
    await becomes("healthy");
    status = 503;
    await becomes("unhealthy");
    assert.equal(group.list[0]!.reason, "its health check answered 503");
    status = 200;
    await becomes("healthy");
  });

  it("gives a new target the threshold's intervals to answer for the first time, and gives it up then", async () => {
    status = 500;
    const slow = { ...declared, HealthCheckIntervalSeconds: 0.2 };
    group.follow(slow, HOUR, ["a"]);
    const began = performance.now();
    await becomes("unhealthy");
    assert.ok(performance.now() - began >= 400, "two intervals");
    assert.equal(group.list[0]!.reason, "its health check answered 500");
  });

  it("sends to healthy targets in turn, and to all when none is", async () => {
    group.follow(declared, HOUR, ["a", "b"]);
    await until("Two healthy targets", () => group.list.every((one) => one.health === "healthy"));
    const names = [group.next()!.id, group.next()!.id, group.next()!.id];
    assert.deepEqual(names[0] === "a" ? names : [...names].map((one) => (one === "a" ? "b" : "a")), [
      "a",
      "b",
      "a",
    ]);
    status = 500;
    await until("Two unhealthy targets", () => group.list.every((one) => one.health === "unhealthy"));
    assert.ok(group.next());
  });

  it("lets a target that leaves finish what it began, and sends it nothing new", async () => {
    group.follow(declared, HOUR, ["a", "b"]);
    await until("Two healthy targets", () => group.list.every((one) => one.health === "healthy"));
    const target = group.list[0]!;
    group.began(target);
    group.began(target);
    group.follow(declared, HOUR, ["b"]);
    assert.equal(health(), "draining");
    assert.deepEqual([group.next()!.id, group.next()!.id], ["b", "b"]);
    let left = false;
    const drained = group.drained("a").then(() => (left = true));
    group.ended(target);
    await pause(20);
    assert.equal(left, false);
    group.ended(target);
    await drained;
    assert.deepEqual([group.has("a"), group.has("b")], [false, true]);
    group.follow(declared, HOUR, []);
    assert.equal(group.next(), undefined);
  });

  it("keeps what it knows of a target that stays, and does not begin to wait for one again that leaves", async () => {
    group.follow(declared, 0.2, ["a", "b"]);
    await until("Two healthy targets", () => group.list.every((one) => one.health === "healthy"));
    group.began(group.list[1]!);
    const began = performance.now();
    group.follow(declared, 0.2, ["a"]);
    void group.drained("b");
    for (let looks = 0; looks < 60 && group.has("b"); looks++) {
      group.follow(declared, 0.2, ["a"]);
      void group.drained("b");
      assert.equal(health("a"), "healthy");
      await pause(10);
    }
    assert.equal(group.has("b"), false);
    assert.ok(performance.now() - began >= 190, "the whole delay");
  });

  it("forgets the check that was under way when its target left", async () => {
    const held: (() => void)[] = [];
    const slow = await listen((_, response) => void held.push(() => response.end()));
    const told: string[] = [];
    const tell = (_: string, words: string) => void told.push(words);
    group = new TargetGroup(declared, HOUR, () => slow.port, tell);
    group.follow(declared, HOUR, ["a", "b"]);
    await until("Both checks", () => held.length === 2, { everyMs: 5 });
    group.began(group.list[0]!);
    group.follow(declared, HOUR, []);
    for (const release of held) release();
    await pause(100);
    assert.deepEqual([health("a"), group.has("b"), held.length, told], ["draining", false, 2, []]);
    group.follow(declared, HOUR, ["c"]);
    await until("The next check", () => held.length === 3, { everyMs: 5 });
    group.stop();
    held[2]!();
    await pause(100);
    assert.deepEqual([held.length, told], [3, []]);
    await slow.close();
  });

  it("takes a target back that was registered again while it was leaving", async () => {
    group.follow(declared, HOUR, ["a"]);
    await becomes("healthy");
    group.began(group.next()!);
    group.follow(declared, HOUR, []);
    group.follow(declared, HOUR, ["a"]);
    await becomes("healthy");
  });

  it("stops waiting when the deregistration delay is over", async () => {
    group.follow(declared, 0.02, ["a"]);
    await becomes("healthy");
    group.began(group.next()!);
    await group.drained("a");
    assert.deepEqual(group.list, []);
  });

  it("says why a server fails its check, or nothing where it passes", async () => {
    const asked: string[] = [];
    const odd = await listen((request, response) => {
      asked.push(request.url!);
      if (request.url === "/silent") return;
      response.writeHead(request.url === "/moved" ? 302 : 200, { location: "/silent" }).end();
    });
    const check = (over: object, port = odd.port) => new TargetGroup(over, HOUR, () => undefined).check(port);
    assert.equal(await check({}), undefined);
    assert.equal(await check({ HealthCheckPath: "/moved" }), "its health check answered 302");
    assert.equal(await check({ HealthCheckPath: "/moved", Matcher: { HttpCode: "200,302" } }), undefined);
    const silent = { HealthCheckPath: "/silent", HealthCheckTimeoutSeconds: 0.05 };
    assert.equal(await check(silent), "its health check did not answer in time");
    await odd.close();
    assert.equal(await check({}), "nothing listens where its health check knocks");
    assert.deepEqual(asked, ["/", "/moved", "/moved", "/silent"]);
  });

  it("tells of each target that becomes healthy or unhealthy, once", async () => {
    const told: string[] = [];
    group = new TargetGroup(
      declared,
      HOUR,
      () => server.port,
      (kind, words) => void told.push(`${kind}: ${words}`),
    );
    group.follow(declared, HOUR, ["a"]);
    await becomes("healthy");
    const checks = async () => {
      const before = asked;
      await until("Some checks", () => asked >= before + 3, { everyMs: 5 });
    };
    await checks();
    status = 503;
    await becomes("unhealthy");
    await checks();
    status = 200;
    await becomes("healthy");
    assert.deepEqual(told, [
      "replacement: a passes its health checks, and requests go to it",
      "detection: the load balancer finds a unhealthy: its health check answered 503",
      "replacement: a passes its health checks, and requests go to it",
    ]);
    assert.equal(group.list[0]!.reason, "");
  });

  it("counts only checks that follow each other: an answer between two failures is a new beginning", async () => {
    let at = 0;
    const statuses = [200, 500, 200, 500, 200, 500, 500, 200, 500, 200];
    const seen: (string | undefined)[] = [];
    const steps = await listen((_, response) => {
      seen.push(health());
      response.writeHead(statuses[at++] ?? 200).end();
    });
    group = new TargetGroup(declared, HOUR, () => steps.port);
    group.follow(declared, HOUR, ["a"]);
    await until("All checks", () => at > statuses.length + 2, { everyMs: 5 });
    group.stop();
    await steps.close();
    const [h, u] = ["healthy", "unhealthy"];
    assert.deepEqual(seen.slice(0, 13), ["initial", h, h, h, h, h, h, u, u, u, u, h, h]);
  });

  it("needs five passed checks and two failed ones where nothing is declared", async () => {
    let at = 0;
    const statuses = [200, 500, 500, ...Array<number>(8).fill(200)];
    const seen: (string | undefined)[] = [];
    const steps = await listen((_, response) => {
      seen.push(health());
      response.writeHead(statuses[at++] ?? 200).end();
    });
    const bare = { TargetGroupArn: "arn", HealthCheckIntervalSeconds: 0.02, HealthCheckTimeoutSeconds: 30 };
    group = new TargetGroup(bare, HOUR, () => steps.port);
    assert.equal(group.arn, "arn");
    group.follow(bare, HOUR, ["a"]);
    await until("All checks", () => at >= 9, { everyMs: 5 });
    group.stop();
    await steps.close();
    const [h, u] = ["healthy", "unhealthy"];
    assert.deepEqual(seen.slice(0, 9), ["initial", h, h, u, u, u, u, u, h]);
  });

  it("waits for a server that does not run yet, and sends it nothing", async () => {
    const ports: number[] = [];
    group = new TargetGroup(declared, HOUR, () => ports[0]);
    const patient = { ...declared, HealthCheckIntervalSeconds: 60 };
    group.follow(patient, HOUR, ["a"]);
    assert.deepEqual(group.list, [
      { id: "a", health: "initial", reason: "its first check is under way", inFlight: 0 },
    ]);
    assert.deepEqual([group.has("a"), group.has("b"), group.next()], [true, false, undefined]);
    assert.equal(group.addressOf(group.list[0]!), undefined);
    ports.push(server.port);
    await becomes("healthy");
    assert.equal(group.addressOf(group.list[0]!), server.port);
    await pause(250);
    assert.equal(asked, 1, "from then on it is asked at the declared pace");
  });

  it("gives up a server that never runs", async () => {
    group = new TargetGroup(declared, HOUR, () => undefined);
    group.follow(declared, HOUR, ["a"]);
    await becomes("unhealthy");
    assert.equal(group.list[0]!.reason, "it does not run yet");
  });

  it("counts the requests that a target answers, and knows none of a target that it does not have", async () => {
    group.follow(declared, HOUR, ["a"]);
    await becomes("healthy");
    const target = group.next()!;
    group.began(target);
    group.began(target);
    group.ended(target);
    assert.equal(group.list[0]!.inFlight, 1);
    group.ended(target);
    assert.equal(group.list[0]!.inFlight, 0);
    const stranger = { ...target, id: "stranger" };
    group.began(stranger);
    group.ended(stranger);
    await group.drained("stranger");
    assert.deepEqual(
      group.list.map(({ id }) => id),
      ["a"],
    );
  });

  it("lets one without requests go at once, says meanwhile why another stays, and checks neither any more", async () => {
    group.follow(declared, HOUR, ["a", "b"]);
    await until("Two healthy targets", () => group.list.every((one) => one.health === "healthy"), {
      everyMs: 5,
    });
    group.began(group.list[0]!);
    group.follow(declared, HOUR, []);
    const { id, health: state, reason } = group.list[0]!;
    assert.deepEqual([group.list.length, id, state], [1, "a", "draining"]);
    assert.equal(reason, "it was deregistered and finishes what it began");
    const before = asked;
    await pause(100);
    assert.ok(asked <= before + 2, "at most those that were under way");
    group.follow(declared, HOUR, []);
    assert.equal(group.list.length, 1);
  });

  it("ends with its checks, and with whoever waits for a target", async () => {
    group.follow(declared, HOUR, ["a"]);
    await becomes("healthy");
    group.began(group.list[0]!);
    const drained = group.drained("a");
    group.stop();
    await drained;
    assert.deepEqual(group.list, []);
    const before = asked;
    await pause(100);
    assert.ok(asked <= before + 1, "at most the one that was under way");
  });

  it("take a matcher's single codes, lists and ranges", () => {
    assert.deepEqual(
      [199, 200, 250, 299, 300].map((status) => accepts("200-299", status)),
      [false, true, true, true, false],
    );
    assert.deepEqual(
      [accepts("200", 200), accepts("200,302", 302), accepts("200,302", 250)],
      [true, true, false],
    );
  });
});
