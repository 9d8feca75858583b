import assert from "node:assert/strict";
import { platform, WITH_PEOPLE } from "../identity/platform";
import { start } from "../helper";

describe("a request that no route accepts", () => {
  const CASES: [method: string, url: string, allow: string][] = [
    ["TRACE", "/", "GET, HEAD"],
    ["QUERY", "/users?limit=1", "GET, HEAD, POST"],
    ["DELETE", "/users", "GET, HEAD, POST"],
    ["OPTIONS", "/login", "GET, HEAD, POST"],
    ["PUT", "/console/api/projects/abcdefghij", "DELETE, GET, HEAD, PATCH"],
    ["POST", "/console/api/projects/abcdefghij", "DELETE, GET, HEAD, PATCH"],
    ["POST", "/assets/base.css", "GET, HEAD"],
  ];
  for (const [method, url, allow] of CASES)
    it(`is refused as ${method} ${url}, with the methods that the path accepts`, async () => {
      const environment = { ...WITH_PEOPLE, PROVISIONER_PARAMETER: "/groundwork/dev/provisioner/api-url" };
      const { app } = await start(environment, { platform });
      const response = await app.inject({ method: method as "GET", url });
      assert.deepEqual([response.statusCode, response.headers.allow], [405, allow]);
      assert.equal(response.json().message, `${url.split("?")[0]} takes ${allow}, got ${method}`);
    });

  it("is not found if the path accepts no method, whatever else is wrong with it", async () => {
    const { app } = await start();
    for (const url of ["/nothing", "/users/1", "/assets/nothing.css", "/console/api/projects"]) {
      const headers = { "content-type": "application/json" };
      const response = await app.inject({ method: "POST", url, headers, payload: "{" });
      const status = url.startsWith("/assets/") ? 405 : 404;
      assert.equal(response.statusCode, status, url);
    }
    assert.equal((await app.inject("/assets/nothing.css")).statusCode, 404);
  });

  it("counts like any other request, even if its body cannot be read", async () => {
    const { app } = await start({ RATE_LIMIT_PER_MINUTE: "1" });
    const headers = { "content-type": "application/json" };
    const guess = () => app.inject({ method: "POST", url: "/.env", headers, payload: "{" });
    assert.deepEqual([(await guess()).statusCode, (await guess()).statusCode], [404, 429]);
  });
});
