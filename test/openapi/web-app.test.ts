// Cases made of the web app's own OpenAPI document, against the app with a real pool, real buckets and a real database.
import { strict as assert } from "node:assert";
import type http from "node:http";
import { skipWithoutEmulators } from "../emulated";
import { listen, type Listener } from "../listener";
import { needsTool } from "../tools";
import { type Rig, startRig } from "../uploads/rig";
import { Visitor } from "../uploads/visitor";
import { startWebApp, type WebApp } from "../uploads/web-app";
import { found } from "./schemathesis";

describe("the web app's OpenAPI document", function () {
  this.timeout(240_000);
  let projects: Listener;
  let rig: Rig;
  let web: WebApp;
  before(async function () {
    await skipWithoutEmulators(this);
    needsTool(this, "schemathesis");
    projects = await listen(projectsApi());
    rig = await startRig({ projectsUrl: projects.url });
    web = await startWebApp(rig);
  });
  after(async () => {
    await web?.close();
    await rig?.stop();
    await projects?.close();
  });

  it("matches what a visitor gets", async () => {
    assert.equal(await found(`${web.url}/documentation/json`, rig.folder), "");
  });

  it("matches what a signed-in user gets", async () => {
    const visitor = await new Visitor(web.url).join("cases@example.com");
    const cookies = Object.entries(visitor.cookies).map(([name, value]) => `${name}=${value}`);
    const headers = { Cookie: cookies.join("; "), "X-Form-Token": visitor.token };
    assert.equal(await found(`${web.url}/documentation/json`, rig.folder, headers), "");
  });
});

/** An API of projects that knows one of each name until it is deleted. */
function projectsApi() {
  const deleted = new Set<string>();
  return (request: http.IncomingMessage, response: http.ServerResponse) => {
    request.resume();
    const id = /^\/projects\/([a-z0-9]{10})/.exec(request.url!)?.[1];
    const status = id && deleted.has(id) ? 404 : request.method === "GET" ? 200 : 202;
    if (id && request.method === "DELETE") deleted.add(id);
    const body = status === 404 ? { code: "unknown", message: "There is no such project." } : { id };
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
}
