import assert from "node:assert/strict";
import { RequestMetrics } from "../../webapp/metrics";
import { start } from "./helper";

const report = {
  namespace: "Groundwork/Web",
  instance: "web-1",
  at: 1_700_000_000_000,
  eventLoopDelayMs: 1.234,
  waitingNumbers: 2,
  residentBytes: 5,
};

describe("metrics", () => {
  it("are one line in embedded metric format", () => {
    const metrics = new RequestMetrics();
    metrics.count(200, 1.005);
    metrics.count(404, 2);
    metrics.count(503, 3.14159);
    assert.deepEqual(JSON.parse(metrics.take(report)), {
      _aws: {
        Timestamp: 1_700_000_000_000,
        CloudWatchMetrics: [
          {
            Namespace: "Groundwork/Web",
            Dimensions: [["Service"]],
            Metrics: [
              { Name: "Requests", Unit: "Count" },
              { Name: "ClientErrors", Unit: "Count" },
              { Name: "ServerErrors", Unit: "Count" },
              { Name: "Latency", Unit: "Milliseconds" },
              { Name: "EventLoopDelay", Unit: "Milliseconds" },
              { Name: "WaitingNumbers", Unit: "Count" },
              { Name: "ResidentMemory", Unit: "Bytes" },
            ],
          },
        ],
      },
      Service: "web",
      Instance: "web-1",
      Requests: 3,
      ClientErrors: 1,
      ServerErrors: 1,
      Latency: [1, 2, 3.14],
      EventLoopDelay: 1.23,
      WaitingNumbers: 2,
      ResidentMemory: 5,
    });
  });

  it("start afresh with each report, and leave out what was not measured", () => {
    const metrics = new RequestMetrics();
    metrics.count(200, 1);
    metrics.take(report);
    const { Requests, Latency, _aws } = JSON.parse(metrics.take(report));
    assert.deepEqual([Requests, Latency], [0, undefined]);
    assert.ok(!_aws.CloudWatchMetrics[0].Metrics.some(({ Name }: { Name: string }) => Name === "Latency"));
  });

  it("keep the hundred samples that the format allows, from any requests", () => {
    // Always the last slot that a draw may choose: each request beyond the hundredth replaces nothing.
    const last = new RequestMetrics(() => 0.999999);
    // Always the first.
    const first = new RequestMetrics(() => 0);
    for (let n = 1; n <= 1000; n += 1) for (const each of [last, first]) each.count(200, n);
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    assert.deepEqual(JSON.parse(last.take(report)).Latency, hundred);
    assert.deepEqual(JSON.parse(first.take(report)).Latency, [1000, ...hundred.slice(1)]);
  });

  it("are reported by the app until it has closed", async () => {
    const lines: string[] = [];
    const { app } = await start(
      { METRICS_NAMESPACE: "Groundwork/Web" },
      { metrics: (line) => void lines.push(line) },
    );
    await app.inject("/");
    await app.inject("/nowhere");
    await app.close();
    const { Requests, ClientErrors, Latency, Service, ResidentMemory } = JSON.parse(lines.join(""));
    assert.deepEqual([Requests, ClientErrors, Latency.length, Service], [2, 1, 2, "web"]);
    assert.ok(ResidentMemory > 0);
  });

  it("are not reported if no namespace is configured", async () => {
    const lines: string[] = [];
    const { app } = await start({}, { metrics: (line) => void lines.push(line) });
    await app.inject("/");
    await app.close();
    assert.deepEqual(lines, []);
  });
});
