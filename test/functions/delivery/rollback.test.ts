import { strict as assert } from "node:assert";
import { Bundle, Release } from "../../../functions/delivery/releases";
import { rollback, RollbackPorts } from "../../../functions/delivery/rollback";
import { startPipeline } from "../../../functions/delivery/start";
import { logged } from "../logged";
import { claimsInMemory, releaseOf, requestOf } from "./ports-in-memory";

function setUp(releases: Release[], live: Bundle | undefined) {
  const deployed: { bundle: Bundle; description: string; alarms: string[] }[] = [];
  const stopped: string[] = [];
  const ports: RollbackPorts = {
    claims: claimsInMemory(),
    releases: { list: async () => releases },
    pipeline: { stop: async (reason) => void stopped.push(reason) },
    deployments: {
      live: async () => live,
      deploy: async (bundle, description, alarms) => `d-${deployed.push({ bundle, description, alarms })}`,
    },
  };
  const call = async (request = requestOf()) => {
    const { statusCode, body } = await rollback(request, ports, "admin");
    return [statusCode, JSON.parse(body)] as const;
  };
  return { ports, deployed, stopped, call };
}

const three = [releaseOf(3), releaseOf(2), releaseOf(1)];
const told = ({ id, commit, image }: Release) => ({ id, commit, image });

describe("rollback", () => {
  it("redeploys the bundle of the release before the live one, to the version of the object", async () => {
    const { call, deployed, stopped } = setUp(three, releaseOf(3).bundle);
    assert.deepEqual(await call(), [
      202,
      { deploymentId: "d-1", release: told(releaseOf(2)), from: "execution-3" },
    ]);
    assert.deepEqual(deployed, [
      {
        bundle: { bucket: "artifacts", key: "p/Build/2.zip", version: "v2", eTag: "e2" },
        description: `Rollback to release execution-2 (commit ${"2".repeat(40)}) by user-1`,
        // The release that it goes back from has set them off.
        alarms: [],
      },
    ]);
    assert.deepEqual(stopped, ["Rolled back to execution-2"]);
  });

  it("goes further back if a rollback is rolled back", async () => {
    const { call } = setUp(three, releaseOf(2).bundle);
    assert.equal((await call())[1].release.id, "execution-1");
  });

  it("skips releases that never reached the instances, and a repeated record of the live one", async () => {
    const again = { ...releaseOf(3), recordedAt: "2026-01-01T00:04:00Z" };
    const { call } = setUp([again, releaseOf(3), releaseOf(2, false), releaseOf(1)], releaseOf(3).bundle);
    assert.equal((await call())[1].release.id, "execution-1");
  });

  it("accepts a release by its execution or its commit", async () => {
    for (const release of ["execution-1", "1".repeat(40)]) {
      const { call } = setUp(three, releaseOf(3).bundle);
      const [code, body] = await call(requestOf({ body: JSON.stringify({ release }) }));
      assert.deepEqual([code, body.release.id], [202, "execution-1"]);
    }
  });

  it("deploys once for an Idempotency-Key", async () => {
    const { call, deployed } = setUp(three, releaseOf(3).bundle);
    const request = requestOf({ key: "a-key-of-mine" });
    const answers = await Promise.all(Array.from({ length: 100 }, () => call(request)));
    assert.equal(deployed.length, 1);
    assert.equal(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1);
  });

  it("refuses a key that came with another release before", async () => {
    const { call, deployed } = setUp(three, releaseOf(3).bundle);
    const ask = (release?: string) =>
      call(requestOf({ key: "a-key-of-mine", body: JSON.stringify({ release }) }));
    const first = await ask();
    assert.deepEqual(await ask("execution-1"), [
      422,
      { message: "Idempotency-Key came with another request before.", code: "key" },
    ]);
    assert.deepEqual(await ask(), first);
    assert.equal(deployed.length, 1);
    const other = setUp(three, releaseOf(3).bundle);
    for (const [release, status] of [
      ["execution-1", 202],
      ["execution-2", 422],
    ] as const) {
      const request = requestOf({ key: "a-key-of-mine", body: JSON.stringify({ release }) });
      assert.equal((await other.call(request))[0], status);
    }
  });

  it("keeps the keys of two callers apart, and those of a start", async () => {
    const { call, deployed, ports } = setUp(three, releaseOf(3).bundle);
    const key = "a-key-of-mine";
    const pipeline = { running: async () => undefined, start: async () => "execution-4" };
    const start = { claims: ports.claims, pipeline };
    await startPipeline(requestOf({ key }), start, { whileRunning: "queue" });
    for (const sub of ["user-1", "user-2"]) assert.equal((await call(requestOf({ key, sub })))[0], 202);
    assert.equal(deployed.length, 2);
  });

  it("shortens its description to CodeDeploy's limit, and names no previous release if none is known", async () => {
    const { call, deployed } = setUp(three, undefined);
    const request = requestOf({ sub: "x".repeat(300), body: '{"release":"execution-2"}' });
    const [code, body] = await call(request);
    assert.deepEqual([code, deployed[0]!.description.length, body.from], [202, 256, undefined]);
  });

  it("refuses if AWS does", async () => {
    const { call, ports } = setUp(three, releaseOf(3).bundle);
    ports.releases.list = () => Promise.reject(new Error("no"));
    const { result, lines } = await logged(() => call());
    assert.deepEqual([result[0], lines[0]!["what"]], [502, "roll back"]);
  });

  it("says so if a running execution cannot be stopped", async () => {
    const { call, ports } = setUp(three, releaseOf(3).bundle);
    ports.pipeline.stop = async () => Promise.reject(new Error("denied"));
    const { result, lines } = await logged(() => call());
    const [code, body] = result;
    assert.deepEqual([code, lines[0]!["what"]], [202, "stop the pipeline"]);
    assert.equal(
      body.warning,
      "A running execution of the pipeline could not be stopped: it will deploy over this rollback.",
    );
  });

  it("refuses a caller who is not an admin", async () => {
    const { call, deployed } = setUp(three, releaseOf(3).bundle);
    assert.deepEqual(await call(requestOf({ groups: "member" })), [
      403,
      { message: "This takes a member of the group admin." },
    ]);
    assert.deepEqual(deployed, []);
  });

  it("refuses if there is nothing to roll back to", async () => {
    for (const [releases, live] of [
      [[], undefined],
      [three, undefined],
      [three, releaseOf(1).bundle],
      [[releaseOf(3), releaseOf(2, false)], releaseOf(3).bundle],
    ] as const)
      assert.deepEqual(await setUp([...releases], live).call(), [
        404,
        { message: "There is no earlier release." },
      ]);
  });

  it("refuses a release that is unknown, never ran, or is running", async () => {
    const { call, deployed } = setUp([releaseOf(3), releaseOf(2, false)], releaseOf(3).bundle);
    const ask = (release: string) => call(requestOf({ body: JSON.stringify({ release }) }));
    assert.deepEqual(await ask("execution-9"), [404, { message: "No release execution-9 ever ran." }]);
    assert.deepEqual(await ask("execution-2"), [404, { message: "No release execution-2 ever ran." }]);
    assert.deepEqual(await ask("execution-3"), [
      409,
      { message: "Release execution-3 is the one that runs." },
    ]);
    assert.deepEqual(deployed, []);
  });

  it("refuses any other body", async () => {
    const { call } = setUp(three, releaseOf(3).bundle);
    for (const body of ["[", "null", '{"release":3}', '{"branch":"main"}'])
      assert.deepEqual(
        await call(requestOf({ body })),
        [400, { message: 'The body must be {} or {"release": "<execution id or commit>"}.' }],
        body,
      );
  });

  it("refuses while another deployment is under way, and leaves the pipeline alone", async () => {
    const { call, ports, stopped } = setUp(three, releaseOf(3).bundle);
    ports.deployments.deploy = async () => undefined;
    assert.deepEqual(await call(), [409, { message: "Another deployment is under way: wait for its end." }]);
    assert.deepEqual(stopped, []);
  });
});
