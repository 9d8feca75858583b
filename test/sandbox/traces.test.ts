/// <reference lib="dom" />
// One request through the load balancer, the web app, the API, its function and the projects' machine: the real ones, as far as the sandbox
// has them, and their parts of one trace.
import assert from "node:assert/strict";
import { setTimeout as passed } from "node:timers/promises";
import axe from "axe-core";
import { until } from "../../sandbox/problem";
import type { Trace } from "../../sandbox/traces/kept";
import type { Segment } from "../../sandbox/traces/segment";
import { closeBrowser, keepPicture, openPage } from "../browser";
import { some } from "../some";
import { SharedSandbox, sharedSandbox } from "./shared";
import { ask } from "./visitor";
import { leftToAll } from "../left-to-all";
import { starterOf } from "../../sandbox/state";

/** As Pulumi.sandbox.yaml has it. */
const CHECK_MS = 5_000;
const ASKED = "web: POST /console/api/projects";

describe("the traces of the sandbox", function () {
  this.timeout(120_000);
  let sandbox: SharedSandbox;
  let trace: Trace;
  before(async function () {
    sandbox = await sharedSandbox(this);
    const repository = starterOf(sandbox.state, "html");
    const wish = { name: "traced", environment: "dev", type: "static", stack: "html", repository };
    const { status, body } = await ask(sandbox.state, "POST", "/console/api/projects", {
      ...wish,
      email: "team@example.com",
    });
    assert.equal(status, 202, JSON.stringify(body));
    trace = await until("The trace's arrival at a waiting step", ours, {
      wanted: (found) => found?.segments.some(({ name }) => name === "Deliver") ?? false,
      seconds: 60,
    }).then((found) => found!);
  });
  after(closeBrowser);

  const all = async () => (await (await fetch(`${sandbox.state.traces}traces.json`)).json()) as Trace[];
  const ours = async () => (await all()).find(({ segments }) => segments.some(({ name }) => name === ASKED));

  /** A part and all above it, from the part itself to where the trace begins. */
  const wayOf = (part: Segment | undefined): Segment[] =>
    part ? [part, ...wayOf(trace.segments.find(({ id }) => id === part.parent_id))] : [];

  it("lead from the browser's request to the function that a step of the project calls", () => {
    const called = trace.segments.filter(({ name }) => name.startsWith("provisioner-steps-"));
    const way = wayOf(called[0]).reverse();
    assert.deepEqual(
      way.map(({ name, origin = "" }) => [name.replace(/-[\da-f]{7}(?=$|\/)|\/_aws.*(?=\/)/g, ""), origin]),
      [
        ["web: POST /console/api/projects", "AWS::EC2::Instance"],
        ["call to provisioner: POST /projects", ""],
        ["provisioner/v1", "AWS::ApiGateway::Stage"],
        ["provisioner-api", "AWS::Lambda::Function"],
        ["provisioner", "AWS::StepFunctions::StateMachine"],
        ["Create", ""],
        ["provisioner-steps", "AWS::Lambda::Function"],
      ],
    );
    assert.equal(way[0]!.parent_id, undefined);
    for (const [index, { start_time }] of some(way.slice(1)).entries())
      assert.ok(
        way[index]!.start_time <= start_time + 0.01,
        `${way[index]!.name} begins after what it causes`,
      );
  });

  it("include what a function itself asks of AWS", () => {
    const api = trace.segments.find(({ name }) => name.startsWith("provisioner-api-"))!;
    const own = trace.segments.filter(
      ({ parent_id, namespace }) => parent_id === api.id && namespace === "aws",
    );
    const asked = own.map(({ name, aws }) => `${name} ${aws?.operation}`);
    for (const one of ["dynamodb TransactWriteItems", "states StartExecution"])
      assert.ok(asked.includes(one), one);
    for (const { start_time, end_time } of some(own))
      assert.ok(api.start_time - 0.01 <= start_time && end_time! <= api.end_time! + 0.01);
    const steps = trace.segments.filter(({ name }) => name.startsWith("provisioner-steps-"));
    const created = trace.segments.filter(
      ({ name, parent_id }) => name === "cloudformation" && parent_id === steps[0]!.id,
    );
    assert.equal(created.length, 1);
  });

  it("begin with the load balancer's own id", async () => {
    const id = `1-${Math.floor(Date.now() / 1000).toString(16)}-0123456789abcdef01234567`;
    const headers = { "x-amzn-trace-id": `Root=${id}` };
    await fetch(`${sandbox.state.url}/load?number=7`, { headers });
    const found = await until("The request's trace", async () => (await all()).find((one) => one.id === id));
    assert.deepEqual(
      found.segments.map(({ name, parent_id }) => [name, parent_id]),
      [["web: GET /load", undefined]],
    );
    assert.match(trace.id, /^1-[\da-f]{8}-[\da-f]{24}$/);
  });

  it("leave out health checks, and functions that no request calls", async function () {
    leftToAll(this);
    const names = async () => (await all()).flatMap(({ segments }) => segments.map(({ name }) => name));
    assert.deepEqual(
      (await names()).filter((name) => /reconcile|mover|failover/.test(name)),
      [],
    );
    // Other tests have asked for it by the load balancer, and nobody does now.
    const health = async () =>
      (await all())
        .filter(({ segments }) => segments.some(({ name }) => name.endsWith("/health")))
        .map(({ id }) => id);
    const before = new Set(await health());
    await passed(2 * CHECK_MS);
    assert.deepEqual(
      (await health()).filter((id) => !before.has(id)),
      [],
    );
  });

  for (const [width, colorScheme] of [
    [1280, "light"],
    [340, "dark"],
  ] as const)
    it(`are drawn by cause and effect, ${width} wide`, async function () {
      if (width > 340) leftToAll(this);
      const { page, problems, close } = await openPage({ viewport: { width, height: 800 }, colorScheme });
      await page.goto(sandbox.state.traces!);
      await page.getByLabel("Filter").fill("POST /console/api/projects");
      const shown = page.locator("#traces > li").filter({ hasText: trace.id });
      await shown.getByText("Create", { exact: false }).first().waitFor();
      assert.ok((await shown.locator("li").count()) >= 7);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `the page is ${wide} pixels wide on a screen of ${width}`);
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => window.axe.run());
      assert.deepEqual(
        violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id} ${html}`)),
        [],
      );
      await keepPicture(page, `traces-${width}.png`);
      assert.deepEqual(problems, []);
      await close();
    });
});

declare global {
  interface Window {
    axe: typeof axe;
  }
}
