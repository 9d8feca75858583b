import { physicalName } from "../../harness";
import { arn, each, Request, RoleCases, stream, under } from "./case";

const key = arn("kms", "key/delivery-artifacts-id");
const artifacts = `arn:aws:s3:::${physicalName("delivery-artifacts")}/any`;
const readsArtifacts: Request[] = [...under(key, "s3", "kms:Decrypt"), ["s3:GetObject", artifacts]];
const writesArtifacts: Request[] = [
  ...readsArtifacts,
  ...under(key, "s3", "kms:GenerateDataKey"),
  ["s3:PutObject", artifacts],
];
const claims = each(
  arn("dynamodb", `table/${physicalName("delivery-api-claims")}`),
  "dynamodb:PutItem",
  "dynamodb:DeleteItem",
);

export const deliveryCases: RoleCases = {
  "delivery-releases-record": {
    takenBy: ["lambda.amazonaws.com"],
    may: [
      ...readsArtifacts,
      ["logs:PutLogEvents", stream("delivery-releases-record")],
      ["dynamodb:PutItem", arn("dynamodb", `table/${physicalName("delivery-releases")}`)],
    ],
  },
  "delivery-releases-deployed": {
    takenBy: ["lambda.amazonaws.com"],
    may: [
      ["logs:PutLogEvents", stream("delivery-releases-deployed")],
      ["dynamodb:UpdateItem", arn("dynamodb", `table/${physicalName("delivery-releases")}`)],
    ],
  },
  "delivery-api-start": {
    takenBy: ["lambda.amazonaws.com"],
    may: [
      ["logs:PutLogEvents", stream("delivery-api-start")],
      ...claims,
      ["codepipeline:StartPipelineExecution", arn("codepipeline", physicalName("delivery"))],
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
      ["ecr:DeleteRepository", arn("ecr", `repository/${physicalName("web")}`)],
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
      ["codebuild:StartBuild", arn("codebuild", `project/${physicalName("delivery-test")}`)],
      ["codebuild:StartBuild", arn("codebuild", `project/${physicalName("delivery-image")}`)],
      ["lambda:InvokeFunction", arn("lambda", `function:${physicalName("delivery-releases-record")}`)],
      ["lambda:InvokeFunction", arn("lambda", `function:${physicalName("delivery-deploy")}`)],
    ],
    mayNot: [["codebuild:StartBuild", arn("codebuild", "project/other")]],
  },
  "delivery-web": {
    takenBy: ["codedeploy.amazonaws.com"],
    may: [
      [
        "autoscaling:CompleteLifecycleAction",
        arn("autoscaling", `autoScalingGroup:0123:autoScalingGroupName/${physicalName("web")}`),
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
      ["s3:GetBucketPolicy", `arn:aws:s3:::${physicalName("uploads-sensitive")}`],
      ["s3:GetObject", `arn:aws:s3:::${physicalName("provisioner-templates")}/any`],
      ["s3:GetObject", `arn:aws:s3:::${physicalName("database-agent")}/any`],
    ],
    mayNot: [
      ["s3:GetObject", `arn:aws:s3:::${physicalName("uploads-sensitive")}/any`],
      ["dynamodb:GetItem", arn("dynamodb", `table/${physicalName("provisioner")}`)],
      ["dynamodb:Query", arn("dynamodb", `table/${physicalName("delivery-releases")}`)],
      ["logs:GetLogEvents", stream("web")],
      ["ecr:GetDownloadUrlForLayer", arn("ecr", `repository/${physicalName("web")}`)],
    ],
  },
};
