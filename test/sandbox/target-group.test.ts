import assert from "node:assert/strict";
import { accepts, TargetGroup } from "../../sandbox/fleet/target-group";
import { until } from "../../sandbox/problem";
import { listen, Listener } from "../listener";

describe("the sandbox's target group", () => {
  const declared = {
    TargetGroupArn: "arn",
    HealthCheckPath: "/health",
    HealthCheckIntervalSeconds: 0.02,
    HealthCheckTimeoutSeconds: 1,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 2,
    Matcher: { HttpCode: "200" },
  };
  let status: number;
  let server: Listener;
  let group: TargetGroup;
  beforeEach(async () => {
    status = 200;
    server = await listen((_, response) => response.writeHead(status).end());
    group = new TargetGroup(declared, 30, () => server.port);
  });
  afterEach(() => {
    group.stop();
    return server.close();
  });
  const health = (id = "a") => group.list.find((one) => one.id === id)?.health;
  const becomes = (wanted: string) =>
    until(`The target's becoming ${wanted}`, health, { wanted: (now) => now === wanted, everyMs: 5 });

  it("takes a new target at its first passed check, and drops it after the threshold", async () => {
    group.follow(declared, 30, ["a"]);
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
    group.follow(slow, 30, ["a"]);
    const began = performance.now();
    await becomes("unhealthy");
    assert.ok(performance.now() - began >= 400, "two intervals");
    assert.equal(group.list[0]!.reason, "its health check answered 500");
  });

  it("sends to healthy targets in turn, and to all when none is", async () => {
    group.follow(declared, 30, ["a", "b"]);
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
    group.follow(declared, 30, ["a"]);
    await becomes("healthy");
    const target = group.next()!;
    group.began(target);
    group.follow(declared, 30, []);
    assert.equal(health(), "draining");
    assert.equal(group.next(), undefined);
    let left = false;
    const drained = group.drained("a").then(() => (left = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(left, false);
    group.ended(target);
    await drained;
    assert.deepEqual(group.list, []);
  });

  it("takes a target back that was registered again while it was leaving", async () => {
    group.follow(declared, 30, ["a"]);
    await becomes("healthy");
    group.began(group.next()!);
    group.follow(declared, 30, []);
    group.follow(declared, 30, ["a"]);
    await becomes("healthy");
  });

  it("stops waiting when the deregistration delay is over", async () => {
    group.follow(declared, 0.02, ["a"]);
    await becomes("healthy");
    group.began(group.next()!);
    await group.drained("a");
    assert.deepEqual(group.list, []);
  });

  it("take a matcher's single codes, lists and ranges", () => {
    assert.deepEqual(
      [accepts("200", 200), accepts("200,302", 302), accepts("200-299", 250), accepts("200-299", 300)],
      [true, true, true, false],
    );
  });
});
