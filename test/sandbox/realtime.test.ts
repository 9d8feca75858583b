// Connections that last, through the stand-in for the load balancer: the signals of a WebRTC call.
import assert from "node:assert/strict";
import { until } from "../../sandbox/problem";
import { closeBrowser, openPage } from "../browser";
import { skip } from "../skip";
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

  async function ready(name: string, stack: string, starter: string) {
    const { status, body } = await ask(sandbox.state, "POST", "/console/api/projects", {
      ...{ name, environment: "dev", type: "realtime", stack, email: "team@example.com" },
      repository: sandbox.state.starters.find((one) => one.endsWith(`/${starter}.git`)),
    });
    assert.equal(status, 202, JSON.stringify(body));
    const address = `/console/api/projects/${body.id}`;
    const project = async (): Promise<Answer["body"]> => (await ask(sandbox.state, "GET", address)).body;
    const rested = await until("The project's rest", project, {
      wanted: ({ moving }) => !moving,
      seconds: 240,
    });
    assert.equal(rested.state, "ready", JSON.stringify([rested.failure, rested.logTail]));
    return rested as { id: string; url: string };
  }

  it("lead the two of a call to each other", async () => {
    const { url } = await ready("call", "node", "signalling");
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
