import { strict as assert } from "node:assert";
import { startPipeline, StartPorts, StartRules } from "../../../functions/delivery/start";
import { logged } from "../logged";
import { claimsInMemory, requestOf } from "./ports-in-memory";

const UUID = "5f0c6f2e-7a3c-4f1e-9d38-0a5b8c1d2e3f";

/** A pipeline that lists an execution as running from the moment it was started. */
function pipelineInMemory() {
  const tokens: string[] = [];
  return {
    tokens,
    end: () => tokens.splice(0),
    running: async () => (tokens.length > 0 ? `execution-${tokens.length}` : undefined),
    start: async (token: string) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return `execution-${tokens.push(token)}`;
    },
  };
}

const setUp = (rules: Partial<StartRules> = {}) => {
  const clock = { now: 0 };
  const pipeline = pipelineInMemory();
  const claims = claimsInMemory(clock);
  const ports: StartPorts = { claims, pipeline };
  const start = async (request = requestOf()) => {
    const { statusCode, body } = await startPipeline(request, ports, { whileRunning: "refuse", ...rules });
    return [statusCode, JSON.parse(body)] as const;
  };
  return { clock, pipeline, claims, ports, start };
};

describe("startPipeline", () => {
  it("answers 202 with the execution's id", async () => {
    const { start, pipeline } = setUp();
    assert.deepEqual(await start(), [202, { executionId: "execution-1" }]);
    assert.equal(pipeline.tokens.length, 1);
  });

  it("starts one execution for a thousand simultaneous starts with one key", async () => {
    for (const whileRunning of ["refuse", "queue"] as const) {
      const { start, pipeline } = setUp({ whileRunning });
      const answers = await Promise.all(Array.from({ length: 1_000 }, () => start(requestOf({ key: UUID }))));
      assert.equal(pipeline.tokens.length, 1);
      assert.deepEqual(
        new Set(answers.map((answer) => JSON.stringify(answer))),
        new Set(['[202,{"executionId":"execution-1"}]']),
      );
    }
  });

  it("keeps the keys of two callers apart", async () => {
    const { start, pipeline } = setUp({ whileRunning: "queue" });
    await start(requestOf({ key: UUID, sub: "user-1" }));
    await start(requestOf({ key: UUID, sub: "user-2" }));
    assert.equal(new Set(pipeline.tokens).size, 2);
  });

  it("gives CodePipeline the same token if the first try died after its call", async () => {
    const { start, pipeline, claims, clock } = setUp({ whileRunning: "queue" });
    await start(requestOf({ key: UUID }));
    const [first] = pipeline.end();
    for (const key of claims.keys()) await claims.release(key);
    clock.now += 60;
    await start(requestOf({ key: UUID }));
    assert.deepEqual(pipeline.tokens, [first]);
    assert.match(first!, /^[a-zA-Z0-9-]{1,128}$/);
  });

  it("lets a refused start be tried again with the same key", async () => {
    const { start, pipeline, clock } = setUp();
    await start();
    clock.now += 20;
    assert.deepEqual(await start(requestOf({ key: UUID })), [
      409,
      { message: "An execution is running: wait for its end.", executionId: "execution-1" },
    ]);
    pipeline.end();
    assert.deepEqual(await start(requestOf({ key: UUID })), [202, { executionId: "execution-1" }]);
  });

  it("refuses all but one of fifty simultaneous starts without a key", async () => {
    const { start, pipeline } = setUp();
    const codes = (await Promise.all(Array.from({ length: 50 }, () => start()))).map(([code]) => code);
    assert.equal(pipeline.tokens.length, 1);
    assert.deepEqual(codes.sort(), [202, ...Array(49).fill(409)]);
  });

  it("keeps others out while a started execution may be missing from CodePipeline's list", async () => {
    const { start, ports, clock } = setUp();
    ports.pipeline.running = async () => undefined;
    assert.equal((await start())[0], 202);
    assert.deepEqual(await start(), [409, { message: "An execution is being started just now." }]);
    clock.now = 15;
    assert.equal((await start())[0], 409);
    clock.now++;
    assert.equal((await start())[0], 202);
  });

  it("allows the next start after AWS could not say whether the pipeline is running", async () => {
    const { start, ports, claims } = setUp();
    ports.pipeline.running = () => Promise.reject(new Error("no"));
    const { result, lines } = await logged(() => start());
    const what = "tell whether the pipeline is running";
    assert.deepEqual([result[0], lines[0]!["what"], claims.keys()], [502, what, []]);
    assert.match(result[1].message, new RegExp(what));
  });

  it("queues while one is running, when told to", async () => {
    const { start } = setUp({ whileRunning: "queue" });
    assert.deepEqual(await start(), [202, { executionId: "execution-1" }]);
    assert.deepEqual(await start(), [202, { executionId: "execution-2" }]);
  });

  it("reads groups in every form in which gateways pass them on", async () => {
    for (const groups of ["admin", "member,admin", "[member admin]", ["member", "admin"]]) {
      const { start } = setUp({ group: "admin" });
      assert.equal((await start(requestOf({ groups })))[0], 202, JSON.stringify(groups));
    }
  });

  it("refuses a caller who is not signed in or lacks the required group", async () => {
    const { start, pipeline } = setUp({ group: "admin" });
    assert.deepEqual(await start({ headers: {} }), [401, { message: "Sign in first." }]);
    assert.deepEqual(await start(requestOf({ groups: "member,administrators" })), [
      403,
      { message: "This takes a member of the group admin." },
    ]);
    assert.deepEqual(pipeline.tokens, []);
  });

  it("refuses an invalid key", async () => {
    const { start, pipeline } = setUp();
    for (const key of ["", "short", "with space in it", "x".repeat(129)])
      assert.equal((await start(requestOf({ key })))[0], 400, key);
    assert.deepEqual(pipeline.tokens, []);
  });

  it("refuses if AWS does, without saying why, and can be tried again", async () => {
    const { start, ports, claims } = setUp();
    const original = ports.pipeline.start;
    ports.pipeline.start = async () => {
      throw new Error("User arn:aws:sts::123456789012:assumed-role/x is not authorized");
    };
    const { result } = await logged(() => start(requestOf({ key: UUID })));
    assert.deepEqual(result, [
      502,
      { message: "AWS did not start the pipeline: try again later; the reason is in the function's log." },
    ]);
    assert.deepEqual(claims.keys(), []);
    ports.pipeline.start = original;
    assert.equal((await start(requestOf({ key: UUID })))[0], 202);
  });
});
