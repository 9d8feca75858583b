import assert from "node:assert/strict";
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { accept } from "../../webapp/uploads/accepted";
import { some } from "../some";
import { start } from "./helper";
import { platform, WITH_PEOPLE } from "./identity/platform";
import { Pool } from "./identity/pool";

const BROWSER = { accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" };

describe("the answer to a person in a browser", () => {
  const pool = new Pool();
  beforeEach(() => pool.start());
  afterEach(() => pool.stop());

  for (const [what, request, status, words] of some<[string, object, number, RegExp]>([
    [
      "an address that is not here",
      { url: "/nowhere" },
      404,
      /There is no GET \/nowhere here\.[^]*begin at the first/,
    ],
    [
      "an aged form",
      { method: "POST", url: "/login", payload: "form=old&email=a%40b.c&password=x" },
      403,
      /This form has expired[^]*Go back, load the page again/,
    ],
    ["a stack without projects", { url: "/users" }, 503, /Wait a moment/],
  ]))
    it(`is a page that says what to do, for ${what}`, async () => {
      const { app } = await start(WITH_PEOPLE, { platform });
      const type = { "content-type": "application/x-www-form-urlencoded" };
      const answer = await app.inject({
        ...request,
        headers: { ...BROWSER, ...("payload" in request && type) },
      });
      assert.deepEqual(
        [answer.statusCode, answer.headers["content-type"]],
        [status, "text/html; charset=utf-8"],
      );
      assert.match(answer.body, words);
      const program = await app.inject({ ...request, headers: "payload" in request ? type : {} });
      assert.deepEqual([program.statusCode, program.json().statusCode], [status, status]);
    });

  it("is a page for too many requests, with how long to wait", async () => {
    const { app } = await start({ RATE_LIMIT_PER_MINUTE: "1" });
    await app.inject({ url: "/a", headers: BROWSER });
    const answer = await app.inject({ url: "/a", headers: BROWSER });
    assert.match(answer.body, /Too many requests/);
    assert.match(String(answer.headers["retry-after"]), /^\d+$/);
  });

  for (const path of ["/%ff", "/%", "/assets/%e0%a4"])
    it(`is like any other for the path ${path}, which cannot be decoded`, async () => {
      const { app } = await start();
      const [broken, other] = [await app.inject(path), await app.inject("/nowhere")];
      assert.equal(broken.json().message, `there is no GET ${path} here`);
      const names = (answer: typeof other) => Object.keys(answer.headers).sort();
      assert.deepEqual([broken.statusCode, names(broken)], [404, names(other)]);
    });

  it("is 413 for a body of 3 to 20 MB, and comes when all of it was sent", async () => {
    const { app } = await start();
    const { port } = new URL(await app.listen({ port: 0, host: "127.0.0.1" }));
    for (const megabytes of [3, 20]) {
      const body = Buffer.alloc(megabytes * 1024 * 1024, "x");
      const request = http.request({
        ...{ port, method: "POST", path: "/users" },
        headers: { "content-type": "application/json", "content-length": body.length },
      });
      let isSent = false;
      const answered = new Promise<[number, boolean]>((resolve, reject) => {
        request.on("error", reject);
        request.on("response", (answer) => {
          resolve([answer.statusCode!, isSent]);
          answer.resume();
        });
      });
      request.write(body.subarray(1));
      await sleep(200);
      isSent = true;
      request.end("x");
      assert.deepEqual(await answered, [413, true], `${megabytes} MB`);
    }
  });
});

describe("the type of a file", () => {
  const settings = {
    normalBucket: "normal",
    sensitiveBucket: "sensitive",
    sensitiveKeyArn: "key",
    maxBytes: 1,
    contentTypes: ["text/csv", "application/zip"],
  };

  it("is the standard one, even if Windows has another name for it", () => {
    assert.equal(accept({ name: "a.csv", type: "application/vnd.ms-excel" }, settings), "text/csv");
    assert.equal(
      accept({ name: "a.ZIP", type: "application/x-zip-compressed" }, settings),
      "application/zip",
    );
    assert.equal(accept({ name: "a.csv", type: "text/csv" }, settings), "text/csv");
    assert.throws(
      () => accept({ name: "a.xls", type: "application/vnd.ms-excel" }, settings),
      /type must be one of/,
    );
  });
});
