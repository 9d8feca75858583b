import { computedOutputs } from "../../components/testing/answers";
import type { StackView } from "../../policies/declared";

/** What an intruder would try on a resource: actions, and the rest of the ARN where they are about a part of it. */
const PROBES: Record<string, Record<string, string[]>> = {
  "aws:s3/bucket:Bucket": {
    "": ["s3:ListBucket", "s3:PutBucketPolicy", "s3:DeleteBucket"],
    "/any": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:PutObjectTagging"],
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    "": ["logs:DeleteLogGroup", "logs:FilterLogEvents"],
    ":log-stream:any": ["logs:PutLogEvents", "logs:GetLogEvents"],
  },
  "aws:dynamodb/table:Table": {
    "": [
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:UpdateItem",
      "dynamodb:DeleteItem",
      "dynamodb:Scan",
    ],
  },
  "aws:secretsmanager/secret:Secret": {
    "": ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
  },
  "aws:ssm/parameter:Parameter": { "": ["ssm:GetParameter", "ssm:PutParameter"] },
  "aws:kms/key:Key": {
    "": ["kms:Decrypt", "kms:GenerateDataKey", "kms:ScheduleKeyDeletion", "kms:PutKeyPolicy"],
  },
  "aws:lambda/function:Function": { "": ["lambda:InvokeFunction", "lambda:UpdateFunctionCode"] },
  "aws:sqs/queue:Queue": { "": ["sqs:SendMessage", "sqs:ReceiveMessage"] },
  "aws:sns/topic:Topic": { "": ["sns:Publish"] },
  "aws:sfn/stateMachine:StateMachine": { "": ["states:StartExecution", "states:UpdateStateMachine"] },
  "aws:iam/role:Role": { "": ["sts:AssumeRole", "iam:PassRole", "iam:PutRolePolicy"] },
  "aws:autoscaling/group:Group": {
    "": [
      "autoscaling:SetDesiredCapacity",
      "autoscaling:TerminateInstanceInAutoScalingGroup",
      "autoscaling:CompleteLifecycleAction",
    ],
  },
  "aws:ec2/instance:Instance": { "": ["ec2:TerminateInstances", "ssm:SendCommand", "ssm:StartSession"] },
  "aws:ec2/networkInterface:NetworkInterface": {
    "": ["ec2:AttachNetworkInterface", "ec2:DetachNetworkInterface"],
  },
  "aws:ec2/routeTable:RouteTable": { "": ["ec2:CreateRoute", "ec2:ReplaceRoute"] },
  "awsx:ecr:Repository": { "": ["ecr:PutImage", "ecr:BatchGetImage", "ecr:DeleteRepository"] },
  "aws:cognito/userPool:UserPool": { "": ["cognito-idp:AdminCreateUser", "cognito-idp:AdminGetUser"] },
  "aws:rds/instance:Instance": { "": ["rds:DeleteDBInstance", "rds:ModifyDBInstance"] },
  "aws:rds/cluster:Cluster": { "": ["rds:DeleteDBCluster", "rds:ModifyDBCluster"] },
  "aws:efs/fileSystem:FileSystem": {
    "": ["elasticfilesystem:ClientWrite", "elasticfilesystem:DeleteFileSystem"],
  },
  "aws:codepipeline/pipeline:Pipeline": {
    "": ["codepipeline:StartPipelineExecution", "codepipeline:UpdatePipeline"],
  },
  "aws:codebuild/project:Project": { "": ["codebuild:StartBuild", "codebuild:UpdateProject"] },
};

export interface Probe {
  action: string;
  resource: string;
  /** The ARN of the declared resource that it is about. */
  about: string;
}

/** Everything that an intruder would try on what a stack declares. */
export function probesOf(view: StackView): Probe[] {
  return view.resources.flatMap((declared) => {
    const kind = PROBES[declared.type];
    if (!kind) return [];
    const outputs = computedOutputs({ ...declared, custom: true, provider: "" });
    const about = String(outputs.arn ?? outputs.repository.arn);
    return Object.entries(kind).flatMap(([rest, actions]) =>
      actions.map((action) => ({ action, resource: about + rest, about })),
    );
  });
}
