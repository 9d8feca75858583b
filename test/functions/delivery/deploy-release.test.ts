import { strict as assert } from "node:assert";
import { DeployPorts, deployRelease } from "../../../functions/delivery/deploy-release";
import { awsError } from "../recorded-client";
import { jobOf } from "./ports-in-memory";

interface World {
  /** The group's alarms that ring. */
  ringing?: string[];
  underWay?: boolean;
  state?: { status: string; reason?: string };
  broken?: boolean;
}

/** What became of a job, and what CodeDeploy was asked for. */
async function run(event: ReturnType<typeof jobOf>, { ringing = [], underWay, state, broken }: World = {}) {
  const deployed: unknown[] = [];
  const said: string[] = [];
  const ports: DeployPorts = {
    bundles: { stamp: async (bucket, key) => ({ bucket, key, version: "v7", eTag: "e7" }) },
    deployments: {
      alarms: async () => {
        if (broken) throw awsError("AccessDeniedException", "arn:secret");
        return ["errors", "latency"];
      },
      deploy: async (...asked) => {
        deployed.push(asked);
        return underWay ? undefined : "d-1";
      },
      stateOf: async (id) => ({ status: `nothing of ${id}`, ...state }),
    },
    alarms: { ringing: async (names) => names.filter((name) => ringing.includes(name)) },
    job: {
      succeed: async (id) => void said.push(`${id} succeeded`),
      fail: async (id, message) => void said.push(`${id} failed: ${message}`),
      goOn: async (id, token, summary) => void said.push(`${id} goes on with ${token}: ${summary}`),
    },
  };
  await deployRelease(event, ports);
  return { deployed, said };
}

const parameters = JSON.stringify({ execution: "execution-7", commit: "c7" });
const bundle = { bucket: "artifacts", key: "p/Build/7.zip", version: "v7", eTag: "e7" };
const words = "Release execution-7 (commit c7)";
const begun = jobOf(parameters, 1, "d-1");

describe("deployRelease", () => {
  it("deploys the bundle with the group's own alarms while none of them fires", async () => {
    const { deployed, said } = await run(jobOf(parameters));
    assert.deepEqual(deployed, [[bundle, words, undefined]]);
    assert.deepEqual(said, ["job-1 goes on with d-1: Begun"]);
  });

  it("leaves out alarms that fired before, so that a release can fix their cause, and keeps the others", async () => {
    const one = await run(jobOf(parameters), { ringing: ["errors"] });
    assert.deepEqual(one.deployed, [[bundle, words, ["latency"]]]);
    assert.deepEqual(one.said, ["job-1 goes on with d-1: Begun, without errors, which fired before"]);
    const all = await run(jobOf(parameters), { ringing: ["errors", "latency"] });
    assert.deepEqual(all.deployed, [[bundle, words, []]]);
  });

  it("says so if it gets neither execution nor commit", async () => {
    const { deployed } = await run(jobOf("{"));
    assert.deepEqual(deployed, [[bundle, "Release ? (commit ?)", undefined]]);
  });

  it("starts nothing a second time, and ends with its deployment", async () => {
    for (const [status, end] of [
      ["Succeeded", "job-1 succeeded"],
      ["InProgress", "job-1 goes on with d-1: InProgress"],
      ["Failed", "job-1 failed: Deployment d-1 has failed: too few healthy instances"],
      ["Stopped", "job-1 failed: Deployment d-1 has stopped: too few healthy instances"],
    ] as const) {
      const { deployed, said } = await run(begun, { state: { status, reason: "too few healthy instances" } });
      assert.deepEqual([deployed, said], [[], [end]]);
    }
    const { said } = await run(begun, { state: { status: "Failed" } });
    assert.deepEqual(said, ["job-1 failed: Deployment d-1 has failed: no reason given"]);
  });

  it("refuses beside another deployment, without a bundle, and when AWS does", async () => {
    assert.deepEqual((await run(jobOf(parameters), { underWay: true })).said, [
      "job-1 failed: Another deployment is under way: retry the stage after its end.",
    ]);
    assert.deepEqual((await run(jobOf(parameters, 0))).said, ["job-1 failed: The build left no bundle."]);
    assert.deepEqual((await run(jobOf(parameters), { broken: true })).said, [
      "job-1 failed: CodeDeploy could not be asked: AccessDeniedException. A deployment that has started continues.",
    ]);
  });
});
