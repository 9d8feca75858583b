import { arn, each, Request, RoleCases, stream } from "./case";

const key = arn("kms", "key/delivery-artifacts-id");
const artifacts = "arn:aws:s3:::delivery-artifacts-1234567/any";
const readsArtifacts: Request[] = [
  ["kms:Decrypt", key],
  ["s3:GetObject", artifacts],
];
const writesArtifacts: Request[] = [
  ...readsArtifacts,
  ["kms:GenerateDataKey", key],
  ["s3:PutObject", artifacts],
];
const claims = each(
  arn("dynamodb", "table/delivery-api-claims-1234567"),
  "dynamodb:PutItem",
  "dynamodb:DeleteItem",
);

export const deliveryCases: RoleCases = {
  "delivery-releases-record": {
    takenBy: ["lambda.amazonaws.com"],
    may: [
      ...readsArtifacts,
      ["logs:PutLogEvents", stream("delivery-releases-record")],
      ["dynamodb:PutItem", arn("dynamodb", "table/delivery-releases-1234567")],
    ],
  },
  "delivery-releases-deployed": {
    takenBy: ["lambda.amazonaws.com"],
    may: [
      ["logs:PutLogEvents", stream("delivery-releases-deployed")],
      ["dynamodb:UpdateItem", arn("dynamodb", "table/delivery-releases-1234567")],
    ],
  },
  "delivery-api-start": {
    takenBy: ["lambda.amazonaws.com"],
    may: [
      ["logs:PutLogEvents", stream("delivery-api-start")],
      ...claims,
      ["codepipeline:StartPipelineExecution", arn("codepipeline", "delivery-1234567")],
    ],
    mayNot: [["codepipeline:StartPipelineExecution", arn("codepipeline", "other")]],
  },
  "delivery-api-state": {
    takenBy: ["lambda.amazonaws.com"],
    may: [["logs:PutLogEvents", stream("delivery-api-state")]],
  },
  "delivery-api-rollback": {
    takenBy: ["lambda.amazonaws.com"],
    may: [...readsArtifacts, ["logs:PutLogEvents", stream("delivery-api-rollback")], ...claims],
  },
  "delivery-test": {
    takenBy: ["codebuild.amazonaws.com"],
    may: [["logs:PutLogEvents", stream("delivery-test")], ...writesArtifacts],
  },
  "delivery-image": {
    takenBy: ["codebuild.amazonaws.com"],
    may: [["logs:PutLogEvents", stream("delivery-image")], ...writesArtifacts],
    mayNot: [
      ["ecr:DeleteRepository", arn("ecr", "repository/web-1234567")],
      ["ecr:PutImage", arn("ecr", "repository/other")],
    ],
  },
  "delivery-deploy": {
    takenBy: ["lambda.amazonaws.com"],
    may: [...readsArtifacts, ["logs:PutLogEvents", stream("delivery-deploy")]],
  },
  delivery: {
    takenBy: ["codepipeline.amazonaws.com"],
    may: [
      ...writesArtifacts,
      ["codebuild:StartBuild", arn("codebuild", "project/delivery-test-1234567")],
      ["codebuild:StartBuild", arn("codebuild", "project/delivery-image-1234567")],
      ["lambda:InvokeFunction", arn("lambda", "function:delivery-releases-record-1234567")],
      ["lambda:InvokeFunction", arn("lambda", "function:delivery-deploy-1234567")],
    ],
    mayNot: [["codebuild:StartBuild", arn("codebuild", "project/other")]],
  },
  "delivery-web": {
    takenBy: ["codedeploy.amazonaws.com"],
    may: [
      [
        "autoscaling:CompleteLifecycleAction",
        arn("autoscaling", "autoScalingGroup:0123:autoScalingGroupName/web-1234567"),
      ],
    ],
    mayNot: [
      [
        "autoscaling:TerminateInstanceInAutoScalingGroup",
        arn("autoscaling", "autoScalingGroup:0123:autoScalingGroupName/other"),
      ],
    ],
  },
  github: {
    takenBy: ["arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"],
    may: [
      ["ec2:DescribeInstances", "*"],
      ["s3:GetBucketPolicy", "arn:aws:s3:::uploads-sensitive-1234567"],
      ["s3:GetObject", "arn:aws:s3:::provisioner-templates-1234567/any"],
      ["s3:GetObject", "arn:aws:s3:::database-agent-1234567/any"],
    ],
    mayNot: [
      ["s3:GetObject", "arn:aws:s3:::uploads-sensitive-1234567/any"],
      ["dynamodb:GetItem", arn("dynamodb", "table/provisioner-1234567")],
      ["dynamodb:Query", arn("dynamodb", "table/delivery-releases-1234567")],
      ["logs:GetLogEvents", stream("web")],
      ["ecr:GetDownloadUrlForLayer", arn("ecr", "repository/web-1234567")],
    ],
  },
};
