// A team's repository, from the request to its page: cloned, built and served by the running sandbox.
import assert from "node:assert/strict";
import * as http from "node:http";
import { until } from "../../sandbox/problem";
import { SharedSandbox, sharedSandbox } from "./shared";
import { Answer, ask } from "./visitor";

describe("the sandbox's builds", function () {
  this.timeout(120_000);
  let sandbox: SharedSandbox;
  before(async function () {
    sandbox = await sharedSandbox(this);
  });

  const starter = (name: string) => sandbox.state.starters.find((one) => one.endsWith(`/${name}.git`))!;
  const request = async (name: string, type: string, stack: string, more: object = {}): Promise<string> => {
    const { status, body } = await ask(sandbox.state, "POST", "/console/api/projects", {
      ...{ name, environment: "dev", type, stack, repository: starter(stack), email: "team@example.com" },
      ...more,
    });
    assert.equal(status, 202, JSON.stringify(body));
    return body.id;
  };
  const resting = (id: string): Promise<Answer["body"]> =>
    until(
      "The project's rest",
      async () => (await ask(sandbox.state, "GET", `/console/api/projects/${id}`)).body,
      { wanted: ({ moving }) => !moving, seconds: 60 },
    );

  it("publish a plain page at the project's own address", async () => {
    const project = await resting(await request("plain", "static", "html"));
    assert.equal(project.state, "ready", JSON.stringify(project.failure));
    const page = await visit(project.url);
    assert.deepEqual([page.status, page.headers["content-type"]], [200, "text/html"]);
    assert.match(page.text, /<h1>It works<\/h1>/);
  });
});

interface Visit {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

/** Asks as a browser does, which leads every name below localhost to this machine. */
function visit(url: string): Promise<Visit> {
  const { host, port, pathname } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = http.request({ host: "127.0.0.1", port, path: pathname, headers: { host } }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.once("end", () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    });
    asked.on("error", reject).end();
  });
}
