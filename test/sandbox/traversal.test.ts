import assert from "node:assert/strict";
import * as path from "node:path";
import { Use } from "../../sandbox/engine/clients";
import { Balancer } from "../../sandbox/fleet/balancer";
import { Page } from "../../sandbox/page/page";
import { until } from "../../sandbox/problem";
import { listen } from "../listener";
import { some } from "../some";
import { rawGet, secretOf, waysOut } from "../traversal";

const SANDBOX = path.join(__dirname, "../../sandbox");
const PARTS = ["/sandbox/", "/"];

describe("a path that leads out of a served folder", () => {
  it("is refused by the sandbox's page, which goes on", async () => {
    const secrets = [`${SANDBOX}/page/page.ts`, `${SANDBOX}/../package.json`, "/etc/passwd"].map(secretOf);
    const page = new Page({} as never);
    const port = Number(new URL(await page.start()).port);
    try {
      const files = ["page.ts", "package.json", "etc/passwd"];
      for (const target of some(files.flatMap((f) => PARTS.flatMap((p) => waysOut(p, f, "/etc/passwd"))))) {
        const { status, answer } = await rawGet(port, target);
        for (const secret of some(secrets)) assert.equal(answer.includes(secret), false, target);
        assert.ok([302, 400, 404].includes(status), `${JSON.stringify(target)} is answered with ${status}`);
      }
      assert.equal((await rawGet(port, "/sandbox/page.css")).status, 200);
    } finally {
      await page.stop();
    }
  });

  it("reaches the server behind the load balancer as it was sent, and no other rule's", async () => {
    const seen: string[] = [];
    const target = await listen((request, response) => {
      if (request.url !== "/health") seen.push(request.url!);
      response.end("served");
    });
    const forward = { Type: "forward", TargetGroupArn: "group" };
    const refusal = { Type: "fixed-response", FixedResponseConfig: { StatusCode: "403" } };
    const use = (async () => ({
      describeLoadBalancers: async () => ({
        LoadBalancers: [{ LoadBalancerArn: "lb", Type: "application" }],
      }),
      describeLoadBalancerAttributes: async () => ({ Attributes: [] }),
      describeListeners: async () => ({
        Listeners: [{ ListenerArn: "listener", Port: 443, Protocol: "HTTPS" }],
      }),
      describeTargetGroupAttributes: async () => ({ Attributes: [] }),
      describeRules: async () => ({
        Rules: [
          { Priority: "default", Conditions: [], Actions: [forward] },
          {
            Priority: "1",
            Conditions: [{ Field: "path-pattern", Values: ["/closed*"] }],
            Actions: [refusal],
          },
        ],
      }),
    })) as unknown as Use;
    const balancer = new Balancer(
      use,
      () => target.port,
      () => undefined,
    );
    try {
      await balancer.open(0);
      await balancer.follow({
        targetGroups: [
          { TargetGroupArn: "group", HealthCheckIntervalSeconds: 1, HealthCheckPath: "/health" },
        ],
        registered: new Map([["group", ["i-1"]]]),
        machines: [],
        groups: [],
      });
      await until("A healthy target", () => balancer.targets[0]!.health === "healthy");
      const port = Number(new URL(balancer.addresses[0]!.url).port);
      assert.equal((await rawGet(port, "/closed/door")).status, 403);
      for (const sent of some([
        "/../closed",
        "/%2e%2e/closed",
        "/..%2fclosed",
        "/x/../closed",
        "/a//b",
        "/..;/closed",
      ])) {
        seen.length = 0;
        assert.equal((await rawGet(port, sent)).status, 200, sent);
        assert.deepEqual(seen, [sent]);
      }
    } finally {
      await balancer.stop();
      await target.close();
    }
  });
});
