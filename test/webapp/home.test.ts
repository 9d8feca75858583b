import assert from "node:assert/strict";
import { start } from "./helper";

describe("GET /", () => {
  it("says who served, as JSON", async () => {
    const { app } = await start();
    const response = await app.inject("/");
    assert.equal(response.statusCode, 200);
    assert.equal(response.headers["content-type"], "application/json; charset=utf-8");
    assert.deepEqual(response.json(), { hostname: "web-1" });
  });

  it("is the page for a browser", async () => {
    const { app } = await start();
    const accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    const response = await app.inject({ url: "/", headers: { accept } });
    assert.equal(response.headers["content-type"], "text/html; charset=utf-8");
    assert.equal(response.headers.vary, "accept");
    assert.match(response.body, /^<!doctype html>/i);
  });

  it("has security headers, on the page and on refusals", async () => {
    const { app } = await start();
    for (const url of ["/", "/nowhere"]) {
      const { headers } = await app.inject(url);
      assert.match(
        String(headers["content-security-policy"]),
        /^default-src 'none';script-src 'self';style-src 'self'/,
      );
      assert.equal(headers["x-content-type-options"], "nosniff");
      assert.equal(headers["x-frame-options"], "DENY");
      assert.equal(headers["strict-transport-security"], "max-age=31536000");
      assert.equal(headers["cache-control"], "no-store");
      assert.equal(headers["x-powered-by"], undefined);
    }
  });

  it("serves the page's files, which a browser may keep", async () => {
    const { app } = await start();
    for (const [file, type] of [
      ["app.css", "text/css; charset=utf-8"],
      ["app.js", "application/javascript; charset=utf-8"],
    ]) {
      const response = await app.inject(`/assets/${file}`);
      assert.equal(response.statusCode, 200);
      assert.equal(response.headers["content-type"], type);
      assert.equal(response.headers["cache-control"], "public, max-age=300");
    }
  });

  it("refuses an unknown path, without its query", async () => {
    const { app } = await start();
    const response = await app.inject("/users/1?token=secret");
    assert.equal(response.statusCode, 404);
    const { requestId, ...body } = response.json();
    assert.match(requestId, /^\S+$/);
    assert.deepEqual(body, { statusCode: 404, error: "Not Found", message: "there is no GET /users/1 here" });
  });

  for (const url of ["/assets/../app.ts", "/assets/%2e%2e/app.ts", "/assets/..%2fapp.ts", "/assets/"]) {
    it(`refuses to leave the page's folder by ${url}`, async () => {
      const { app } = await start();
      const { statusCode } = await app.inject(url);
      assert.ok([403, 404].includes(statusCode), `${statusCode}`);
    });
  }
});
