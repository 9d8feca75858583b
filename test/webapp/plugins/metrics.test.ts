import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { start } from "../helper";

const NAMESPACE = { METRICS_NAMESPACE: "Groundwork/Web" };

async function reporting(environment: Record<string, string> = NAMESPACE) {
  const lines: string[] = [];
  const { app } = await start(environment, { metrics: (line) => void lines.push(line) });
  return { app, lines };
}

describe("the app's metrics", () => {
  it("are reported once per interval, and at the end", async () => {
    const { app, lines } = await reporting();
    await app.inject("/");
    await pause(20);
    assert.equal(lines.join(""), "");
    await app.close();
    assert.equal(lines.length, 1);
    assert.match(lines.join(""), /^\{.*\}\n$/);
  });

  it("include in milliseconds how long the event loop was held up", async () => {
    const { app, lines } = await reporting();
    await pause(50);
    const until = Date.now() + 100;
    while (Date.now() < until);
    await pause(50);
    await app.close();
    const { EventLoopDelay } = JSON.parse(lines.join(""));
    assert.ok(EventLoopDelay >= 50 && EventLoopDelay < 60_000, `${EventLoopDelay} ms`);
  });

  it("can be read by the rest of the app, if there are any", async () => {
    const { app } = await reporting();
    assert.ok(app.requestMetrics !== undefined);
    const silent = await reporting({});
    assert.deepEqual(
      [silent.app.hasDecorator("requestMetrics"), silent.app.requestMetrics],
      [true, undefined],
    );
  });
});
