import assert from "node:assert/strict";
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

  it("refuses readiness while the database is away", async () => {
    const { app } = await start({ DATABASE_URL: "postgresql://u:p@127.0.0.1:1/x", DATABASE_TLS: "off" });
    const response = await app.inject("/health/ready");
    assert.equal(response.statusCode, 503);
    assert.equal(response.headers["retry-after"], "2");
    assert.equal(response.json().message, "the database is not available, try again in a moment");
  });

  it("refuses readiness where no database is configured", async () => {
    const { app } = await start();
    const response = await app.inject("/health/ready");
    assert.equal(response.statusCode, 503);
    assert.equal(response.json().message, "no database is configured: set DATABASE_SECRET_ARN");
  });
});
