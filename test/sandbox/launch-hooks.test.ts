import assert from "node:assert/strict";
import { LaunchHooks } from "../../sandbox/fleet/launch-hooks";
import { View } from "../../sandbox/fleet/view";
import { until } from "../../sandbox/problem";
import { listen, Listener } from "../listener";
import { standIns } from "./stand-ins";

const SCRIPT = `
again aws autoscaling complete-lifecycle-action --lifecycle-hook-name booted --lifecycle-action-result "$result"
if curl -sf -o /dev/null --max-time 2 "http://127.0.0.1:8080/health"; then exit 0; fi
`;

describe("the sandbox's launch hooks", () => {
  let server: Listener;
  let status = 503;
  const asked: string[] = [];
  before(async () => {
    server = await listen((request, response) => {
      asked.push(request.url!);
      response.writeHead(status).end();
    });
  });
  after(() => server.close());

  const following = (
    userData = SCRIPT,
    port = server.port,
    patienceMs?: number,
    note = assert.fail as (line: string) => void,
  ) => {
    const completed: object[] = [];
    let gone = false;
    const autoscaling = { completeLifecycleAction: async (input: object) => void completed.push(input) };
    const webOf = () => (gone ? undefined : { userData, port, environment: {} });
    const hooks = new LaunchHooks(standIns({ autoscaling }), { webOf }, note, patienceMs);
    const look = () => hooks.follow({ groups: [{ name: "web", pending: ["i-1"] }] } as unknown as View);
    return { look, completed, hooks, leave: (now = true) => void (gone = now) };
  };

  it("are completed once, and no sooner than the server's own check answers", async () => {
    const { look, completed } = following();
    look();
    look();
    await until("Some questions", () => asked.length >= 3);
    assert.deepEqual([completed, new Set(asked)], [[], new Set(["/health"])]);
    status = 200;
    await until("The end", () => completed.length > 0);
    look();
    assert.deepEqual(completed, [
      {
        AutoScalingGroupName: "web",
        InstanceId: "i-1",
        LifecycleHookName: "booted",
        LifecycleActionResult: "CONTINUE",
      },
    ]);
  });

  it("are left to somebody else where the user data completes none", async () => {
    const { look, completed } = following("#cloud-config\n");
    const before = asked.length;
    look();
    await new Promise(setImmediate);
    assert.deepEqual([completed, asked.length], [[], before]);
  });

  it("are given up by a server that does not answer in the time of its user data", async () => {
    const { look, completed } = following(SCRIPT, 1, 0);
    look();
    await until("The end", () => completed.length > 0);
    assert.equal((completed[0] as Record<string, string>)["LifecycleActionResult"], "ABANDON");
  });

  it("wait for a server that is not there yet, and forget one that has left", async () => {
    const { look, completed, leave } = following();
    [asked.length, status] = [0, 503];
    leave();
    look();
    await new Promise(setImmediate);
    assert.equal(asked.length, 0);
    leave(false);
    look();
    await until("A question", () => asked.length > 0);
    leave();
    status = 200;
    await new Promise((resolve) => setTimeout(resolve, 250));
    assert.deepEqual(completed, []);
  });

  it("are left alone once the fleet stops", async () => {
    const { look, completed, hooks } = following();
    [asked.length, status] = [0, 503];
    look();
    await until("A question", () => asked.length > 0);
    hooks.stop();
    status = 200;
    const before = asked.length;
    await new Promise((resolve) => setTimeout(resolve, 250));
    assert.deepEqual([completed, asked.length <= before + 1], [[], true]);
  });

  it("say so where they cannot be completed", async () => {
    const notes: string[] = [];
    const { look, completed } = following(SCRIPT, server.port, undefined, (line) => void notes.push(line));
    completed.push = () => {
      throw new Error("there is no such hook");
    };
    status = 200;
    look();
    await until("A note", () => notes.length > 0);
    assert.deepEqual(notes, ["The launch of i-1: there is no such hook"]);
  });
});
