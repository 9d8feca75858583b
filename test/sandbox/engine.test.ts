import assert from "node:assert/strict";
import { fork } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Deployment } from "../../sandbox/engine";
import type { Message } from "../../sandbox/engine/main";
import { root } from "../../sandbox/paths";
import { physicalName } from "../harness";
import { SharedSandbox, sharedSandbox } from "./shared";

describe("the sandbox's engine", () => {
  let sandbox: SharedSandbox;
  before(async function () {
    sandbox = await sharedSandbox(this);
  });

  /** Runs a program of test/sandbox/programs on the shared emulators. */
  const deploy = (name: string) => {
    const log = fs.openSync(path.join(sandbox.paths.logs, `${name}.log`), "w");
    const program = path.join(__dirname, "programs", `${name}.ts`);
    const child = fork(path.join(root, "sandbox/engine/main.ts"), ["sandbox", program], {
      execArgv: ["-r", path.join(root, "scripts/loader.cjs")],
      env: { ...process.env, ...sandbox.state.environment },
      stdio: ["ignore", log, log, "ipc"],
    });
    child.send("ready");
    const lines: string[] = [];
    return new Promise<{ deployment: Deployment; lines: string[] }>((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`ended with ${code}`)));
      child.on("message", (message: Message) => {
        if (message.kind === "line") lines.push(message.line);
        else if (message.kind === "done") resolve({ deployment: message.deployment, lines });
        else reject(new Error(message.kind === "failed" ? message.message : message.kind));
      });
    }).finally(() => fs.closeSync(log));
  };

  it("runs the real zip with its role enforced, with this machine's SDK, against both emulators", async () => {
    const { deployment } = await deploy("secure-bucket");
    const lambda = await sandbox.use("lambda");
    const { Payload } = await lambda.invoke({ FunctionName: deployment.outputs["functionName"] });
    assert.deepEqual(JSON.parse(Buffer.from(Payload!).toString()), {
      put: "done", // although the bucket refuses plain HTTP: TLS ends at the emulator's proxy
      list: "AccessDenied",
      vpcs: true,
    });
  });

  it("returns the ids and attributes that AWS's provider returns", async () => {
    const { deployment, lines } = await deploy("wide");
    const { outputs, resources } = deployment;
    const idOf = (type: string) => resources.find((one) => one.type.endsWith(`:${type}`))!.id;
    const at = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;
    // Which hash ends a name is the engine's own matter.
    const unhashed = (text: string) => text.replace(/-[0-9a-f]{7}$/, "-1234567");
    const named = ["topicArn", "machineArn", "logArn", "farArn"].map((key) => [key, unhashed(outputs[key])]);
    assert.deepEqual(
      {
        ...outputs,
        ...Object.fromEntries(named),
        secretArn: unhashed(outputs["secretArn"].replace(/-\w{6}$/, "")),
        rootResourceId: typeof outputs["rootResourceId"],
      },
      {
        keyArn: at("kms", `key/${idOf("Key")}`),
        tableArn: at("dynamodb", `table/${idOf("Table")}`),
        queueArn: at("sqs", idOf("Queue").split("/").at(-1)!),
        topicArn: at("sns", physicalName("wide")),
        secretArn: at("secretsmanager", `secret:${physicalName("wide")}`),
        parameterValue: idOf("Queue"),
        machineArn: at("states", `stateMachine:${physicalName("wide")}`),
        poolEndpoint: `cognito-idp.eu-west-1.amazonaws.com/${idOf("UserPool")}`,
        clientSecretLength: 64,
        rootResourceId: "string",
        fileSystemDns: `${idOf("FileSystem")}.efs.eu-west-1.amazonaws.com`,
        logArn: at("logs", `log-group:${physicalName("wide")}`),
        farArn: `arn:aws:sns:us-east-1:123456789012:${physicalName("far")}`,
        tags: {},
      },
    );
    assert.match(
      lines.find((line) => line.startsWith("wide"))!,
      /^wide +\d+ resources +\d+\.\d s$/,
    );
    const secrets = await sandbox.use("secretsmanager");
    const { SecretString } = await secrets.getSecretValue({ SecretId: outputs["secretArn"] });
    assert.equal(SecretString, "hidden");
  });

  it("refuses a type that it cannot create, and names it", async () => {
    await assert.rejects(
      deploy("unknown-type"),
      /the sandbox does not make the type aws:chime\/voiceConnector:VoiceConnector: add a row/,
    );
  });

  it("refuses a call that it cannot answer, and names it", async () => {
    await assert.rejects(
      deploy("unknown-call"),
      /the sandbox has no answer to the call aws:index\/getRegions:getRegions/,
    );
  });

  it("refuses to continue after a resource that could not be created, and says which and why", async () => {
    await assert.rejects(
      deploy("refused"),
      /aws:s3\/bucketVersioning:BucketVersioning "orphan" could not be made: NoSuchBucket: /,
    );
  });
});
