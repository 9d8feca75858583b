// Connections that last, through the stand-in for the load balancer: two servers of Socket.IO, and the signals of a WebRTC call.
import assert from "node:assert/strict";
import { until } from "../../sandbox/problem";
import { closeBrowser, openPage } from "../browser";
import { skip } from "../skip";
import { machinesOf } from "./project-parts";
import { SharedSandbox, sharedSandbox } from "./shared";
import { Answer, ask } from "./visitor";

describe("the sandbox's realtime projects", function () {
  this.timeout(420_000);
  let sandbox: SharedSandbox;
  before(async function () {
    if (!process.env["KINDS"]) skip(this, "asked for", "set KINDS=1 to run every starter");
    sandbox = await sharedSandbox(this);
  });
  after(() => closeBrowser());

  async function ready(name: string, stack: string, starter: string, environment: string) {
    const { status, body } = await ask(sandbox.state, "POST", "/console/api/projects", {
      ...{ name, environment, type: "realtime", stack, email: "team@example.com" },
      repository: sandbox.state.starters.find((one) => one.endsWith(`/${starter}.git`)),
    });
    assert.equal(status, 202, JSON.stringify(body));
    const address = `/console/api/projects/${body.id}`;
    const project = async (): Promise<Answer["body"]> => (await ask(sandbox.state, "GET", address)).body;
    if (environment !== "dev") {
      await until("The request for approval", async () => (await project()).step, {
        wanted: (step) => step === "approve",
      });
      const decision = { decision: "approve", comment: "go ahead" };
      const { status: decided } = await ask(sandbox.state, "POST", `${address}/decision`, decision, "admin");
      assert.ok(decided < 300);
    }
    const rested = await until("The project's rest", project, {
      wanted: ({ moving }) => !moving,
      seconds: 240,
    });
    assert.equal(rested.state, "ready", JSON.stringify([rested.failure, rested.logTail]));
    return rested as { id: string; url: string };
  }

  it("keep a visitor with one of two servers, and pass on between these what is said", async () => {
    const { id, url } = await ready("chat", "socketio", "socketio", "prod");
    const address = url.replace(/^https:/, "http:");
    await until("Two machines", () => machinesOf(sandbox.use, id), {
      wanted: (machines) => machines.length === 2,
    });
    const serverOf = async (page: Awaited<ReturnType<typeof openPage>>["page"]) =>
      (await page.context().cookies()).find(({ name }) => name === "AWSALB")?.value;
    const ada = await openPage();
    await ada.page.goto(address);
    const first = await serverOf(ada.page);
    // A visitor without a cookie is led to the next server.
    const bob = await until("A visitor at the other server", async () => {
      const next = await openPage();
      await next.page.goto(address);
      if ((await serverOf(next.page)) !== first) return next;
      await next.close();
      return undefined;
    });
    await ada.page.reload();
    assert.equal(await serverOf(ada.page), first);
    await bob.page.waitForFunction("socket.connected && socket.io.engine.transport.name === 'websocket'");
    await ada.page.waitForFunction("socket.connected && socket.io.engine.transport.name === 'websocket'");
    await ada.page.getByLabel("What to say").fill("Hello, Bob");
    await ada.page.getByRole("button", { name: "Say it" }).click();
    await bob.page.getByText("Hello, Bob").waitFor();
    assert.deepEqual([...ada.problems, ...bob.problems], []);
    await Promise.all([ada.close(), bob.close()]);
  });

  it("lead the two of a call to each other", async () => {
    const { url } = await ready("call", "node", "signalling", "dev");
    const ada = await openPage();
    await ada.page.goto(`${url}/?room=1`);
    await ada.page.waitForFunction("signals.readyState === 1");
    const bob = await openPage();
    await bob.page.goto(`${url}/?room=1`);
    await ada.page.getByText("The other one is here.").waitFor();
    await bob.page.getByLabel("What to say").fill("Hello, Ada");
    await bob.page.getByRole("button", { name: "Say it" }).click();
    await ada.page.getByText("Hello, Ada").waitFor();
    await Promise.all([ada.close(), bob.close()]);
  });
});
