// Each role of the area with everything that it may do: whatever comes to one of them, or goes, is seen here.
import { strict as assert } from "node:assert";
import { EXCEPTIONS } from "../../../policies/exceptions";
import { iamRules } from "../../../policies/rules/iam";
import { physicalName } from "../../harness";
import { some } from "../../some";
import { LOGGING, onlyIf, rightsIn, through } from "../../statements";
import { ACCOUNT, build, REGION, REPOSITORY, TARGET_GROUP, WEB_GROUP } from "./support";

const arn = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;

/** Actions by what they are allowed on. */
type Rights = Record<string, string[]>;

const artifacts = `arn:aws:s3:::${physicalName("delivery-artifacts")}`;
const key = arn("kms", "key/delivery-artifacts-id");
const reads: Rights = {
  [`${artifacts}/*`]: ["s3:GetObject", "s3:GetObjectVersion"],
  [through("s3", key)]: ["kms:Decrypt"],
};
const writes: Rights = {
  [`${artifacts}/*`]: ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
  [artifacts]: ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"],
  [key]: ["kms:DescribeKey"],
  [through("s3", key)]: ["kms:Decrypt", "kms:GenerateDataKey"],
};

const deploymentGroup = arn("codedeploy", `deploymentgroup:${physicalName("delivery-web")}/web`);
const deploys = (config = "OneAtATime"): Rights => ({
  [deploymentGroup]: [
    "codedeploy:CreateDeployment",
    "codedeploy:GetDeployment",
    "codedeploy:GetDeploymentGroup",
    "codedeploy:UpdateDeploymentGroup",
  ],
  [arn("codedeploy", `deploymentconfig:CodeDeployDefault.${config}`)]: ["codedeploy:GetDeploymentConfig"],
  [arn("codedeploy", `application:${physicalName("delivery-web")}`)]: [
    "codedeploy:GetApplicationRevision",
    "codedeploy:RegisterApplicationRevision",
  ],
});
const tellsItsEnd = ["codepipeline:PutJobFailureResult", "codepipeline:PutJobSuccessResult"];
const releases = arn("dynamodb", `table/${physicalName("delivery-releases")}`);
const claims: Rights = {
  [arn("dynamodb", `table/${physicalName("delivery-api-claims")}`)]: [
    "dynamodb:DeleteItem",
    "dynamodb:PutItem",
  ],
};
const pipeline = arn("codepipeline", physicalName("delivery"));
const connection = arn("codestar-connections", "connection/01234567-89ab-cdef-0123-456789abcdef");
const alarms = { [arn("cloudwatch", "alarm:*")]: ["cloudwatch:DescribeAlarms"] };

const describes = [
  "autoscaling:DescribeAutoScalingGroups",
  "autoscaling:DescribeLifecycleHooks",
  "ec2:DescribeInstanceStatus",
  "ec2:DescribeInstances",
  "elasticloadbalancing:DescribeLoadBalancerAttributes",
  "elasticloadbalancing:DescribeLoadBalancers",
  "elasticloadbalancing:DescribeTargetGroupAttributes",
  "elasticloadbalancing:DescribeTargetGroups",
  "elasticloadbalancing:DescribeTargetHealth",
  "tag:GetResources",
];
const onGroup = [
  "autoscaling:CompleteLifecycleAction",
  "autoscaling:DeleteLifecycleHook",
  "autoscaling:PutLifecycleHook",
  "autoscaling:RecordLifecycleActionHeartbeat",
  "autoscaling:ResumeProcesses",
  "autoscaling:SuspendProcesses",
  "autoscaling:UpdateAutoScalingGroup",
];
const onTargets = ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"];

const ROLES: Record<string, Rights> = {
  "delivery-fetching": reads,
  "delivery-web": { "*": describes, ...alarms, [WEB_GROUP]: onGroup, [TARGET_GROUP]: onTargets },
  "delivery-releases-record": { ...reads, [releases]: ["dynamodb:PutItem"], "*": tellsItsEnd },
  "delivery-releases-deployed": {
    [releases]: ["dynamodb:Query", "dynamodb:UpdateItem"],
    [deploymentGroup]: ["codedeploy:GetDeployment"],
    [REPOSITORY]: ["ecr:BatchGetImage", "ecr:PutImage"],
  },
  "delivery-test": writes,
  "delivery-image": {
    ...writes,
    "*": ["ecr:GetAuthorizationToken"],
    [REPOSITORY]: [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload",
      "ecr:DescribeImageScanFindings",
      "ecr:DescribeImages",
      "ecr:GetDownloadUrlForLayer",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ],
  },
  "delivery-deploy": { ...deploys(), ...reads, ...alarms, "*": tellsItsEnd },
  delivery: {
    ...writes,
    [connection]: ["codestar-connections:UseConnection"],
    [connection.replace("codestar-connections", "codeconnections")]: ["codeconnections:UseConnection"],
    [arn("codebuild", `project/${physicalName("delivery-test")}`)]: [
      "codebuild:BatchGetBuilds",
      "codebuild:StartBuild",
    ],
    [arn("codebuild", `project/${physicalName("delivery-image")}`)]: [
      "codebuild:BatchGetBuilds",
      "codebuild:StartBuild",
    ],
    [arn("lambda", `function:${physicalName("delivery-releases-record")}`)]: ["lambda:InvokeFunction"],
    [arn("lambda", `function:${physicalName("delivery-deploy")}`)]: ["lambda:InvokeFunction"],
  },
  "delivery-api-start": {
    [pipeline]: ["codepipeline:ListPipelineExecutions", "codepipeline:StartPipelineExecution"],
    ...claims,
  },
  "delivery-api-state": {
    [pipeline]: ["codepipeline:GetPipelineState"],
    [releases]: ["dynamodb:Query"],
  },
  "delivery-api-rollback": {
    [pipeline]: ["codepipeline:ListPipelineExecutions", "codepipeline:StopPipelineExecution"],
    ...deploys(),
    [releases]: ["dynamodb:Query"],
    ...claims,
    ...reads,
  },
};

const copies = arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/CodeDeploy_web_*");
const onCopies = [
  "autoscaling:AttachLoadBalancerTargetGroups",
  "autoscaling:CreateAutoScalingGroup",
  "autoscaling:CreateOrUpdateTags",
  "autoscaling:DeleteAutoScalingGroup",
  "autoscaling:EnableMetricsCollection",
  "autoscaling:PutNotificationConfiguration",
  "autoscaling:PutScalingPolicy",
  "autoscaling:PutScheduledUpdateGroupAction",
];

const BLUE_GREEN: Record<string, Rights> = {
  ...ROLES,
  "delivery-web": {
    "*": [
      ...describes,
      "autoscaling:DescribeNotificationConfigurations",
      "autoscaling:DescribePolicies",
      "autoscaling:DescribeScalingActivities",
      "autoscaling:DescribeScheduledActions",
    ],
    [arn("cloudwatch", "alarm:*")]: ["cloudwatch:DescribeAlarms", "cloudwatch:PutMetricAlarm"],
    [WEB_GROUP]: [...onGroup, ...onCopies],
    [copies]: [...onGroup, ...onCopies],
    [TARGET_GROUP]: onTargets,
    [onlyIf(arn("ec2", "instance/*"), {
      StringLike: { "aws:ResourceTag/aws:autoscaling:groupName": ["web", "CodeDeploy_web_*"] },
    })]: ["ec2:TerminateInstances"],
    [arn("ec2", "*/*")]: ["ec2:CreateTags", "ec2:RunInstances"],
    [`arn:aws:ec2:${REGION}::image/*`]: ["ec2:CreateTags", "ec2:RunInstances"],
    [onlyIf(`arn:aws:iam::${ACCOUNT}:role/web-role`, {
      StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" },
    })]: ["iam:PassRole"],
    [`arn:aws:ssm:${REGION}::parameter/aws/service/ami-amazon-linux-latest/*`]: ["ssm:GetParameters"],
    [arn("ssm", "parameter/imagebuilder/groundwork/test/*")]: ["ssm:GetParameters"],
  },
  // The web servers' own: they tell the group that CodeDeploy has copied that they answer.
  "delivery-web-servers": { [copies]: ["autoscaling:CompleteLifecycleAction"] },
  "delivery-deploy": { ...deploys("AllAtOnce"), ...reads, ...alarms, "*": tellsItsEnd },
  "delivery-api-rollback": {
    [pipeline]: ["codepipeline:ListPipelineExecutions", "codepipeline:StopPipelineExecution"],
    ...deploys("AllAtOnce"),
    [releases]: ["dynamodb:Query"],
    ...claims,
    ...reads,
  },
};

const sorted = (rights: Rights) =>
  Object.fromEntries(
    Object.entries(rights)
      .map(([resource, actions]) => [resource, [...actions].sort()] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** By resource, as the table above has it. */
function byResource(policy: string): Rights {
  const rights: Rights = {};
  for (const [action, resources] of Object.entries(rightsIn(policy, LOGGING)))
    for (const resource of resources) (rights[resource] ??= []).push(action);
  return sorted(rights);
}

/** AWS's own policy for CodeDeploy's role, AWSCodeDeployRole, version 11: on every resource of the account. */
const AWS_CODE_DEPLOY_ROLE = [
  "autoscaling:AttachLoadBalancerTargetGroups",
  "autoscaling:AttachLoadBalancers",
  "autoscaling:CompleteLifecycleAction",
  "autoscaling:CreateAutoScalingGroup",
  "autoscaling:CreateOrUpdateTags",
  "autoscaling:DeleteAutoScalingGroup",
  "autoscaling:DeleteLifecycleHook",
  "autoscaling:DescribeAutoScalingGroups",
  "autoscaling:DescribeLifecycleHooks",
  "autoscaling:DescribeNotificationConfigurations",
  "autoscaling:DescribePolicies",
  "autoscaling:DescribeScalingActivities",
  "autoscaling:DescribeScheduledActions",
  "autoscaling:EnableMetricsCollection",
  "autoscaling:PutLifecycleHook",
  "autoscaling:PutNotificationConfiguration",
  "autoscaling:PutScalingPolicy",
  "autoscaling:PutScheduledUpdateGroupAction",
  "autoscaling:PutWarmPool",
  "autoscaling:RecordLifecycleActionHeartbeat",
  "autoscaling:ResumeProcesses",
  "autoscaling:SuspendProcesses",
  "autoscaling:UpdateAutoScalingGroup",
  "cloudwatch:DescribeAlarms",
  "cloudwatch:PutMetricAlarm",
  "ec2:DescribeInstanceStatus",
  "ec2:DescribeInstances",
  "ec2:TerminateInstances",
  "elasticloadbalancing:DeregisterInstancesFromLoadBalancer",
  "elasticloadbalancing:DeregisterTargets",
  "elasticloadbalancing:DescribeInstanceHealth",
  "elasticloadbalancing:DescribeLoadBalancerAttributes",
  "elasticloadbalancing:DescribeLoadBalancers",
  "elasticloadbalancing:DescribeTargetGroupAttributes",
  "elasticloadbalancing:DescribeTargetGroups",
  "elasticloadbalancing:DescribeTargetHealth",
  "elasticloadbalancing:RegisterInstancesWithLoadBalancer",
  "elasticloadbalancing:RegisterTargets",
  "sns:Publish",
  "tag:GetResources",
];

/** What a launch template takes besides, and one whose image is a parameter: the pages on service roles and on resolve:ssm. */
const FOR_TEMPLATES = ["ec2:CreateTags", "ec2:RunInstances", "iam:PassRole", "ssm:GetParameters"];

const NEVER_NEEDED: Record<string, string> = {
  "autoscaling:AttachLoadBalancers": "classic load balancers; ours has target groups",
  "elasticloadbalancing:DeregisterInstancesFromLoadBalancer":
    "classic load balancers; ours has target groups",
  "elasticloadbalancing:DescribeInstanceHealth": "classic load balancers; ours has target groups",
  "elasticloadbalancing:RegisterInstancesWithLoadBalancer": "classic load balancers; ours has target groups",
  "autoscaling:PutWarmPool": "the web servers' group has no warm pool",
  "sns:Publish": "the deployment group has no triggers; EventBridge tells",
};

describe("the roles of the delivery", () => {
  for (const [deployment, expected] of [
    ["in-place", ROLES],
    ["blue-green", BLUE_GREEN],
  ] as const)
    it(`allow exactly this where deployments are ${deployment}`, async () => {
      const { all } = await build({ deployment });
      const policies = all("iam/rolePolicy:RolePolicy");
      const found = Object.fromEntries(policies.map(({ name, inputs }) => [name, byResource(inputs.policy)]));
      assert.deepEqual(
        found,
        Object.fromEntries(Object.entries(expected).map(([name, rights]) => [name, sorted(rights)])),
      );
      // What a role gets by other ways would be missing above.
      assert.deepEqual(all("iam/rolePolicyAttachment:RolePolicyAttachment"), []);
      for (const { inputs } of some(all("iam/role:Role"))) assert.equal(inputs.inlinePolicies, undefined);
    });

  it("name the resources that the policy rules require, also for deployments that no stack uses", async () => {
    const { resources } = await build({ deployment: "blue-green" });
    const view = { stack: "blue-green", keepData: false, resources };
    for (const [rule, find] of some(Object.entries(iamRules))) {
      const problems = await find(view);
      const excused = (problem: string) =>
        EXCEPTIONS.some((one) => one.rule === rule && one.problem.test(problem));
      assert.deepEqual(
        problems.filter((problem) => !excused(problem)),
        [],
        rule,
      );
    }
  });

  it("give CodeDeploy what AWS's own policy does, except where a reason is given", async () => {
    const actionsOf = (roles: Record<string, Rights>) =>
      new Set(Object.values(roles["delivery-web"]!).flat());
    assert.deepEqual(
      [...actionsOf(BLUE_GREEN), ...Object.keys(NEVER_NEEDED)].sort(),
      [...AWS_CODE_DEPLOY_ROLE, ...FOR_TEMPLATES].sort(),
    );
    // In place no group is copied, no server ended, and nothing started from a template: what is left is what the describes read.
    const left = [...actionsOf(BLUE_GREEN)].filter((action) => !actionsOf(ROLES).has(action));
    assert.deepEqual(
      left.filter((action) => !/^autoscaling:(Describe|Put|Create|Attach|Enable|Delete)/.test(action)).sort(),
      [
        "cloudwatch:PutMetricAlarm",
        "ec2:CreateTags",
        "ec2:RunInstances",
        "ec2:TerminateInstances",
        "iam:PassRole",
        "ssm:GetParameters",
      ],
    );
  });
});
