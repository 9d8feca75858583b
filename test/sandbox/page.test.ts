/// <reference lib="dom" />
// The sandbox's own page in a real browser, and the failures that a person causes on it, in the running sandbox.
import assert from "node:assert/strict";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { clientsOf, Service } from "../../sandbox/engine/clients";
import { SERVICES } from "../../sandbox/emulators/services";
import type { Live } from "../../sandbox/page/live";
import { until } from "../../sandbox/problem";
import { closeBrowser, keepPicture, openPage } from "../browser";
import { some } from "../some";
import { tokenOf } from "./api-token";
import { SharedSandbox, sharedSandbox } from "./shared";
import { leftToAll } from "../left-to-all";

const FUNCTION = "aws:lambda/function:Function";
const COLOURS = { runOnly: ["color-contrast", "link-in-text-block"] };

describe("the sandbox's page", function () {
  this.timeout(120_000);
  let sandbox: SharedSandbox;
  let page: Page;
  let problems: string[];
  before(async function () {
    sandbox = await sharedSandbox(this);
    ({ page, problems } = await openPage({ viewport: { width: 1280, height: 900 } }));
  });
  after(() => closeBrowser());
  beforeEach(async () => {
    await page.goto(`${sandbox.state.page}/sandbox`);
    await page.locator(".node.web").first().waitFor();
  });
  afterEach(() => assert.deepEqual(problems, []));

  const live = async () => (await (await fetch(`${sandbox.state.page}/sandbox/state.json`)).json()) as Live;
  const whole = () =>
    until("The recovery of the whole stack", async () => !(await live()).lacks, { seconds: 60 });
  const button = (name: string) => page.getByRole("button", { name });
  const incident = (title: string) => page.locator(".incident", { hasText: title }).first();
  const stages = async (title: string) => [
    ...new Set(await incident(title).locator(".moments .badge").allTextContents()),
  ];

  it("draws the stack from the outside in, each part with its links", async () => {
    await whole();
    const { servers, resources } = await live();
    await page.locator(".node.web .badge.good").nth(1).waitFor();
    for (const { id, zone, role } of some(servers)) {
      const inZone = page
        .locator(".zone", { hasText: zone })
        .getByRole("link", { name: `${id}, a ${role} server` });
      assert.equal(await inZone.getAttribute("href"), `/sandbox/logs?of=${id}`);
    }
    const zones = new Set(servers.filter(({ role }) => role === "web").map(({ zone }) => zone));
    assert.equal(zones.size, 2, "the servers of a group are not spread over two zones");
    assert.equal(await page.locator(".node.database", { hasText: "the writer" }).count(), 1);
    assert.match(await page.locator(".node.balancer").innerText(), /2 of 2 servers are healthy/);
    const names = (type: string) => resources.filter((one) => one.type === type).map(({ name }) => name);
    for (const [kind, type] of [
      ["function", FUNCTION],
      ["bucket", "aws:s3/bucket:Bucket"],
    ] as const)
      assert.deepEqual((await page.locator(`.node.${kind} a`).allTextContents()).sort(), names(type).sort());
    assert.deepEqual(await page.locator(".node.stage a").allTextContents(), ["Source", "Build", "Release"]);
    await page.locator(".node.bucket", { hasText: "database-agent" }).getByText("1 object").waitFor();
  });

  it("says where a project may begin", async () => {
    const { starters } = await live();
    const address = await page.locator("#starters").innerText();
    const names = (await page.locator("#starter-names").innerText()).split(", ");
    assert.equal(address, `${starters.address}NAME.git`);
    assert.deepEqual(some(names), starters.names);
  });

  it("counts the answers that visitors get", async () => {
    for (let asked = 0; asked < 12; asked++) await fetch(`${sandbox.state.url}/health`);
    await page.locator("#rate", { hasText: /^(?!0 ).*requests\/s/ }).waitFor();
    assert.ok((await page.locator("#traffic .answered").count()) > 0);
  });

  it("keeps the focus when it draws again", async () => {
    await page.locator(".node.web a").first().focus();
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    const before = await focused();
    await page.waitForResponse(/state\.json/);
    await page.waitForResponse(/state\.json/);
    assert.equal(await focused(), before);
  });

  it("links a resource's name to the resource", async () => {
    await page.locator(".node.bucket a", { hasText: "uploads-normal" }).click();
    await page.getByRole("row", { name: /s3 Bucket uploads-normal / }).waitFor();
  });

  it("links a server to its log, and follows the log", async () => {
    const { servers } = await live();
    const { id, port } = servers.find(({ role, alive }) => role === "web" && alive)!;
    await page.getByRole("link", { name: `${id}, a web server` }).click();
    await page.getByRole("heading", { name: `Logs of ${id}` }).waitFor();
    await page.locator(".lines", { hasText: "Server listening" }).waitFor();
    const mark = `looked-for-${process.pid}`;
    await fetch(`http://127.0.0.1:${port}/${mark}`);
    await page.locator(".lines li", { hasText: mark }).waitFor();
  });

  it("lists each call of a function, with a link to the log of that call", async () => {
    await whole();
    const { name, id } = sandbox.state.resources.find(
      (one) => /^database-failover$/.test(one.name) && one.type === FUNCTION,
    )!;
    const lambda = await sandbox.use("lambda");
    for (let call = 0; call < 2; call++)
      await lambda.invoke({ FunctionName: id, Payload: Buffer.from("{}") });
    const byHand = page
      .locator(".call", { hasText: name })
      .filter({ hasText: "call by the sandbox or by hand" });
    await byHand.nth(1).waitFor();
    for (const hasText of [/dynamodb GetItem ×\d/, /ec2 .*DescribeInstances/, /autoscaling Describe/])
      await byHand.first().locator(".asked", { hasText }).waitFor();
    await byHand.first().locator(".badge", { hasText: "done" }).waitFor();

    const answer = await fetch(`${sandbox.state.outputs["deliveryUrl"]}/pipeline`, {
      headers: { authorization: await tokenOf(sandbox) },
    });
    assert.equal(answer.status, 200);
    // Both emulators tell of what it asks, the one before the other or after it.
    const asked = page.locator(".call", { hasText: "GET /pipeline" }).first();
    const parts = [/^200$/, /delivery-api-state/, /\d ms/, /codepipeline GetPipelineState/, /dynamodb Query/];
    for (const hasText of parts) await asked.locator("*", { hasText }).waitFor();

    // As where a call's log is not there yet.
    await page.route("**/sandbox/logs.txt?*", (route) => route.fulfill({ body: "" }), { times: 1 });
    await byHand.first().getByRole("link").click();
    await page.getByRole("heading", { name: `Logs of ${name}, one call` }).waitFor();
    await page.locator(".lines li", { hasText: "already pointing" }).first().waitFor();
    assert.equal(await page.locator(".lines li").count(), 1);
    await page.goto(`${sandbox.state.page}/sandbox/logs?of=${name}&call=moon`);
    await page.getByText("It said nothing, or the call is not over yet.").waitFor();
    await page.goto(`${sandbox.state.page}/sandbox/logs?of=moon&call=moon`);
    await page.getByRole("alert").filter({ hasText: 'No function is called "moon".' }).waitFor();
  });

  it("refuses an unknown log, and the emulators' own, which show every call", async () => {
    for (const name of ["moon", "ministack"]) {
      await page.goto(`${sandbox.state.page}/sandbox/logs?of=${name}`);
      await page
        .getByRole("alert")
        .filter({ hasText: `No log is called "${name}".` })
        .waitFor();
    }
  });

  it("is accessible, also at the width of a phone and in the dark", async function () {
    leftToAll(this);
    const wrong: string[] = [];
    for (const path of ["/sandbox", "/sandbox/logs?of=web"]) {
      await page.goto(sandbox.state.page + path);
      await page
        .locator(path === "/sandbox" ? ".node.web" : ".lines li")
        .first()
        .waitFor();
      await page.evaluate(axe.source);
      for (const width of [1280, 390, 320]) {
        await page.setViewportSize({ width, height: 900 });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        if (wide > width) wrong.push(`${path} ${width}: scrolls to ${wide}`);
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          await keepPicture(
            page,
            `sandbox${path.includes("logs") ? "-logs" : ""}-${width}-${colorScheme}.png`,
          );
          const options = colorScheme === "light" ? {} : COLOURS;
          const { violations } = await page.evaluate(async (given) => window.axe.run(given), options);
          for (const { id, nodes } of violations)
            wrong.push(`${path} ${width} ${colorScheme}: ${id} ${nodes.map(({ html }) => html).join(" ")}`);
        }
      }
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: "light" });
    assert.deepEqual(wrong, []);
  });

  /** One call of a service that asks little, and the name by which its API refuses too many. */
  const CALLS: [Service, call: string, input: object, refused: string][] = [
    ["s3", "listBuckets", {}, "SlowDown"],
    ["sqs", "listQueues", {}, "RequestThrottled"],
    ["sns", "listTopics", {}, "Throttling"],
    ["ec2", "describeVpcs", {}, "RequestLimitExceeded"],
    ["autoscaling", "describeAutoScalingGroups", {}, "Throttling"],
    ["lambda", "listFunctions", {}, "TooManyRequestsException"],
    ["cognito", "listUserPools", { MaxResults: 1 }, "TooManyRequestsException"],
    ["cloudwatch", "describeAlarms", {}, "ThrottlingException"],
    ["secretsmanager", "listSecrets", {}, "ThrottlingException"],
    ["sfn", "listStateMachines", {}, "ThrottlingException"],
    ["ses", "listEmailIdentities", {}, "TooManyRequestsException"],
  ];

  it("throttles an API on a click, as its protocol does, but not the sandbox's own calls, until the time is over", async () => {
    await whole();
    const { servers } = await live();
    const { commands } = SERVICES.secretsmanager;
    await page.getByLabel("Service").selectOption(commands[0]!);
    await page.getByLabel("Seconds").fill("4");
    await button("Throttle it").click();
    await page.getByText("secretsmanager refuses for 4 seconds what functions and servers ask.").waitFor();
    const origin = { origin: sandbox.state.page };
    for (const [service] of some(CALLS.filter(([service]) => service !== "secretsmanager"))) {
      const body = new URLSearchParams({ what: "throttle", name: service, seconds: "4" });
      const answer = await fetch(`${sandbox.state.page}/sandbox/failures`, {
        method: "POST",
        headers: origin,
        body,
      });
      assert.equal(answer.status, 200, await answer.text());
    }
    const sts = await sandbox.use("sts");
    const { Functions } = await (await sandbox.use("lambda")).listFunctions({}); // root is nobody's caller
    const { Credentials } = await sts.assumeRole({
      RoleArn: Functions![0]!.Role!,
      RoleSessionName: "throttled",
    });
    const errorOf = async ([service, call, input]: (typeof CALLS)[number]) => {
      const { region, ...endpoints } = sandbox.state.endpoints;
      const use = clientsOf({
        region,
        endpoint: endpoints[SERVICES[service].on],
        credentials: {
          accessKeyId: Credentials!.AccessKeyId!,
          secretAccessKey: Credentials!.SecretAccessKey!,
          sessionToken: Credentials!.SessionToken!,
        },
      });
      const client = (await use(service)) as unknown as Record<
        string,
        (input: object) => Promise<unknown>
      > & {
        config: { maxAttempts: unknown; retryStrategy: unknown };
      };
      client.config.retryStrategy = async () => ({
        mode: "never",
        retry: (next: never, args: never) => (next as (args: never) => unknown)(args),
      });
      return client[call]!(input).then(
        () => "answered",
        (error: Error) => error.name,
      );
    };
    assert.deepEqual(
      await Promise.all(CALLS.map(async (one) => [one[0], await errorOf(one)])),
      CALLS.map(([service, , , refused]) => [service, refused]),
    );
    await until("The end of the throttles", async () => (await live()).throttled.length === 0);
    const after = await Promise.all(CALLS.map(errorOf));
    assert.deepEqual(
      CALLS.filter(([, , , refused], index) => after[index] === refused),
      [],
    );
    await incident("You throttled secretsmanager for 4 seconds").getByText("all is well again").waitFor();
    assert.deepEqual(await stages("You throttled secretsmanager"), ["failure", "detection", "recovery"]);
    assert.deepEqual(
      (await live()).servers.map(({ id }) => id),
      servers.map(({ id }) => id),
    );
  });

  it("cuts off a zone on a click, and reports with times how the stack recovers elsewhere", async function () {
    leftToAll(this);
    await whole();
    const { servers } = await live();
    const { zone } = servers.find(({ health }) => health === "active")!;
    const lost = servers.filter((one) => one.zone === zone);
    await page.getByLabel("Zone", { exact: true }).selectOption(zone);
    await button("Cut the zone off").click();
    await page.getByText(`Cut off ${zone} for 60 seconds`).waitFor();
    const story = incident(`You cut off the zone ${zone}`);
    await story.getByText("all is well again").waitFor({ timeout: 90_000 });
    assert.deepEqual(await stages(`You cut off the zone ${zone}`), [
      "failure",
      "replacement",
      "detection",
      "recovery",
    ]);
    assert.match(
      await story.locator(".moments li").first().innerText(),
      /^\d\.\d s(\s+\(\+\d\.\d s\))?\s+failure\s+the (web|database) server/,
    );
    assert.match(await story.locator(".moments li").last().innerText(), /^\d+\.\d s.*recovery/s);
    const healed = await live();
    assert.deepEqual(
      healed.servers.filter((one) => lost.some(({ id }) => id === one.id) || one.zone === zone),
      [],
    );
    assert.equal(healed.servers.length, servers.length);
    assert.ok(healed.zones.find(({ name }) => name === zone)!.downFor > 0);
    await page.locator(".zone.down", { hasText: `${zone}cut off for` }).waitFor();
    await button("Cut the zone off").click();
    await page.getByText(/is down for another \d+ seconds: one zone at a time/).waitFor();
  });

  it("refuses failures that another page asks for", async () => {
    const body = new URLSearchParams({ what: "web" });
    const url = `${sandbox.state.page}/sandbox/failures`;
    assert.equal((await fetch(url, { method: "POST", body })).status, 403);
    const foreign = { origin: "http://evil.example" };
    assert.equal((await fetch(url, { method: "POST", body, headers: foreign })).status, 403);
  });
});
