import assert from "node:assert/strict";
import type { FastifyInstance } from "fastify";
import { start } from "./helper";

const from = (app: FastifyInstance, forwarded: string, url = "/load?number=7") =>
  app.inject({ url, headers: { "x-forwarded-for": forwarded } });

describe("rate limit", () => {
  it("refuses more requests a minute from one address than configured, and says when to come back", async () => {
    const { app } = await start({ RATE_LIMIT_PER_MINUTE: "2" });
    const codes = [];
    for (let n = 0; n < 2; n += 1) codes.push((await from(app, "192.0.2.1")).statusCode);
    assert.deepEqual(codes, [200, 200]);
    const refused = await from(app, "192.0.2.1");
    assert.equal(refused.statusCode, 429);
    assert.match(String(refused.headers["retry-after"]), /^\d+$/);
    assert.match(
      refused.json().message,
      /^at most 2 requests a minute are served to one address, try again in /,
    );
    assert.equal((await from(app, "192.0.2.2")).statusCode, 200);
  });

  it("counts by the address that the load balancer saw, not by one that the client wrote", async () => {
    const { app } = await start({ RATE_LIMIT_PER_MINUTE: "1" });
    assert.equal((await from(app, "1.1.1.1, 192.0.2.1")).statusCode, 200);
    assert.equal((await from(app, "2.2.2.2, 192.0.2.1")).statusCode, 429);
  });

  it("trusts no header without a proxy in front", async () => {
    const { app } = await start({ RATE_LIMIT_PER_MINUTE: "1", TRUSTED_PROXIES: "0" });
    assert.equal((await from(app, "192.0.2.1")).statusCode, 200);
    assert.equal((await from(app, "192.0.2.2")).statusCode, 429);
  });

  it("counts guessed paths", async () => {
    const { app } = await start({ RATE_LIMIT_PER_MINUTE: "1" });
    assert.equal((await from(app, "192.0.2.1", "/wp-login.php")).statusCode, 404);
    assert.equal((await from(app, "192.0.2.1", "/.env")).statusCode, 429);
  });

  it("never counts the page and the health checks", async () => {
    const { app } = await start({ RATE_LIMIT_PER_MINUTE: "1" });
    for (const url of ["/", "/", "/health", "/health"])
      assert.equal((await from(app, "192.0.2.1", url)).statusCode, 200);
  });
});
