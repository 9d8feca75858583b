// Projects that were made before the platform changed what it hands to their templates.
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import type { Settings } from "../../functions/provisioner/ports";
import { ask, call, launchMachine, MEMBER, NOTHING, remains, settledProject } from "./driver";
import { functionNamed, PREFIX, Rig } from "./rig";
import { sharedRig } from "./shared-rig";
import { leftToAll } from "../left-to-all";

const STATIC = require.resolve("../../components/provisioner/templates/static.yaml");

/** What each site had of its own, as the template made it. */
const OF_ITS_OWN = `
  OriginAccess:
    Type: AWS::CloudFront::OriginAccessControl
    Properties:
      OriginAccessControlConfig:
        { Name: !Ref AWS::StackName, OriginAccessControlOriginType: s3, SigningBehavior: always, SigningProtocol: sigv4 }

  Index:
    Type: AWS::CloudFront::Function
    Properties:
      Name: !Sub \${AWS::StackName}-index
      AutoPublish: true
      FunctionConfig: { Comment: A folder's own page, Runtime: cloudfront-js-2.0 }
      FunctionCode: "function handler(event) { return event.request; }"

  Headers:
    Type: AWS::CloudFront::ResponseHeadersPolicy
    Properties:
      ResponseHeadersPolicyConfig:
        Name: !Sub \${AWS::StackName}-headers
        SecurityHeadersConfig: { ContentTypeOptions: { Override: true } }
`;

const templateOfBefore = () =>
  fs
    .readFileSync(STATIC, "utf8")
    .replace(/^ {2}(OriginAccessId|IndexFunctionArn|(Open)?HeadersPolicyId): .*\n/gm, "")
    .replace("!Ref OriginAccessId", "!GetAtt OriginAccess.Id")
    .replace("!If [Open, !Ref OpenHeadersPolicyId, !Ref HeadersPolicyId]", "!Ref Headers")
    .replace("!Ref IndexFunctionArn", "!GetAtt Index.FunctionARN")
    .replace("\n  Distribution:", `${OF_ITS_OWN}\n  Distribution:`);

type Handed = Pick<Settings, "templates" | "parameters">;

describe("a project older than the platform's last change", function () {
  this.timeout(120_000);
  let rig: Rig;
  before(async function () {
    rig = await sharedRig(this);
  });

  /** Runs something while the function that makes stacks is told otherwise. */
  async function told<T>(change: (settings: Handed) => void, work: () => Promise<T>): Promise<T> {
    const FunctionName = await functionNamed(rig, "steps");
    const { Environment } = await rig.aws.lambda.getFunctionConfiguration({ FunctionName });
    const settings = JSON.parse(Environment!.Variables!["SETTINGS"]!) as Handed;
    change(settings);
    const Variables = { ...Environment!.Variables, SETTINGS: JSON.stringify(settings) };
    await rig.aws.lambda.updateFunctionConfiguration({ FunctionName, Environment: { Variables } });
    try {
      return await work();
    } finally {
      await rig.aws.lambda.updateFunctionConfiguration({ FunctionName, Environment });
    }
  }

  const stackOf = async (id: string) => {
    const { Stacks } = await rig.aws.cloudformation.describeStacks({ StackName: `${PREFIX}-${id}` });
    return Stacks![0]!;
  };
  const typesOf = async (id: string) => {
    const StackName = `${PREFIX}-${id}`;
    const { StackResources = [] } = await rig.aws.cloudformation.describeStackResources({ StackName });
    const types = StackResources.map(({ ResourceType }) => ResourceType!);
    return types.filter((type) => type.startsWith("AWS::CloudFront")).sort();
  };

  const update = async (id: string) => {
    const { status, body } = await call(rig, MEMBER, "PATCH", `/projects/${id}`, { branch: "next" });
    assert.equal(status, 202, JSON.stringify(body));
    const project = await settledProject(rig, id);
    assert.equal(project.state, "ready", JSON.stringify(project.failure));
    assert.equal(project.cloudFormation.status, "UPDATE_COMPLETE");
  };
  const remove = async (id: string) => {
    assert.equal((await call(rig, MEMBER, "DELETE", `/projects/${id}`)).status, 202);
    assert.equal((await settledProject(rig, id)).state, "deleted");
    assert.deepEqual(await remains(rig), NOTHING);
  };

  it("stays in its network when the platform has another one", async function () {
    leftToAll(this);
    const id = await ask(rig, "settled", { type: "dynamic", stack: "django" });
    await settledProject(rig, id, { step: "deliver", only: "stack" });
    await launchMachine(rig, id);
    await settledProject(rig, id);
    const where = async () => {
      const { Parameters = [] } = await stackOf(id);
      const places = Parameters.filter(({ ParameterKey }) => /^Vpc|Subnets$/.test(ParameterKey!));
      return places.map(({ ParameterKey, ParameterValue }) => `${ParameterKey}: ${ParameterValue}`).sort();
    };
    const before = await where();
    assert.equal(before.length, 5);
    const elsewhere = ({ parameters: { server } }: Handed) => {
      const subnets = "subnet-00000000000000000,subnet-00000000000000001";
      Object.assign(server, { VpcId: "vpc-00000000000000000", VpcBlock: "10.9.0.0/16" });
      Object.assign(server, { PublicSubnets: subnets, PrivateSubnets: subnets });
    };
    await told(elsewhere, () => update(id));
    assert.deepEqual(await where(), before);
    await remove(id);
  });

  it("drops, with its next update, its own copies of what all sites now share", async function () {
    leftToAll(this);
    const { Buckets = [] } = await rig.aws.s3.listBuckets({});
    const Bucket = Buckets.find(({ Name }) => Name!.startsWith("provisioner-templates"))!.Name!;
    const Key = "static-of-before.yaml";
    await rig.aws.s3.putObject({ Bucket, Key, Body: templateOfBefore() });
    const asBefore = (settings: Handed) => {
      settings.templates.static = settings.templates.static.replace(/[^/]+$/, Key);
      const shared = /^(OriginAccessId|IndexFunctionArn|(Open)?HeadersPolicyId)$/;
      for (const name of Object.keys(settings.parameters.static))
        if (shared.test(name)) delete settings.parameters.static[name];
    };
    const id = await told(asBefore, async () => {
      const asked = await ask(rig, "shared");
      await settledProject(rig, asked);
      return asked;
    });
    assert.deepEqual(await typesOf(id), [
      "AWS::CloudFront::Distribution",
      "AWS::CloudFront::Function",
      "AWS::CloudFront::OriginAccessControl",
      "AWS::CloudFront::ResponseHeadersPolicy",
    ]);
    await update(id);
    assert.deepEqual(await typesOf(id), ["AWS::CloudFront::Distribution"]);
    await remove(id);
  });
});
