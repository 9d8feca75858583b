import { strict as assert } from "node:assert";
import { startPipeline } from "../../functions/delivery/start";
import { claimsIn } from "../../functions/shared/claims";
import { skipWithoutEmulators } from "../emulated";
import { requestOf } from "../functions/delivery/ports-in-memory";
import { Rig, startRig } from "./rig";
import { leftToAll } from "../left-to-all";

const UUID = "5f0c6f2e-7a3c-4f1e-9d38-0a5b8c1d2e3f";
const DIGEST = (n: number) => `sha256:${String(n).repeat(64)}`;

describe("the trigger API's own zips behind API Gateway and Cognito", function () {
  this.timeout(180_000);
  let rig: Rig;
  let deployer: string;
  let admin: string;
  let member: string;

  before(async function () {
    await skipWithoutEmulators(this);
    rig = await startRig();
    [deployer, admin, member] = [
      await rig.tokenOf("member", "deployers"),
      await rig.tokenOf("admin", "deployers"),
      await rig.tokenOf("member"),
    ];
  });
  after(() => rig?.stop());
  beforeEach(() => rig.aws.reset());

  const call = async (method: string, path: string, token?: string, more: RequestInit = {}) => {
    const response = await fetch(`${rig.outputs.apiUrl}${path}`, {
      method,
      ...more,
      headers: { ...(token ? { Authorization: token } : {}), ...(more.headers as Record<string, string>) },
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : undefined };
  };
  const start = (token?: string, key?: string) =>
    call("POST", "/startpipeline", token, { headers: key ? { "Idempotency-Key": key } : {} });
  const invoke = async (FunctionName: string, event: object) => {
    const { Payload, FunctionError } = await rig.lambda.invoke({
      FunctionName,
      Payload: JSON.stringify(event),
    });
    const text = Buffer.from(Payload!).toString();
    assert.equal(FunctionError, undefined, text);
    return text ? JSON.parse(text) : undefined;
  };

  it("refuses a caller without a token, or with an invalid one", async () => {
    assert.equal((await start()).status, 401);
    assert.equal((await start("ey.not.one")).status, 401);
    const [head, payload] = deployer.split(".");
    assert.equal((await start(`${head}.${payload}.${"A".repeat(342)}`)).status, 401);
    assert.deepEqual(rig.aws.started, []);
  });

  it("refuses a caller outside the group", async () => {
    assert.deepEqual(await start(member), {
      status: 403,
      body: { message: "This takes a member of the group deployers." },
    });
    assert.deepEqual(rig.aws.started, []);
  });

  it("starts one execution for many simultaneous starts with one key, through every layer", async () => {
    const answers = await Promise.all(Array.from({ length: 15 }, () => start(deployer, UUID)));
    assert.deepEqual(
      new Set(answers.map((answer) => JSON.stringify(answer))),
      new Set([JSON.stringify({ status: 202, body: { executionId: "execution-1" } })]),
    );
    assert.equal(rig.aws.started.length, 1);
  });

  it("starts one execution for a thousand simultaneous starts with one key, on a real table", async function () {
    leftToAll(this);
    const claims = claimsIn(rig.dynamodb, rig.names.claims);
    let executions = 0;
    const pipeline = { running: async () => undefined, start: async () => `execution-${++executions}` };
    const one = () =>
      startPipeline(requestOf({ key: `${UUID}-1000` }), { claims, pipeline }, { whileRunning: "queue" });
    const answers = await Promise.all(Array.from({ length: 1_000 }, one));
    assert.equal(executions, 1);
    assert.deepEqual(
      new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`)),
      new Set(['202 {"executionId":"execution-1"}']),
    );
  });

  it("refuses while an execution runs", async () => {
    await openGate();
    rig.aws.running = ["execution-7"];
    assert.deepEqual(await start(deployer), {
      status: 409,
      body: { message: "An execution is running: wait for its end.", executionId: "execution-7" },
    });
  });

  it("refuses if AWS does", async () => {
    await openGate();
    rig.aws.refusing = "AccessDeniedException";
    const { status, body } = await start(deployer);
    assert.equal(status, 502);
    assert.match(
      body.message,
      /^AWS did not [\w ]+: try again later; the reason is in the function's log\.$/,
    );
  });

  /** A start closes the gate for some seconds, until CodePipeline lists the execution. */
  const openGate = () =>
    rig.dynamodb.deleteItem({ TableName: rig.names.claims, Key: { pk: { S: "claim#gate" } } });

  const recordRelease = async (n: number) => {
    const objectKey = `delivery/Bundle/${n}.zip`;
    await rig.s3.putObject({ Bucket: rig.names.bucket, Key: objectKey, Body: `bundle ${n}` });
    await invoke(rig.names.record, {
      "CodePipeline.job": {
        id: `job-${n}`,
        data: {
          actionConfiguration: {
            configuration: {
              UserParameters: JSON.stringify({
                execution: `execution-${n}`,
                commit: String(n).repeat(40),
                image: `${rig.outputs.repositoryUrl}@${await push(n)}`,
              }),
            },
          },
          inputArtifacts: [{ location: { s3Location: { bucketName: rig.names.bucket, objectKey } } }],
        },
      },
    });
    rig.aws.live = { bucket: rig.names.bucket, key: objectKey };
  };

  /** An image of nothing but its manifest: the registry computes its digest. */
  const push = async (n: number) => {
    const repositoryName = rig.outputs.repositoryUrl.split("/").at(-1)!;
    const imageManifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: { mediaType: "application/vnd.oci.image.config.v1+json", size: n, digest: DIGEST(n) },
      layers: [],
    });
    const { image } = await rig.ecr.putImage({ repositoryName, imageManifest, imageTag: `commit-${n}` });
    return image!.imageId!.imageDigest!;
  };

  const liveImage = async () => {
    const repositoryName = rig.outputs.repositoryUrl.split("/").at(-1)!;
    const { images = [] } = await rig.ecr.batchGetImage({ repositoryName, imageIds: [{ imageTag: "live" }] });
    return images[0]?.imageId?.imageDigest;
  };

  it("records releases, tags the live one, and rolls back to exactly the previous bundle", async () => {
    for (const n of [1, 2]) {
      await recordRelease(n);
      const marked = await invoke(rig.names.deployed, {
        time: `2026-01-01T00:0${n}:00Z`,
        detail: { deploymentId: "d-live" },
      });
      assert.deepEqual(marked, { ok: true, release: `execution-${n}` });
    }
    assert.deepEqual(rig.aws.jobs, ["job-1 succeeded", "job-2 succeeded"]);

    const { status, body } = await call("GET", "/pipeline", member);
    assert.equal(status, 200);
    assert.deepEqual(
      body.releases.map(({ id, deployedAt }: { id: string; deployedAt: string }) => [id, deployedAt]),
      [
        ["execution-2", "2026-01-01T00:02:00Z"],
        ["execution-1", "2026-01-01T00:01:00Z"],
      ],
    );
    assert.deepEqual(body.stages, [
      {
        stage: "Source",
        status: "Succeeded",
        executionId: "execution-1",
        actions: [{ action: "GitHub", status: "Succeeded", at: "2023-11-14T22:13:20.000Z" }],
      },
    ]);
    const [second, first] = body.releases.map(({ image }: { image: string }) => image.split("@")[1]);
    assert.equal(await liveImage(), second);

    rig.aws.running = ["execution-3"];
    const json = { body: "{}", headers: { "Content-Type": "application/json", "Idempotency-Key": UUID } };
    const back = await call("POST", "/rollback", admin, json);
    assert.equal(back.status, 202);
    assert.deepEqual(await call("POST", "/rollback", admin, json), back);
    assert.equal(rig.aws.deployed.length, 1);
    assert.deepEqual([back.body.release.id, back.body.from], ["execution-1", "execution-2"]);
    assert.deepEqual(rig.aws.stopped, ["execution-3"]);
    const [{ key, version, eTag }] = rig.aws.deployed as [(typeof rig.aws.deployed)[0]];
    const stored = await rig.s3.headObject({ Bucket: rig.names.bucket, Key: "delivery/Bundle/1.zip" });
    assert.deepEqual(
      [key, version, eTag],
      ["delivery/Bundle/1.zip", stored.VersionId, stored.ETag!.replaceAll('"', "")],
    );

    rig.aws.live = { bucket: rig.names.bucket, key: "delivery/Bundle/1.zip" };
    await invoke(rig.names.deployed, { time: "2026-01-01T00:03:00Z", detail: { deploymentId: "d-live" } });
    assert.equal(await liveImage(), first);
  });

  it("allows a fix, and a rollback, while the alarm fires that stops deployments", async () => {
    const { bucket } = rig.names;
    rig.aws.alarms = ["errors", "latency"];
    rig.aws.ringing = ["errors"];
    const deploy = (continuationToken?: string) =>
      invoke(rig.names.deploy, {
        "CodePipeline.job": {
          id: "job-5",
          data: {
            actionConfiguration: { configuration: { UserParameters: '{"execution":"e","commit":"c"}' } },
            inputArtifacts: [
              { location: { s3Location: { bucketName: bucket, objectKey: "delivery/Bundle/2.zip" } } },
            ],
            continuationToken,
          },
        },
      });
    await deploy();
    await deploy("d-1");
    assert.deepEqual(rig.aws.jobs, [
      "job-5 goes on with d-1: Begun, without errors, which fired before",
      "job-5 succeeded",
    ]);

    rig.aws.live = { bucket, key: "delivery/Bundle/2.zip" };
    const headers = { "Content-Type": "application/json" };
    assert.equal((await call("POST", "/rollback", admin, { body: "{}", headers })).status, 202);
    assert.deepEqual(rig.aws.states, { "d-1": "Succeeded", "d-2": "Succeeded" });

    // One that begins to ring after the release has begun ends it.
    rig.aws.ringing = [];
    await deploy();
    Object.assign(rig.aws.states, { "d-3": "Stopped" });
    await deploy("d-3");
    assert.deepEqual(rig.aws.jobs.slice(2), [
      "job-5 goes on with d-3: Begun",
      "job-5 failed: Deployment d-3 has stopped: One or more alarms have been activated",
    ]);
  });

  it("ends the pipeline's job for a build that named no release", async () => {
    const data = {
      actionConfiguration: { configuration: { UserParameters: "{}" } },
      inputArtifacts: [{ location: { s3Location: { bucketName: rig.names.bucket, objectKey: "none" } } }],
    };
    await invoke(rig.names.record, { "CodePipeline.job": { id: "job-9", data } });
    assert.deepEqual(rig.aws.jobs, ["job-9 failed: The build named no release: commit ?, image ?."]);
  });

  it("accepts the key of a refused rollback again", async () => {
    const headers = { "Content-Type": "application/json", "Idempotency-Key": `${UUID}-2` };
    const ask = (body: string) => call("POST", "/rollback", admin, { body, headers });
    assert.equal((await ask('{"release":"nowhere"}')).status, 404);
    rig.aws.live = { bucket: rig.names.bucket, key: "delivery/Bundle/2.zip" };
    assert.equal((await ask("{}")).status, 202);
  });

  it("refuses a rollback by anyone but admins, and a body that fits no schema", async () => {
    const json = (body: string) => ({ body, headers: { "Content-Type": "application/json" } });
    assert.equal((await call("POST", "/rollback", deployer, json("{}"))).status, 403);
    assert.equal((await call("POST", "/rollback", admin, json('{"branch":"main"}'))).status, 400);
    assert.deepEqual(rig.aws.deployed, []);
  });
});
