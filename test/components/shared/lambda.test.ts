import { strict as assert } from "node:assert";
import { Lambda, LambdaArgs } from "../../../components/shared/lambda";
import { allow } from "../../../components/shared/permissions";
import { physicalName, run } from "../../harness";
import { on, rightsIn } from "../../statements";

const answer = async () => ({ pong: process.env.WORD });

describe("Lambda", () => {
  it("runs on arm64 and Node 22 with a role and a JSON log of its own", async () => {
    const { one } = await run(() => new Lambda("ping", { callback: answer, environment: { WORD: "hello" } }));
    const { inputs } = one("lambda/function:Function");
    assert.equal(inputs.runtime, "nodejs22.x");
    assert.deepEqual(inputs.architectures, ["arm64"]);
    assert.deepEqual(inputs.environment, { variables: { WORD: "hello" } });
    assert.deepEqual(inputs.loggingConfig, { logFormat: "JSON", logGroup: physicalName("ping") });
    assert.equal(inputs.timeout, 30);
    assert.equal(inputs.memorySize, 256);
    assert.equal(one("cloudwatch/logGroup:LogGroup").inputs.retentionInDays, 30);
  });

  it("may write its own log and nothing else by default", async () => {
    const { one } = await run(() => new Lambda("ping", { callback: answer }));
    assert.deepEqual(rightsIn(one("iam/rolePolicy:RolePolicy").inputs.policy), {
      ...on(
        [`arn:aws:logs:eu-west-1:123456789012:log-group:${physicalName("ping")}:*`],
        "logs:CreateLogStream",
        "logs:PutLogEvents",
      ),
    });
  });

  it("is traced in X-Ray, and permitted to be, only if tracing is on", async () => {
    for (const traced of [true, false]) {
      const { one } = await run(() => new Lambda("ping", { callback: answer, traced }));
      const { mode } = one("lambda/function:Function").inputs.tracingConfig;
      assert.equal(mode, traced ? "Active" : "PassThrough");
      assert.deepEqual(
        rightsIn(one("iam/rolePolicy:RolePolicy").inputs.policy, /^logs:/),
        traced ? on(["*"], "xray:PutTraceSegments", "xray:PutTelemetryRecords") : {},
      );
    }
  });

  it("zips its own code only", async () => {
    const { one } = await run(() => new Lambda("ping", { callback: answer }));
    const archive = await one("lambda/function:Function").inputs.code;
    assert.deepEqual(Object.keys(await archive.assets), ["__index.js"]);
  });

  it("gets the given permissions in addition", async () => {
    const permissions = [allow(["s3:GetObject"], "arn:aws:s3:::files/*")];
    const { one } = await run(() => new Lambda("ping", { callback: answer, permissions }));
    const { Statement } = JSON.parse(one("iam/rolePolicy:RolePolicy").inputs.policy);
    assert.deepEqual(Statement.slice(1), permissions);
  });

  it("uses the given timeout, memory, concurrency and log retention", async () => {
    const told = { timeoutSeconds: 900, memoryMiB: 128, reservedConcurrency: 0, logRetentionDays: 7 };
    const { one } = await run(() => new Lambda("ping", { callback: answer, ...told }));
    const { timeout, memorySize, reservedConcurrentExecutions } = one("lambda/function:Function").inputs;
    assert.deepEqual([timeout, memorySize, reservedConcurrentExecutions], [900, 128, 0]);
    assert.equal(one("cloudwatch/logGroup:LogGroup").inputs.retentionInDays, 7);
  });

  it("refuses a callback and a file at once, and neither", async () => {
    const lambda = (args: LambdaArgs<unknown, unknown>) => run(() => new Lambda("ping", args));
    await assert.rejects(lambda({ callback: answer, entry: "ping.ts" }), {
      message: 'Lambda "ping": callback must be given, or entry instead, got "both"',
    });
    await assert.rejects(lambda({}), {
      message: 'Lambda "ping": callback must be given, or entry instead, got nothing',
    });
  });

  it("refuses every wrong argument in one error", async () => {
    await assert.rejects(
      run(() => new Lambda("ping", { timeoutSeconds: 1000, memoryMiB: 1.5, reservedConcurrency: 1001 })),
      {
        message:
          'Lambda "ping": timeoutSeconds must be a whole number from 1 to 900, got 1000; ' +
          "memoryMiB must be a whole number from 128 to 10240, got 1.5; " +
          "reservedConcurrency must be a whole number from 0 to 1000, got 1001; " +
          "callback must be given, or entry instead, got nothing",
      },
    );
  });
});
