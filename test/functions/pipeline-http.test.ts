import { strict as assert } from "node:assert";
import { ApiRequest, callerOf, headerOf, refuseCaller, reply } from "../../functions/pipeline-http";
import { CLAIM_SECONDS, isIdempotencyKey, once } from "../../functions/pipeline-once";
import { isImage, ofBundle } from "../../functions/pipeline-releases";
import { pipelineState } from "../../functions/pipeline-state";
import { rollback } from "../../functions/rollback";
import { startPipeline } from "../../functions/start-pipeline";
import { claimsInMemory, releaseOf, requestOf } from "./pipeline-ports-in-memory";
import { logged } from "./provisioner/world";

describe("an answer of the pipeline's API", () => {
  it("is JSON that nobody keeps", () => {
    const headers = { "Content-Type": "application/json", "Cache-Control": "no-store" };
    assert.deepEqual(reply(200, { a: 1 }), { statusCode: 200, headers, body: '{"a":1}' });
    assert.deepEqual(reply(200, {}, { Vary: "x" }).headers, { ...headers, Vary: "x" });
  });

  it("knows nobody without claims, and no group that is none", () => {
    for (const requestContext of [undefined, null, {}, { authorizer: null }, { authorizer: {} }] as const)
      assert.deepEqual(callerOf({ requestContext } as ApiRequest), { id: "", groups: [] });
    const groupsOf = (groups: unknown) =>
      callerOf({ requestContext: { authorizer: { claims: { sub: "s", "cognito:groups": groups } } } }).groups;
    assert.deepEqual(groupsOf("[a, b]"), ["a", "b"]);
    assert.deepEqual(groupsOf("a ,b"), ["a", "b"]);
    assert.deepEqual(groupsOf("a[1],b[2]c"), ["a[1]", "b[2]c"], "brackets of its own are a group's own");
    assert.deepEqual(groupsOf(""), []);
    assert.equal(refuseCaller({ id: "s", groups: [] }, undefined), undefined);
  });

  it("takes the header that was asked for, whatever its case", () => {
    const headers = { Host: "x", "IDEMPOTENCY-KEY": "k", Empty: undefined };
    assert.equal(headerOf({ headers }, "Idempotency-Key"), "k");
    assert.equal(headerOf({ headers }, "Accept"), undefined);
    for (const none of [undefined, null]) assert.equal(headerOf({ headers: none }, "Accept"), undefined);
  });

  it("keeps AWS's own words for the log", async () => {
    const { result, lines } = await logged(() =>
      pipelineState({
        pipeline: { stages: () => Promise.reject(new Error("arn:aws:secret")) },
        releases: { list: async () => [] },
      }),
    );
    const message =
      "AWS did not tell the pipeline's state: try again later; the reason is in the function's log.";
    assert.deepEqual([result.statusCode, JSON.parse(result.body)], [502, { message }]);
    assert.deepEqual(lines, [
      { what: "tell the pipeline's state", name: "Error", message: "arn:aws:secret" },
    ]);
  });
});

describe("what is done once", () => {
  const done = async () => reply(202, { n: 1 });

  it("keeps its answer for a day, and lets a refusal be tried again", async () => {
    const kept: [key: string, answer: string, seconds: number][] = [];
    const claims = {
      ...claimsInMemory(),
      keep: async (...all: [string, string, number]) => void kept.push(all),
    };
    const answer = await once("k", claims, done);
    assert.deepEqual(kept, [["k", JSON.stringify(answer), 86_400]]);
    assert.equal(CLAIM_SECONDS, 40);
    await once("other", claims, async () => reply(409, {}));
    assert.deepEqual(claims.keys(), ["k"]);
  });

  it("waits for whoever was first, longer each time, for some ten seconds", async () => {
    const claims = claimsInMemory();
    await claims.claim("k", CLAIM_SECONDS);
    const waits: number[] = [];
    const refused = await once("k", claims, done, async (milliseconds) => void waits.push(milliseconds));
    const message = "The first request with this Idempotency-Key is still being answered: try again.";
    assert.deepEqual([refused.statusCode, JSON.parse(refused.body)], [409, { message }]);
    assert.deepEqual([waits[0], waits.length], [100, 11]);
    assert.ok(waits.every((wait, n) => n === 0 || wait > waits[n - 1]!));
    const told = JSON.stringify(await done());
    const answered = await once("k", claims, done, () => claims.keep("k", told, 10));
    assert.equal(JSON.stringify(answered), told);
  });

  it("takes keys of 8 to 128 characters", () => {
    for (const key of ["12345678", "a.b:c-d_", "x".repeat(128)])
      assert.equal(isIdempotencyKey(key), true, key);
    for (const key of ["1234567", "x".repeat(129), "with space", "12345678\n", " 12345678"])
      assert.equal(isIdempotencyKey(key), false, key);
  });
});

describe("an image", () => {
  it("is named by its digest and nothing beside", () => {
    const { image } = releaseOf(1);
    assert.equal(isImage(image), true);
    for (const wrong of [`x ${image}`, `${image}0`, image.slice(0, -1)]) assert.equal(isImage(wrong), false);
  });

  it("is found by the bucket of its bundle as well as by the key", () => {
    const release = releaseOf(1);
    assert.equal(ofBundle([release], release.bundle), release);
    assert.equal(ofBundle([release], { ...release.bundle, bucket: "other" }), undefined);
    assert.equal(ofBundle([release], undefined), undefined);
  });
});

describe("what AWS refuses", () => {
  const rules = { whileRunning: "refuse" } as const;

  it("is told of when it does not say whether the pipeline runs, and the gate opens again", async () => {
    const claims = claimsInMemory();
    const pipeline = { running: () => Promise.reject(new Error("no")), start: async () => "e" };
    const { result, lines } = await logged(() => startPipeline(requestOf(), { claims, pipeline }, rules));
    const what = "tell whether the pipeline is running";
    assert.deepEqual([result.statusCode, lines[0]!["what"], claims.keys()], [502, what, []]);
    assert.match(result.body, new RegExp(what));
  });

  it("keeps the gate shut while a started execution may be missing from the list", async () => {
    const clock = { now: 0 };
    const claims = claimsInMemory(clock);
    const pipeline = { running: async () => undefined, start: async () => "e" };
    const start = async () => (await startPipeline(requestOf(), { claims, pipeline }, rules)).statusCode;
    assert.deepEqual([await start(), await start()], [202, 409]);
    assert.match(
      (await startPipeline(requestOf(), { claims, pipeline }, rules)).body,
      /An execution is being started just now\./,
    );
    clock.now = 16;
    assert.equal(await start(), 202);
  });

  const ports = (claims = claimsInMemory()) => ({
    claims,
    releases: { list: async () => [releaseOf(3), releaseOf(2)] },
    pipeline: { stop: async () => undefined },
    deployments: { live: async () => releaseOf(3).bundle, deploy: async () => "d-1" },
  });

  it("is told of when a rollback cannot be, or the pipeline not be stopped", async () => {
    const broken = { ...ports(), releases: { list: () => Promise.reject(new Error("no")) } };
    const { result, lines } = await logged(() => rollback(requestOf(), broken, "admin"));
    assert.deepEqual([result.statusCode, lines[0]!["what"]], [502, "roll back"]);
    const stuck = { ...ports(), pipeline: { stop: () => Promise.reject(new Error("no")) } };
    const second = await logged(() => rollback(requestOf(), stuck, "admin"));
    assert.deepEqual([second.result.statusCode, second.lines[0]!["what"]], [202, "stop the pipeline"]);
  });

  it("are keys that are none, and names of releases that are none, each by its own words", async () => {
    const bad = await rollback(requestOf({ key: "short" }), ports(), "admin");
    assert.equal(bad.statusCode, 400);
    assert.match(bad.body, /Idempotency-Key must be 8 to 128 letters, digits or any of \. _ : -/);
    const ask = async (release: string) =>
      JSON.parse((await rollback(requestOf({ body: JSON.stringify({ release }) }), ports(), "admin")).body)
        .message;
    assert.equal(await ask("nine"), "No release nine ever ran.");
    assert.equal(await ask("execution-3"), "Release execution-3 is the one that runs.");
  });

  it("are keys of another caller for a rollback: each has their own", async () => {
    const claims = claimsInMemory();
    for (const sub of ["one", "two"])
      await rollback(requestOf({ key: "the-same-key", sub }), ports(claims), "admin");
    assert.equal(claims.keys().length, 2);
  });

  it("is a description of more than 256 characters", async () => {
    const described: string[] = [];
    const deployments = {
      live: async () => undefined,
      deploy: async (_bundle: unknown, description: string) => `d-${described.push(description)}`,
    };
    const request = requestOf({ sub: "x".repeat(300), body: '{"release":"execution-2"}' });
    const { statusCode, body } = await rollback(request, { ...ports(), deployments }, "admin");
    assert.deepEqual([statusCode, described[0]!.length, JSON.parse(body).from], [202, 256, undefined]);
  });
});
