// What a traced function tells X-Ray of its own calls: its real code and the real SDK, before a service and a daemon that listen.
import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import * as dgram from "node:dgram";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { Lambda } from "../../../components/shared/lambda";
import { newFolder } from "../../folder";
import { run } from "../../harness";
import { Listener, listen } from "../../listener";
import { filesOf } from "../../stacks/zips";

interface Options {
  traced?: boolean;
  sampled?: number;
  AWS_ENDPOINT_URL?: string;
  AWS_XRAY_DAEMON_ADDRESS?: string;
}

const ROOT = "1-65f1a2b3-0123456789abcdef01234567";
const PARENT = "53995c3f42cd8ad8";

/** Asks services of each protocol, and then whom the event names. */
const asks = async ({ also }: { also?: string }) => {
  const Key = { id: { S: "1" } };
  await new DynamoDBClient({ maxAttempts: 1 })
    .send(new GetItemCommand({ TableName: "rows", Key }))
    .catch(() => {});
  await new S3Client({ maxAttempts: 1, forcePathStyle: true })
    .send(new GetObjectCommand({ Bucket: "files", Key: "secret-name.txt" }))
    .catch(() => {});
  if (!also) return;
  const metrics = { Namespace: "own", MetricData: [{ MetricName: "asked", Value: 1 }] };
  await new CloudWatchClient({ maxAttempts: 1 }).send(new PutMetricDataCommand(metrics)).catch(() => {});
  await new SNSClient({ maxAttempts: 1 }).send(new ListTopicsCommand({})).catch(() => {});
  const http = await import("node:http");
  const headers = { "x-amzn-trace-id": process.env["_X_AMZN_TRACE_ID"] };
  await new Promise((resolve) => http.get(also, { headers }, (answer) => answer.resume().on("end", resolve)));
};

describe("a traced function", function () {
  this.timeout(30_000);
  let service: Listener;
  let daemon: dgram.Socket;
  let told: string[];
  let status: number;
  before(async () => {
    service = await listen((_, response) => response.writeHead(status, { connection: "close" }).end("{}"));
    daemon = dgram.createSocket("udp4").on("message", (message) => told.push(message.toString()));
    daemon.bind(0, "127.0.0.1");
    await once(daemon, "listening");
  });
  beforeEach(() => {
    told = [];
    status = 200;
  });
  after(async () => {
    await service.close();
    daemon.close();
  });

  /** Calls the function as it is zipped, in a process of its own; returns what the daemon was told. */
  async function call(event: object, { traced = true, sampled = 1, ...environment }: Options = {}) {
    const { one } = await run(() => new Lambda("asks", { callback: asks, traced }));
    const file = path.join(newFolder("traced"), "__index.js");
    const files = await filesOf(one("lambda/function:Function"));
    fs.writeFileSync(file, files["__index.js"]!);
    const script = `require(${JSON.stringify(file)}).handler(${JSON.stringify(event)}).then(() => setTimeout(() => {}, 100))`;
    await promisify(execFile)(process.execPath, ["-e", script], {
      env: {
        PATH: process.env["PATH"],
        NODE_PATH: path.join(__dirname, "../../../node_modules"),
        AWS_LAMBDA_FUNCTION_NAME: "asks",
        AWS_REGION: "eu-west-1",
        AWS_ACCESS_KEY_ID: "key",
        AWS_SECRET_ACCESS_KEY: "secret",
        AWS_ENDPOINT_URL: service.url,
        AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
        _X_AMZN_TRACE_ID: `Root=${ROOT};Parent=${PARENT};Sampled=${sampled};Lineage=1:a87bd80c:0`,
        ...environment,
      },
    });
    return told.map((one) => {
      const [header, document] = one.split("\n");
      assert.equal(header, '{"format":"json","version":1}');
      return JSON.parse(document!) as Record<string, unknown>;
    });
  }

  it("reports each call to AWS to X-Ray as a subsegment, with service and operation but without parameters", async () => {
    const before = Date.now() / 1000;
    const parts = await call({ also: service.url });
    const fixed = parts.map(({ id, start_time, end_time, ...rest }) => {
      assert.match(String(id), /^[\da-f]{16}$/);
      assert.ok(before <= Number(start_time) && Number(start_time) <= Number(end_time));
      return rest;
    });
    const part = (method: string, name: string, operation?: string) => ({
      ...{ trace_id: ROOT, parent_id: PARENT, type: "subsegment", namespace: "aws", name },
      ...{ http: { request: { method }, response: { status: 200 } }, aws: operation ? { operation } : {} },
      ...{ error: false, fault: false, throttle: false },
    });
    assert.deepEqual(fixed, [
      part("POST", "dynamodb", "GetItem"),
      part("GET", "s3", "GetObject"),
      part("POST", "monitoring", "PutMetricData"),
      part("POST", "sns"),
    ]);
  });

  for (const [code, words] of [
    [400, "error"],
    [429, "error,throttle"],
    [503, "fault"],
  ] as const)
    it(`reports an answer of ${code} as ${words}`, async () => {
      status = code;
      const [part] = await call({});
      const kinds = ["error", "fault", "throttle"].filter((one) => part![one]);
      assert.equal(kinds.join(), words);
    });

  it("reports an unreachable service as a fault", async () => {
    const [part] = await call({}, { AWS_ENDPOINT_URL: "http://127.0.0.1:9" });
    assert.deepEqual(
      [part!["fault"], part!["http"]],
      [true, { request: { method: "POST" }, response: { status: 0 } }],
    );
  });

  it("reports nothing for a request that is not recorded, or without a daemon", async () => {
    assert.deepEqual(await call({}, { sampled: 0 }), []);
    assert.deepEqual(await call({}, { AWS_XRAY_DAEMON_ADDRESS: "" }), []);
  });

  it("exists only if tracing is on", async () => {
    assert.deepEqual(await call({}, { traced: false }), []);
  });
});
