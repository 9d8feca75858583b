// The pack as it would be published, beside no file of ours but the packages that it declares, and as the engine meets it: a process of
// its own, asked over the engine's own protocol.
import { strict as assert } from "node:assert";
import { ChildProcess, execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import * as grpc from "@grpc/grpc-js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { policies } from "../../policies/pack";
import { dependencies } from "../../policies/package.json";
import { newFolder } from "../folder";

/** An answer of the engine's protocol, which Pulumi ships without types. */
type Answer = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- there are no types for it
const messages = require("@pulumi/pulumi/proto/analyzer_pb");
const { AnalyzerClient } = require("@pulumi/pulumi/proto/analyzer_grpc_pb");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");

/** What the engine sends for a text that it does not know in a preview. */
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const METADATA = "requires-a-session-token-for-instance-metadata";

interface Diagnostic {
  policyname: string;
  message: string;
  enforcementlevel: number;
}

const ROOT = path.join(__dirname, "../..");

/** Unpacks what npm would publish, with the declared packages beside it. */
function packInto(folder: string): void {
  const cwd = path.join(ROOT, "policies");
  execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], {
    cwd,
    stdio: ["ignore", "ignore", 2],
  });
  const packed = fs.readdirSync(folder).find((file) => file.endsWith(".tgz"))!;
  execFileSync("tar", ["xzf", packed, "--strip-components=1"], { cwd: folder });
  for (const name of Object.keys(dependencies)) {
    const link = path.join(folder, "node_modules", name);
    fs.mkdirSync(path.dirname(link), { recursive: true });
    fs.symlinkSync(path.join(ROOT, "node_modules", name), link);
  }
}

describe("the served policy pack", () => {
  let folder: string;
  let pack: ChildProcess;
  let client: Record<
    string,
    (request: unknown, done: (error: Error | null, answer: Answer) => void) => void
  > & {
    close(): void;
  };

  before(async function () {
    this.timeout(120_000);
    folder = newFolder("groundwork-policies");
    packInto(folder);
    pack = spawn(process.execPath, ["index.cjs"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const port = await new Promise<string>((resolve, reject) => {
      pack.stdout!.once("data", (data) => resolve(String(data).trim()));
      pack.once("exit", (code) => reject(new Error(`the pack ended with ${String(code)}`)));
    });
    client = new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  });

  after(() => {
    client?.close();
    pack?.kill();
  });

  const call = (method: string, request: unknown) =>
    new Promise<Answer>((resolve, reject) =>
      client[method]!(request, (error, answer) => (error ? reject(error) : resolve(answer.toObject()))),
    );

  const analyze = async (type: string, name: string, props: object): Promise<Diagnostic[]> => {
    const request = new messages.AnalyzeRequest();
    request.setType(type);
    request.setName(name);
    request.setUrn(`urn:pulumi:test::groundwork::${type}::${name}`);
    request.setProperties(Struct.fromJavaScript(props as never));
    request.setOptions(new messages.AnalyzerResourceOptions());
    return (await call("analyze", request)).diagnosticsList;
  };

  const analyzeStack = async (
    resources: { type: string; name: string; props: object; dependsBy?: Record<string, string> }[],
  ): Promise<Diagnostic[]> => {
    const request = new messages.AnalyzeStackRequest();
    for (const { type, name, props, dependsBy = {} } of resources) {
      const resource = new messages.AnalyzerResource();
      resource.setType(type);
      resource.setName(name);
      resource.setUrn(`urn:pulumi:test::groundwork::${type}::${name}`);
      resource.setProperties(Struct.fromJavaScript(props as never));
      resource.setOptions(new messages.AnalyzerResourceOptions());
      for (const [property, named] of Object.entries(dependsBy)) {
        const dependencies = new messages.AnalyzerPropertyDependencies();
        dependencies.addUrns(named);
        resource.getPropertydependenciesMap().set(property, dependencies);
      }
      request.addResources(resource);
    }
    return (await call("analyzeStack", request)).diagnosticsList;
  };

  it("offers every policy, and stops a program that breaks one", async () => {
    const info = await call("getAnalyzerInfo", new Empty());
    assert.deepEqual(
      info.policiesList.map((p: { name: string }) => p.name),
      policies.map((p) => p.name),
    );
    const { EnforcementLevel } = messages;
    assert.deepEqual(
      [...new Set(info.policiesList.map((p: { enforcementlevel: number }) => p.enforcementlevel))],
      [EnforcementLevel.MANDATORY],
    );
  });

  it("refuses a resource before it is created", async () => {
    const told = await analyze(TEMPLATE, "web", {
      blockDeviceMappings: [{ ebs: { encrypted: "true" } }],
      metadataOptions: { httpTokens: "optional" },
    });
    assert.deepEqual(
      told.map((d) => [d.policyname, d.message.split("\n").pop()]),
      [[METADATA, `${TEMPLATE} web accepts metadata requests without a token`]],
    );
  });

  it("accepts what a preview does not know yet", async () => {
    const key = { enableKeyRotation: true, policy: UNKNOWN_TEXT };
    assert.deepEqual(await analyze("aws:kms/key:Key", "files", key), []);
  });

  const VPC = { type: "aws:ec2/vpc:Vpc", name: "network", props: { cidrBlock: "10.0.0.0/16" } };
  const urn = `urn:pulumi:test::groundwork::${VPC.type}::${VPC.name}`;
  const flows = (vpcId: string) => ({
    type: "aws:ec2/flowLog:FlowLog",
    name: "flows",
    props: { vpcId, trafficType: "ALL" },
    dependsBy: { vpcId: urn },
  });
  const closed = (vpcId: string) => ({
    type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    name: "default",
    props: { vpcId, ingress: [], egress: [] },
    dependsBy: { vpcId: urn },
  });

  it("sees in a preview and after an update which resources belong together", async () => {
    const made = { ...VPC, props: { ...VPC.props, id: "vpc-0123" } };
    assert.deepEqual(await analyzeStack([VPC, flows(UNKNOWN_TEXT), closed(UNKNOWN_TEXT)]), []);
    assert.deepEqual(await analyzeStack([made, flows("vpc-0123"), closed("vpc-0123")]), []);
  });

  it("accepts a bucket whose policy a preview does not know yet", async () => {
    const BUCKET = { type: "aws:s3/bucket:Bucket", name: "files", props: { forceDestroy: false } };
    const bucketUrn = `urn:pulumi:test::groundwork::${BUCKET.type}::${BUCKET.name}`;
    const policy = (text: string) => ({
      type: "aws:s3/bucketPolicy:BucketPolicy",
      name: "files",
      props: { bucket: UNKNOWN_TEXT, policy: text },
      dependsBy: { bucket: bucketUrn, policy: bucketUrn },
    });
    const tls = async (text: string) =>
      (await analyzeStack([BUCKET, policy(text)]))
        .filter(({ policyname }) => policyname === "lets-nobody-reach-a-bucket-without-tls")
        .map(({ message }) => message.split("\n").pop());
    assert.deepEqual(await tls(UNKNOWN_TEXT), []);
    assert.deepEqual(await tls('{"Statement":[]}'), [
      "aws:s3/bucket:Bucket files can be reached by plain HTTP",
    ]);
  });

  it("refuses a stack that lacks a part", async () => {
    const told = await analyzeStack([VPC, closed(UNKNOWN_TEXT)]);
    assert.deepEqual(
      told.map((d) => d.policyname),
      ["logs-the-flows-of-each-vpc"],
    );
  });
});
