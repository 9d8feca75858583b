import assert from "node:assert/strict";
import * as http from "node:http";
import { AddressInfo } from "node:net";
import { Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import { actionFor, Incoming, redirectTo } from "../../sandbox/fleet/rules";
import { accepts, TargetGroup } from "../../sandbox/fleet/target-group";
import { until } from "../../sandbox/problem";

const request = (over: Partial<Incoming> = {}): Incoming => ({
  method: "GET",
  host: "example.com",
  path: "/",
  query: new URLSearchParams(),
  headers: {},
  ...over,
});

describe("the sandbox's listener rules", () => {
  const rule = (Priority: string, Conditions: Rule["Conditions"], MessageBody: string): Rule => ({
    Priority,
    Conditions,
    Actions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "200", MessageBody } }],
  });
  const rules = [
    rule("default", [], "default"),
    rule("20", [{ Field: "path-pattern", PathPatternConfig: { Values: ["/api/*"] } }], "api"),
    rule(
      "10",
      [
        { Field: "path-pattern", PathPatternConfig: { Values: ["/api/v?/x"] } },
        { Field: "http-request-method", HttpRequestMethodConfig: { Values: ["POST"] } },
      ],
      "post",
    ),
    rule("30", [{ Field: "host-header", HostHeaderConfig: { Values: ["*.shop.com"] } }], "shop"),
    rule(
      "40",
      [{ Field: "query-string", QueryStringConfig: { Values: [{ Key: "beta", Value: "1" }] } }],
      "beta",
    ),
  ];
  const chosen = (over: Partial<Incoming>) =>
    actionFor(rules, request(over))!.FixedResponseConfig!.MessageBody;

  it("go by priority, and need every condition", () => {
    assert.equal(chosen({ path: "/api/v1/x", method: "POST" }), "post");
    assert.equal(chosen({ path: "/api/v1/x" }), "api");
    assert.equal(chosen({ path: "/api" }), "default");
    assert.equal(chosen({ host: "A.shop.com" }), "shop");
    assert.equal(chosen({ query: new URLSearchParams("beta=1") }), "beta");
  });

  it("redirect with what the request had", () => {
    const action = {
      Type: "redirect" as const,
      RedirectConfig: { Protocol: "HTTPS", Port: "443", StatusCode: "HTTP_301" as const },
    };
    const incoming = request({ path: "/a/b", query: new URLSearchParams("c=d") });
    assert.equal(redirectTo(action, incoming, "HTTP", "80"), "https://example.com/a/b?c=d");
  });

  it("take a matcher's single codes, lists and ranges", () => {
    assert.deepEqual(
      [accepts("200", 200), accepts("200,302", 302), accepts("200-299", 250), accepts("200-299", 300)],
      [true, true, true, false],
    );
  });
});

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
  let server: http.Server;
  let group: TargetGroup;
  beforeEach(async () => {
    status = 200;
    server = http.createServer((_, response) => response.writeHead(status).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    group = new TargetGroup(declared, 30, () => port);
  });
  afterEach(() => {
    group.stop();
    server.closeAllConnections();
    server.close();
  });
  const health = (id = "a") => group.list.find((one) => one.id === id)?.health;
  const becomes = (wanted: string) =>
    until(`The target's becoming ${wanted}`, () => (health() === wanted ? true : undefined), { everyMs: 5 });

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

  it("sends to healthy targets in turn, and to all when none is", async () => {
    group.follow(declared, 30, ["a", "b"]);
    await until("Two healthy targets", () =>
      group.list.every((one) => one.health === "healthy") ? true : undefined,
    );
    const names = [group.next()!.id, group.next()!.id, group.next()!.id];
    assert.deepEqual(names[0] === "a" ? names : [...names].map((one) => (one === "a" ? "b" : "a")), [
      "a",
      "b",
      "a",
    ]);
    status = 500;
    await until("Two unhealthy targets", () =>
      group.list.every((one) => one.health === "unhealthy") ? true : undefined,
    );
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
});
