import { strict as assert } from "node:assert";
import { Lambda } from "../../../components/shared/lambda";
import { run } from "../../harness";
import { on, rightsIn } from "../../statements";

const answer = async () => ({ pong: process.env.WORD });

describe("Lambda", () => {
  it("runs on arm64 and Node 22 with a role and a JSON log of its own", async () => {
    const { one } = await run(() => new Lambda("ping", { callback: answer, environment: { WORD: "hello" } }));
    const { inputs } = one("lambda/function:Function");
    assert.equal(inputs.runtime, "nodejs22.x");
    assert.deepEqual(inputs.architectures, ["arm64"]);
    assert.deepEqual(inputs.environment, { variables: { WORD: "hello" } });
    assert.deepEqual(inputs.loggingConfig, { logFormat: "JSON", logGroup: "ping-1234567" });
    assert.equal(inputs.timeout, 30);
    assert.equal(inputs.memorySize, 256);
    assert.equal(one("cloudwatch/logGroup:LogGroup").inputs.retentionInDays, 30);
  });

  it("may write its own log and nothing else unless told", async () => {
    const { one } = await run(() => new Lambda("ping", { callback: answer }));
    assert.deepEqual(rightsIn(one("iam/rolePolicy:RolePolicy").inputs.policy), {
      ...on(
        ["arn:aws:logs:eu-west-1:123456789012:log-group:ping-1234567:*"],
        "logs:CreateLogStream",
        "logs:PutLogEvents",
      ),
      ...on(["*"], "xray:PutTraceSegments", "xray:PutTelemetryRecords"),
    });
  });

  it("zips its own code only", async () => {
    const { one } = await run(() => new Lambda("ping", { callback: answer }));
    const archive = await one("lambda/function:Function").inputs.code;
    assert.deepEqual(Object.keys(await archive.assets), ["__index.js"]);
  });

  it("refuses every wrong argument in one error", async () => {
    await assert.rejects(
      run(() => new Lambda("ping", { callback: answer, timeoutSeconds: 1000, memoryMiB: 1.5 })),
      /Lambda "ping": timeoutSeconds must be a whole number from 1 to 900, got 1000; memoryMiB must be a whole number from 128 to 10240, got 1.5/,
    );
  });
});
