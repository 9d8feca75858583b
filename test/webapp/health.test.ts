import assert from "node:assert/strict";
import { DatabaseUnavailable } from "../../webapp/database/errors";
import { until } from "../../sandbox/problem";
import { start, startWithDatabase } from "./helper";

describe("health", () => {
  it("is good without a database, so that a failover replaces no web server", async () => {
    const { app } = await start({ DATABASE_URL: "postgresql://u:p@127.0.0.1:1/x", DATABASE_TLS: "off" });
    const response = await app.inject("/health");
    assert.equal(response.statusCode, 200);
    assert.deepEqual(response.json(), { status: "ok" });
  });

  it("is ready when the database answers", async () => {
    const { app } = await startWithDatabase();
    const response = await app.inject("/health/ready");
    assert.equal(response.statusCode, 200);
    assert.deepEqual(response.json(), { status: "ready" });
  });

  it("asks the database once in a second, however many ask here", async () => {
    const { app } = await startWithDatabase();
    let asked = 0;
    const { check } = app.database!;
    app.database!.check = () => {
      asked += 1;
      return check.call(app.database);
    };
    const answers = await Promise.all(Array.from({ length: 20 }, () => app.inject("/health/ready")));
    assert.deepEqual(new Set(answers.map(({ statusCode }) => statusCode)), new Set([200]));
    assert.equal(asked, 1);
  });

  it("notices within a second that the database came back", async () => {
    const { app } = await startWithDatabase();
    const { check } = app.database!;
    app.database!.check = () => Promise.reject(new DatabaseUnavailable(new Error("away")));
    assert.equal((await app.inject("/health/ready")).statusCode, 503);
    app.database!.check = check;
    await until("the app to be ready", async () => (await app.inject("/health/ready")).statusCode === 200);
  });

  it("limits how often one address asks for readiness", async () => {
    const { app } = await startWithDatabase({ RATE_LIMIT_PER_MINUTE: "1" });
    const codes = [await app.inject("/health/ready"), await app.inject("/health/ready")];
    assert.deepEqual(
      codes.map(({ statusCode }) => statusCode),
      [200, 429],
    );
  });

  it("refuses readiness while the database is away", async () => {
    const { app } = await start({ DATABASE_URL: "postgresql://u:p@127.0.0.1:1/x", DATABASE_TLS: "off" });
    const response = await app.inject("/health/ready");
    assert.equal(response.statusCode, 503);
    assert.equal(response.headers["retry-after"], "2");
    assert.equal(response.json().message, "the database is not available, try again in a moment");
  });

  it("refuses readiness if no database is configured", async () => {
    const { app } = await start();
    const response = await app.inject("/health/ready");
    assert.equal(response.statusCode, 503);
    assert.equal(response.json().message, "no database is configured: set DATABASE_SECRET_ARN");
  });
});
