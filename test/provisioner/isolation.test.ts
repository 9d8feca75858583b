// What the roles of one project may do, by the emulator's own judge of policies.
import { strict as assert } from "node:assert";
import { ask, call, MEMBER, NOTHING, remains, settledProject } from "./driver";
import { PREFIX, Rig } from "./rig";
import { sharedRig } from "./shared-rig";
import { some } from "../some";

/** By the type of a resource: its ARN from its physical id, and what a role could do to it. */
const REACHED: Record<string, { arn: (id: string) => string; actions: string[] }> = {
  "AWS::S3::Bucket": { arn: (id) => `arn:aws:s3:::${id}/index.html`, actions: ["s3:PutObject"] },
  "AWS::CloudFront::Distribution": {
    arn: (id) => `arn:aws:cloudfront::123456789012:distribution/${id}`,
    actions: ["cloudfront:CreateInvalidation"],
  },
  "AWS::ECR::Repository": {
    arn: (id) => `arn:aws:ecr:eu-west-1:123456789012:repository/${id}`,
    actions: ["ecr:PutImage", "ecr:BatchGetImage"],
  },
  "AWS::Logs::LogGroup": {
    arn: (id) => `arn:aws:logs:eu-west-1:123456789012:log-group:${id}:log-stream:one`,
    actions: ["logs:PutLogEvents"],
  },
  "AWS::AutoScaling::AutoScalingGroup": {
    arn: (id) => `arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:0:autoScalingGroupName/${id}`,
    actions: ["autoscaling:StartInstanceRefresh", "autoscaling:CancelInstanceRefresh"],
  },
};

interface Project {
  roles: string[];
  /** Actions, each with the resource of this project that it is tried on. */
  tries: [action: string, arn: string][];
}

describe("the roles of a project", function () {
  this.timeout(120_000);
  let rig: Rig;
  before(async function () {
    rig = await sharedRig(this);
  });

  async function made(
    name: string,
    more: { type: string; stack?: string },
  ): Promise<Project & { id: string }> {
    const id = await ask(rig, name, more);
    await settledProject(rig, id, { step: "deliver", only: "stack" });
    const StackName = `${PREFIX}-${id}`;
    const { StackResources = [] } = await rig.aws.cloudformation.describeStackResources({ StackName });
    const { SecretList = [] } = await rig.aws.secrets.listSecrets({});
    const own = SecretList.filter(({ Name }) =>
      [`${PREFIX}/${id}/`, `${PREFIX}-${id}/`].some((each) => Name!.startsWith(each)),
    );
    assert.equal(own.length, more.type === "static" ? 1 : 2);
    const roles = StackResources.filter(({ ResourceType }) => ResourceType === "AWS::IAM::Role");
    return {
      id,
      // Without its path, which MiniStack takes for a part of the name.
      roles: roles.map(({ PhysicalResourceId }) => `arn:aws:iam::123456789012:role/${PhysicalResourceId}`),
      tries: [
        ...own.map(({ ARN }): [string, string] => ["secretsmanager:GetSecretValue", ARN!]),
        ...StackResources.filter(({ LogicalResourceId }) => LogicalResourceId === "Releases").map(
          ({ PhysicalResourceId }): [string, string] => [
            "s3:GetObject",
            `arn:aws:s3:::${PhysicalResourceId}/f00d`,
          ],
        ),
        ...StackResources.flatMap(({ ResourceType, PhysicalResourceId }) => {
          const { arn, actions } = REACHED[ResourceType!] ?? { actions: [] };
          return actions.map((action): [string, string] => [action, arn!(PhysicalResourceId!)]);
        }),
      ],
    };
  }

  /** What some of the roles may do of all that. */
  async function allowed(roles: string[], tries: Project["tries"]): Promise<string[]> {
    const may = async (PolicySourceArn: string, action: string, arn: string) => {
      const request = { PolicySourceArn, ActionNames: [action], ResourceArns: [arn] };
      const { EvaluationResults } = await rig.aws.iam.simulatePrincipalPolicy(request);
      return EvaluationResults!.every(({ EvalDecision }) => EvalDecision === "allowed") ? [action] : [];
    };
    const found = await Promise.all(
      roles.flatMap((role) => tries.map(([action, arn]) => may(role, action, arn))),
    );
    return [...new Set(found.flat())].sort();
  }

  /** The document that bounds every role of a project. */
  async function boundary(): Promise<string> {
    const { Policies = [] } = await rig.aws.iam.listPolicies({ Scope: "Local" });
    const found = Policies.find(({ PolicyName }) => PolicyName!.startsWith("provisioner-boundary"))!;
    const { PolicyVersion } = await rig.aws.iam.getPolicyVersion({
      PolicyArn: found.Arn!,
      VersionId: found.DefaultVersionId!,
    });
    return decodeURIComponent(PolicyVersion!.Document!);
  }

  it("can reach everything of that project, within the boundary, and nothing of another", async () => {
    const projects = [
      await made("own-site", { type: "static" }),
      await made("other-site", { type: "static" }),
      await made("own-server", { type: "realtime", stack: "node" }),
      await made("other-server", { type: "realtime", stack: "node" }),
    ];
    assert.deepEqual(
      projects.map(({ roles }) => roles.length),
      [1, 1, 2, 2],
    );
    for (const one of projects)
      for (const other of projects)
        assert.deepEqual(
          await allowed(one.roles, other.tries),
          one === other ? [...new Set(one.tries.map(([action]) => action))].sort() : [],
        );
    const PolicyInputList = [await boundary()];
    for (const [action, arn] of some(projects.flatMap(({ tries }) => tries))) {
      const request = { PolicyInputList, ActionNames: [action], ResourceArns: [arn] };
      const { EvaluationResults } = await rig.aws.iam.simulateCustomPolicy(request);
      assert.equal(
        EvaluationResults![0]!.EvalDecision,
        "allowed",
        `the boundary refuses ${action} on ${arn}`,
      );
    }
    for (const { id } of projects) await call(rig, MEMBER, "DELETE", `/projects/${id}`);
    for (const { id } of projects) await settledProject(rig, id);
    assert.deepEqual(await remains(rig), NOTHING);
  });
});
