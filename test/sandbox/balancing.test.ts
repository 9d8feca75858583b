import assert from "node:assert/strict";
import * as http from "node:http";
import * as net from "node:net";
import { AddressInfo } from "node:net";
import { Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import { actionFor, Incoming, redirectTo } from "../../sandbox/fleet/rules";
import { Hop, forward } from "../../sandbox/fleet/forwarding";
import { accepts, TargetGroup } from "../../sandbox/fleet/target-group";
import { until } from "../../sandbox/problem";
import { LocalServer } from "../../sandbox/server";
import { listen, Listener } from "../listener";

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
});

describe("the sandbox's load balancer", () => {
  const opened: (LocalServer | net.Server)[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0))
      if (one instanceof LocalServer) await one.stop();
      else one.close();
  });

  /** Leads to a target that answers with exactly these bytes, and then with silence or the end of its connection. */
  const before = async (answer: string, { silent = false, hop = {} as Partial<Hop> } = {}) => {
    const upstream = net.createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => (silent ? socket.write(answer) : socket.end(answer)));
    });
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
    const { port } = upstream.address() as AddressInfo;
    const listener = { port: 443, protocol: "HTTPS" };
    const serve = (request: http.IncomingMessage, response: http.ServerResponse) =>
      forward(request, response, {
        port,
        path: "/",
        listener,
        agent: new http.Agent(),
        idleMs: 60_000,
        ...hop,
      });
    const balancer = new LocalServer("balancer", serve, (line) => assert.fail(line));
    opened.push(upstream, balancer);
    return `http://127.0.0.1:${await balancer.start()}`;
  };
  const head = "HTTP/1.1 200 OK\r\n";
  const whole = `${head}Content-Length: 5\r\n\r\nwhole`;

  it("hands an answer on as it is", async () => {
    assert.equal(await (await fetch(await before(whole))).text(), "whole");
  });

  const BROKEN = {
    "a body that is shorter than it says": `${head}Content-Length: 10\r\n\r\nhalf`,
    "a chunk that ends too early": `${head}Transfer-Encoding: chunked\r\n\r\nff\r\nhalf`,
    "a chunk without a length": `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
  };
  for (const [name, answer] of Object.entries(BROKEN))
    for (const silent of [false, true])
      it(`breaks the client's connection off at ${name}${silent ? ", and silence" : ""}`, async () => {
        // The silence is over soon after the answer has begun: a busy machine may take long until then.
        const agent = new http.Agent();
        const address = await before(answer, { silent, hop: { agent } });
        await assert.rejects(async () => {
          const response = await fetch(address);
          for (const socket of Object.values(agent.sockets).flat()) socket!.setTimeout(1);
          await response.text();
        }, TypeError);
      });

  it("answers 502 for a target that is gone or talks nonsense, and 504 for one that is silent", async () => {
    const status = async (...args: Parameters<typeof before>) => (await fetch(await before(...args))).status;
    for (const nonsense of [
      "",
      "hello\r\n\r\n",
      "HTTP/1.1 099 Low\r\n\r\n",
      "HTTP/1.1 200 OK\r\nBad\0: x\r\n\r\n",
      head,
    ])
      assert.equal(await status(nonsense), 502, nonsense);
    assert.equal(await status(whole, { hop: { port: undefined } }), 502);
    assert.equal(await status(whole, { hop: { port: 1 } }), 502);
    assert.equal(await status("", { silent: true, hop: { idleMs: 50 } }), 504);
  });
});
