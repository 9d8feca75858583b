import { Endpoints, newCredentials } from "../../sandbox/emulators/endpoints";
import { Failures } from "../../sandbox/failures/failures";
import { Timeline } from "../../sandbox/failures/timeline";
import { Traffic } from "../../sandbox/fleet/traffic";
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as http from "node:http";
import * as fc from "fast-check";
import { EmulatorProxy } from "../../sandbox/emulator-proxy";
import { Images } from "../../sandbox/builds/images";
import { Starters } from "../../sandbox/builds/starters";
import { Use } from "../../sandbox/engine/clients";
import { Balancer } from "../../sandbox/fleet/balancer";
import { Calls } from "../../sandbox/calls/calls";
import { Delivery } from "../../sandbox/delivery/delivery";
import { Fleet } from "../../sandbox/fleet/fleet";
import { Metadata } from "../../sandbox/fleet/metadata";
import { Router } from "../../sandbox/fleet/router";
import { Mailbox } from "../../sandbox/mail";
import { Page } from "../../sandbox/page/page";
import { Paths } from "../../sandbox/paths";
import { Processes } from "../../sandbox/processes";
import { ProjectDatabases } from "../../sandbox/sites/databases";
import { ProjectServers } from "../../sandbox/sites/servers";
import { Sites } from "../../sandbox/sites/sites";
import { until } from "../../sandbox/problem";
import { LocalServer } from "../../sandbox/server";
import { State } from "../../sandbox/state";
import { Attack, knownAttacks, oddRequests, send } from "./attacks";
import { portsOf } from "./open-ports";
import { sharedSandbox } from "./shared";
import { skip } from "../skip";
import { newFolder } from "../folder";

/** As many attacks at once as a browser opens connections, ten times over. */
const AT_ONCE = 60;
/** The same requests in each run. */
const SAMPLE = { seed: 15, numRuns: 150 };

async function attack(port: number, own: string): Promise<number> {
  const left: Attack[] = [...knownAttacks(own), ...fc.sample(oddRequests(own), SAMPLE)];
  const count = left.length;
  const sender = async () => {
    for (let next = left.pop(); next; next = left.pop()) await send(port, next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  return count;
}

const use = (async () => ({
  describeLoadBalancers: async () => ({ LoadBalancers: [{ LoadBalancerArn: "lb", Type: "application" }] }),
  describeLoadBalancerAttributes: async () => ({ Attributes: [] }),
  describeListeners: async () => ({ Listeners: [{ ListenerArn: "listener", Port: 443, Protocol: "HTTPS" }] }),
  describeTargetGroupAttributes: async () => ({ Attributes: [] }),
  describeRules: async () => ({
    Rules: [
      { Priority: "default", Conditions: [], Actions: [{ Type: "forward", TargetGroupArn: "group" }] },
      {
        Priority: "1",
        Conditions: [{ Field: "path-pattern", Values: ["/away*"] }],
        Actions: [{ Type: "redirect", RedirectConfig: { StatusCode: "HTTP_302", Host: "example.com" } }],
      },
    ],
  }),
  confirmSubscription: async () => ({}),
  getInstanceProfile: async () => ({ InstanceProfile: { Roles: [{ RoleName: "role" }] } }),
  describeRouteTables: async () => ({
    RouteTables: [{ Routes: [{ DestinationCidrBlock: "10.0.0.1/32", InstanceId: "i-1" }] }],
  }),
})) as unknown as Use;

/** What outlives every attack: its port, the path at which it works, and how a good request to it is answered. */
interface Part {
  port: number;
  own: string;
  stop: () => Promise<unknown>;
  answers: () => Promise<boolean>;
}

describe("a part of the sandbox goes on whatever it is sent:", () => {
  const answered = async (url: string, status: number, init?: RequestInit) =>
    (await fetch(url, { ...init, redirect: "manual" })).status === status;
  let target: LocalServer;
  let targetPort: number;
  /** What would have ended the sandbox's process, and what it says of its own failures. */
  const failures: unknown[] = [];
  const fail = (error: unknown) => void failures.push(error);
  beforeEach(async () => {
    failures.length = 0;
    process.on("unhandledRejection", fail); // mocha itself lets these pass
    target = new LocalServer("target", (request, response) => request.pipe(response), fail);
    targetPort = await target.start();
  });
  afterEach(async () => {
    process.off("unhandledRejection", fail);
    await target.stop();
  });

  const PARTS: Record<string, () => Promise<Part>> = {
    "the load balancer": async () => {
      const balancer = new Balancer(use, () => targetPort, fail);
      await balancer.open(0);
      const TargetGroups = {
        TargetGroupArn: "group",
        HealthCheckIntervalSeconds: 1,
        Matcher: { HttpCode: "200" },
      };
      await balancer.follow({
        targetGroups: [TargetGroups],
        registered: new Map([["group", ["i-1"]]]),
        machines: [],
        groups: [],
      });
      const { url } = balancer.addresses[0]!;
      await until("A healthy target", () => balancer.targets[0]!.health === "healthy");
      const answers = () => answered(url, 200);
      return { port: Number(new URL(url).port), own: "/", stop: () => balancer.stop(), answers };
    },
    "the mailbox": async () => {
      const mailbox = new Mailbox(
        use,
        { ministack: "http://127.0.0.1:9", moto: "", region: "eu-west-1", credentials: newCredentials() },
        fail,
      );
      await mailbox.start();
      const { port, pathname } = new URL(mailbox.address);
      const Timestamp = new Date().toISOString();
      const body = JSON.stringify({
        Type: "Notification",
        MessageId: "1",
        TopicArn: "arn:topic",
        Message: "hello",
        Timestamp,
      });
      const answers = () => answered(mailbox.address, 200, { method: "POST", body });
      return { port: Number(port), own: pathname, stop: () => mailbox.stop(), answers };
    },
    "the page": async () => {
      const fleet = {
        current: { machines: [], groups: [] },
        servers: [],
        targets: [],
        projectStacks: [],
        traffic: () => new Traffic(),
      };
      const mailbox = { list: async () => [] };
      const timeline = new Timeline(() => ({ answered: 0, failed: 0 }));
      const endpoints = { ministack: "http://127.0.0.1:9", moto: "http://127.0.0.1:9" } as Endpoints;
      const failures = new Failures({ fleet: fleet as unknown as Fleet, endpoints, timeline, note: fail });
      const page = new Page({
        state: { endpoints: {}, resources: [] } as unknown as State,
        fleet: fleet as unknown as Fleet,
        delivery: { pipelines: { names: [] }, actions: { decide: () => false } } as unknown as Delivery,
        mailbox: mailbox as unknown as Mailbox,
        failures,
        timeline,
        calls: new Calls(endpoints, fail),
        use,
        paths: { logs: newFolder("logs") } as Paths,
        note: fail,
      });
      const url = `${await page.start()}/sandbox/state.json`;
      const { port, pathname } = new URL(url);
      return {
        port: Number(port),
        own: pathname,
        stop: () => page.stop(),
        answers: () => answered(url, 200),
      };
    },
    "the instances' credentials": async () => {
      const metadata = new Metadata(use, "123456789012", fail);
      await metadata.start();
      const { AWS_CONTAINER_CREDENTIALS_FULL_URI: url } = await metadata.environmentOf("i-1", "profile");
      const { port, pathname } = new URL(url!);
      return {
        port: Number(port),
        own: pathname,
        stop: () => metadata.stop(),
        answers: () => answered(url!, 401),
      };
    },
    "an emulator's proxy": async () => {
      const proxy = new EmulatorProxy(`http://127.0.0.1:${targetPort}`, (call, { pass }) => pass(call), fail);
      const url = await proxy.start();
      return {
        port: Number(new URL(url).port),
        own: "/",
        stop: () => proxy.stop(),
        answers: () => answered(url, 200),
      };
    },
    "the starters' repositories": async () => {
      const repositories = newFolder("starters");
      const starters = new Starters({ repositories } as Paths, fail);
      const url = await starters.start();
      const own = "/html.git/info/refs?service=git-upload-pack";
      return {
        port: Number(new URL(url).port),
        own,
        stop: async () => {
          await starters.stop();
          fs.rmSync(repositories, { recursive: true });
        },
        answers: () => answered(url.slice(0, -1) + own, 200),
      };
    },
    "the projects' sites": async () => {
      const servers = new ProjectServers({
        use,
        images: new Images(use, { images: "" }),
        databases: new ProjectDatabases({} as Processes, {} as Paths),
        hidden: [],
        folder: "",
        note: fail,
      });
      const sites = new Sites({ ministack: use, moto: use }, servers, fail);
      const port = await sites.start();
      // It is asked by the names of projects alone.
      const answers = () => answered(`http://127.0.0.1:${port}`, 403);
      return { port, own: "/", stop: () => sites.stop(), answers };
    },
    "the VPC's router": async () => {
      const router = new Router(use, "10.0.0.1", () => ({ host: "127.0.0.1", port: targetPort }));
      const { port } = await router.start();
      await router.follow();
      return {
        port,
        own: "/",
        stop: () => router.stop(),
        answers: () => answered(`http://127.0.0.1:${port}`, 200),
      };
    },
  };
  for (const [name, make] of Object.entries(PARTS))
    it(name, async () => {
      const { port, own, stop, answers } = await make();
      try {
        assert.equal(await answers(), true, "before");
        assert.ok((await attack(port, own)) > 200);
        assert.equal(await answers(), true, "after");
        assert.deepEqual(failures, []);
      } finally {
        await stop();
      }
    });
});

describe("a server of the sandbox", () => {
  const notes: string[] = [];
  const serving = async (handler: http.RequestListener) => {
    const server = new LocalServer("part", handler, (line) => notes.push(line));
    return { server, url: `http://127.0.0.1:${await server.start()}` };
  };

  it("answers for a handler that throws, at once or later, and notes it without its particulars' leaving", async () => {
    for (const handler of [
      () => {
        throw new Error("secret");
      },
      async () => {
        await Promise.resolve();
        throw new Error("secret");
      },
    ]) {
      notes.length = 0;
      const { server, url } = await serving(handler as unknown as http.RequestListener);
      const answer = await fetch(`${url}/a`);
      assert.deepEqual([answer.status, await answer.text()], [500, "The sandbox failed at this.\n"]);
      assert.deepEqual(notes, ["part: GET /a: secret"]);
      await server.stop();
    }
  });

  it("breaks off an answer whose handler fails in the middle of it", async () => {
    const { server, url } = await serving((_, response) => {
      response.writeHead(200, { "content-length": "10" }).write("half ");
      throw new Error("no more");
    });
    await assert.rejects(fetch(url).then((answer) => answer.text()));
    await server.stop();
  });
});

describe("the running sandbox", () => {
  it("listens on this machine alone, and outlives bad requests to each of its ports", async function () {
    if (process.platform !== "linux")
      skip(this, "Linux", "only Linux tells on which ports a process listens");
    const sandbox = await sharedSandbox(this);
    const entries = JSON.parse(fs.readFileSync(sandbox.paths.processes, "utf8")) as {
      name: string;
      pid: number;
    }[];
    const { pid } = entries.find(({ name }) => name === "sandbox")!;
    const ports = portsOf(pid);
    assert.deepEqual([...new Set(ports.map(({ address }) => address))], ["127.0.0.1"]);
    const known = [sandbox.state.url, sandbox.state.page].map((url) => Number(new URL(url).port));
    assert.ok(known.every((port) => ports.some((one) => one.port === port)));
    assert.ok(
      ports.length >= 9,
      `mail, credentials, three proxies, starters, sites and the router as well, found ${ports.length}`,
    );

    for (const { port } of ports) await attack(port, "/");
    process.kill(pid, 0); // throws when it is gone
    assert.deepEqual(portsOf(pid), ports);
    for (const url of [`${sandbox.state.url}/health`, `${sandbox.state.page}/sandbox/state.json`])
      assert.equal((await fetch(url)).status, 200, url);
  });
});
