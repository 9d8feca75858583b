// Connections that last, through the stand-in for the load balancer: the signals of a WebRTC call.
import assert from "node:assert/strict";
import { closeBrowser, openPage } from "../browser";
import { skip } from "../skip";
import { machinesOf } from "./project-parts";
import { readyProject } from "./ready-project";
import { SharedSandbox, sharedSandbox } from "./shared";

describe("the sandbox's realtime projects", function () {
  this.timeout(420_000);
  let sandbox: SharedSandbox;
  before(async function () {
    if (!process.env["KINDS"]) skip(this, "asked for", "set KINDS=1 to run every starter");
    sandbox = await sharedSandbox(this);
  });
  after(() => closeBrowser());

  it("lead the two of a call to each other", async () => {
    const wish = { name: "call", type: "realtime", stack: "node", starter: "signalling" };
    const { url } = await readyProject(sandbox, wish);
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

  it("hear on each of two servers what is said on the other, by Socket.IO's adapter", async () => {
    const wish = {
      name: "chat",
      type: "realtime",
      stack: "socketio",
      starter: "socketio",
      environment: "prod",
    };
    const { id, url } = await readyProject(sandbox, wish);
    const machines = await machinesOf(sandbox.use, id);
    assert.equal(machines.length, 2);
    const visitors = await Promise.all(
      machines.map(async (machine) => {
        const visitor = await openPage();
        // As the balancer remembers whom it leads where.
        await visitor.page.context().addCookies([{ name: "AWSALB", value: machine, url }]);
        await visitor.page.goto(url);
        await visitor.page.waitForFunction("socket.connected");
        const [own] = await visitor.page.context().cookies(url);
        assert.equal(own!.value, machine);
        return visitor;
      }),
    );
    const [ada, bob] = visitors;
    for (const [from, to] of [
      [ada!, bob!],
      [bob!, ada!],
    ] as const) {
      const text = `Hello from ${from === ada ? "Ada" : "Bob"}`;
      await from.page.getByLabel("What to say").fill(text);
      await from.page.getByRole("button", { name: "Say it" }).click();
      await to.page.getByText(text).waitFor();
    }
    await Promise.all(visitors.map((visitor) => visitor.close()));
  });
});
