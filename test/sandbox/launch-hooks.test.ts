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

  const following = (userData = SCRIPT, port = server.port, patienceMs?: number) => {
    const completed: object[] = [];
    const autoscaling = { completeLifecycleAction: async (input: object) => void completed.push(input) };
    const webOf = () => ({ userData, port, environment: {} });
    const hooks = new LaunchHooks(standIns({ autoscaling }), { webOf }, assert.fail, patienceMs);
    const look = () => hooks.follow({ groups: [{ name: "web", pending: ["i-1"] }] } as unknown as View);
    return { look, completed };
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
});
