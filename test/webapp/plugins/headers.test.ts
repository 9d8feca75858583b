import assert from "node:assert/strict";
import { start } from "../helper";

/** What answers carry beside what they are about. */
const SECURITY = {
  "content-security-policy":
    "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;connect-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cache-control": "no-store",
};

describe("the headers of an answer", () => {
  it("are the security headers below, and none for obsolete browsers", async () => {
    const { app } = await start();
    const { headers } = await app.inject("/health");
    const own = ["content-type", "content-length", "date", "connection"];
    const rest = Object.fromEntries(
      Object.entries(headers).filter(([name]) => !own.includes(name) && !/^(x-request-id|vary)$/.test(name)),
    );
    assert.deepEqual(rest, SECURITY);
  });
});

describe("the documentation's pages", () => {
  it("name the app and its version", async () => {
    const { app } = await start();
    const { info } = (await app.inject("/documentation/json")).json();
    assert.deepEqual(info, {
      title: "Groundwork web app",
      description: "Users, load, and who served you.",
      version: "1.0.0",
    });
  });
});

describe("an unknown path", () => {
  it("is repeated up to 200 characters", async () => {
    const { app } = await start();
    const { message } = (await app.inject(`/${"x".repeat(300)}`)).json();
    assert.equal(message, `there is no GET /${"x".repeat(199)} here`);
  });
});

describe("the threads that compute", () => {
  it("end with the app", async () => {
    const { app } = await start();
    const { close } = app.primes;
    let closed = false;
    app.primes.close = async () => {
      closed = true;
      await close.call(app.primes);
    };
    await app.close();
    assert.ok(closed);
  });
});
