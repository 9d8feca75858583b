// The build that `pulumi up` has CodeBuild run: its buildspec by bash on the very zip of the program, and the function that starts it by
// its own zip on MiniStack. No emulator builds: CodeBuild, Docker and ECR's sign-in stand in.
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { ECR } from "@aws-sdk/client-ecr";
import { Lambda } from "@aws-sdk/client-lambda";
import { S3 } from "@aws-sdk/client-s3";
import { unzipSync } from "fflate";
import { load } from "js-yaml";
import { buildContext } from "../../components/web/build-context";
import { WebImage } from "../../components/web/image";
import { BUILD_SCRIPT, BUILDSPEC } from "../../components/web/image-build-script";
import { zipOf } from "../../sandbox/engine/archive";
import { Emulated, skipWithoutEmulators, startEmulated } from "../emulated";
import { awsCallOf, listen, Listener } from "../listener";
import { shellcheck, whenThere } from "../tools";
import { Machine, ScriptRun } from "./scripts";

const standIns = path.join(__dirname, "stand-ins");
const URL = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web";

describe("the buildspec of the image that CodeBuild builds", () => {
  let machine: Machine;
  let source: string;

  /** As CodeBuild unpacks the object of S3: no file of it is a program. */
  beforeEach(async () => {
    machine = new Machine();
    source = path.join(machine.folder, "source");
    const app = path.join(machine.folder, "app");
    fs.mkdirSync(app);
    fs.writeFileSync(path.join(app, "Dockerfile"), "FROM scratch\n");
    fs.writeFileSync(path.join(app, "a file.js"), "");
    fs.writeFileSync(path.join(app, "run me.sh"), "", { mode: 0o755 });
    const { archive } = buildContext(app, path.join(app, "Dockerfile"));
    for (const [name, bytes] of Object.entries(unzipSync(await zipOf(archive)))) {
      const file = path.join(source, name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, bytes, { mode: 0o644 });
    }
  });
  afterEach(() => machine.end());

  async function build(environment: Record<string, string> = {}): Promise<ScriptRun> {
    const { env, phases } = load(BUILDSPEC) as {
      env: { shell: string };
      phases: { build: { commands: string[] } };
    };
    assert.deepEqual([env.shell, Object.keys(phases)], ["bash", ["build"]]);
    const file = path.join(machine.folder, "commands.sh");
    fs.writeFileSync(file, [`cd "${source}"`, ...phases.build.commands].join("\n"));
    return machine.run(file, { REPOSITORY_URL: URL, TAG: "pinned-web", ...environment });
  }

  it("builds the context for the servers' processor, and pushes it by the tag that the repository keeps", async () => {
    const { code, output } = await build();
    assert.equal(code, 0, output);
    const [one, another, ...then] = machine.calls();
    // The two ends of a pipe begin together.
    assert.deepEqual([one, another].sort(), [
      "aws ecr get-login-password",
      "docker login --username AWS --password-stdin 123456789012.dkr.ecr.eu-west-1.amazonaws.com",
    ]);
    assert.deepEqual(then, [
      `docker buildx build --builder default context --file Dockerfile --platform linux/arm64 --provenance=false --tag ${URL}:pinned-web --push`,
    ]);
  });

  it("marks programs as executable, and the rest as files", async () => {
    await build();
    const programs = fs
      .readdirSync(path.join(source, "context"))
      .filter((name) => fs.statSync(path.join(source, "context", name)).mode & 0o111);
    assert.deepEqual(programs, ["run me.sh"]);
  });

  it("fails if Docker does, or if it is not told where the image goes", async () => {
    fs.writeFileSync(path.join(machine.folder, "docker"), "#!/bin/sh\nexit 3\n", { mode: 0o755 });
    const broken = await build({ PATH: `${machine.folder}:${process.env.PATH}` });
    assert.notEqual(broken.code, 0);
    fs.writeFileSync(path.join(machine.folder, "aws"), "#!/bin/sh\nexit 4\n", { mode: 0o755 });
    fs.rmSync(path.join(machine.folder, "docker"));
    const closed = await build({ PATH: `${machine.folder}:${standIns}:${process.env.PATH}` });
    assert.notEqual(closed.code, 0);
    assert.deepEqual(
      machine.calls().filter((call) => call.startsWith("docker buildx")),
      [],
    );
    const { code, output } = await build({ TAG: "" });
    assert.notEqual(code, 0);
    assert.match(output, /TAG: its tag/);
  });

  whenThere("shellcheck", "passes shellcheck", () => {
    const file = path.join(machine.folder, "build.sh");
    fs.writeFileSync(file, BUILD_SCRIPT);
    execFileSync("bash", ["-n", file]);
    assert.equal(shellcheck({ files: [file] }), "");
  });
});

describe("the zip of the function that lets CodeBuild build the image", function () {
  this.timeout(180_000);
  let emulated: Emulated;
  let codebuild: Listener;
  let lambda: Lambda;
  let FunctionName: string;
  let repositoryName: string;
  const started: string[] = [];
  /** What CodeBuild tells of the build, each time that it is asked. */
  let states: object[] = [];

  before(async function () {
    await skipWithoutEmulators(this);
    codebuild = await listen(async (request, response) => {
      const { target, body } = await awsCallOf(request);
      const action = target.split(".").pop()!;
      const next = () => ({ id: "web-build:1", ...(states.length > 1 ? states.shift()! : states[0]!) });
      if (action === "StartBuild") started.push((JSON.parse(body) as { projectName: string }).projectName);
      const answers: Record<string, () => object> = {
        ListBuildsForProject: () => ({ ids: [] }),
        StartBuild: () => ({ build: next() }),
        BatchGetBuilds: () => ({ builds: [next()] }),
      };
      response.writeHead(200, { "Content-Type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(answers[action]!()));
    });
    emulated = await startEmulated("image");
    await emulated.make(() => new WebImage("web", { builder: "codebuild", keepData: false }));
    lambda = new Lambda(emulated.client);
    const { Functions = [] } = await lambda.listFunctions({});
    const [{ FunctionName: name, Environment } = {}] = Functions;
    FunctionName = name!;
    repositoryName = Environment!.Variables!["REPOSITORY"]!;
    await lambda.updateFunctionConfiguration({
      FunctionName,
      Environment: { Variables: { ...Environment!.Variables, AWS_ENDPOINT_URL_CODEBUILD: codebuild.url } },
    });
  });
  after(async () => {
    await emulated?.stop();
    await codebuild?.close();
  });
  beforeEach(() => void started.splice(0));

  const invoke = async () => {
    const { Payload, FunctionError } = await lambda.invoke({
      FunctionName,
      Payload: JSON.stringify({ source: "any.zip" }),
    });
    return { FunctionError, answer: JSON.parse(Buffer.from(Payload!).toString()) as Record<string, unknown> };
  };

  it("finds the app's source in the bucket, as CodeBuild would", async () => {
    const s3 = new S3({ ...emulated.client, forcePathStyle: true });
    const { Buckets = [] } = await s3.listBuckets({});
    const [{ Name: Bucket } = {}] = Buckets;
    const { Contents = [] } = await s3.listObjectsV2({ Bucket });
    assert.equal(Contents.length, 1);
    const { Body } = await s3.getObject({ Bucket, Key: Contents[0]!.Key });
    const files = Object.keys(unzipSync(await Body!.transformToByteArray()));
    for (const file of ["build.sh", "Dockerfile", "context/package.json", "context/webapp/server.ts"])
      assert.ok(files.includes(file), file);
    assert.deepEqual(
      files.filter((file) => /node_modules|\.git\//.test(file)),
      [],
    );
  });

  it("waits for the build, and returns the digest that ECR has for the tag", async () => {
    const ecr = new ECR(emulated.client);
    const { image } = await ecr.putImage({
      repositoryName,
      imageTag: "pinned-web",
      imageManifest: JSON.stringify({ schemaVersion: 2, layers: [] }),
    });
    states = [{ buildStatus: "IN_PROGRESS" }, { buildStatus: "SUCCEEDED" }];
    const { FunctionError, answer } = await invoke();
    assert.equal(FunctionError, undefined, JSON.stringify(answer));
    assert.deepEqual(answer, { digest: image!.imageId!.imageDigest });
    assert.equal(started.length, 1);
    assert.match(started[0]!, /^web-build-/);
  });

  it("fails with the end of the build's log, which Pulumi shows", async () => {
    const logs = new CloudWatchLogs(emulated.client);
    const { logGroups = [] } = await logs.describeLogGroups({ logGroupNamePrefix: "web-build-" });
    const logGroupName = logGroups.map((one) => one.logGroupName!).find((one) => !one.includes("start"))!;
    await logs.createLogStream({ logGroupName, logStreamName: "1" });
    const message = "ERROR: failed to solve: npm install did not complete";
    await logs.putLogEvents({
      logGroupName,
      logStreamName: "1",
      logEvents: [{ timestamp: Date.now(), message }],
    });
    states = [
      {
        buildStatus: "FAILED",
        phases: [{ phaseType: "BUILD", contexts: [{ statusCode: "COMMAND_EXECUTION_ERROR", message: "1" }] }],
        logs: { groupName: logGroupName, streamName: "1" },
      },
    ];
    const { FunctionError, answer } = await invoke();
    assert.ok(FunctionError);
    assert.equal(
      answer["errorMessage"],
      [
        "The web app's image was not built: build web-build:1 ended with FAILED.",
        "BUILD: COMMAND_EXECUTION_ERROR: 1",
        `The end of its log, ${logGroupName} 1:`,
        message,
      ].join("\n"),
    );
  });
});
