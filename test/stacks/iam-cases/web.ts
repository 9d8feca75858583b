import { physicalName } from "../../harness";
import { arn, Request, RoleCases, stream, under } from "./case";
import { databaseClientMayIn } from "./database";
import { webMay, webMayNot } from "./people";

const group = (name: string) => arn("autoscaling", `autoScalingGroup:0123:autoScalingGroupName/${name}`);
const ofStack = (stack: string) => ({ "aws:ResourceTag/groundwork:owner": `groundwork/${stack}` });
const repository = arn("ecr", `repository/${physicalName("web")}`);

const machineImage = "arn:aws:ec2:eu-west-1::image/ami-0123456789abcdef0";
const snapshot = "arn:aws:ec2:eu-west-1::snapshot/snap-0123456789abcdef0";
const IMAGE_TAG = "aws:ResourceTag/groundwork:machine-image";

const baking = (stack: string): Request[] => [
  [
    "logs:PutLogEvents",
    arn("logs", `log-group:/aws/imagebuilder/groundwork/${stack}/web-image:log-stream:any`),
  ],
  ["ssm:GetParameter", arn("ssm", `parameter/imagebuilder/groundwork/${stack}/web-image-app`)],
  ["ecr:BatchGetImage", repository],
  ["ec2messages:DeleteMessage", "*"],
];
const clearing = (stack: string): Request[] => [
  ["ec2:DeregisterImage", machineImage, { [IMAGE_TAG]: `/imagebuilder/groundwork/${stack}/web-image` }],
];

const completing = (stack: string): Request[] => [
  ["autoscaling:CompleteLifecycleAction", group(physicalName("web")), ofStack(stack)],
];

export const webCases: RoleCases = {
  web: {
    takenBy: ["ec2.amazonaws.com"],
    may: [
      ["ecr:GetAuthorizationToken", "*"],
      ["ecr:BatchGetImage", repository],
      ["ecr:GetDownloadUrlForLayer", repository],
      ["ecr:BatchCheckLayerAvailability", repository],
      ["logs:CreateLogStream", stream("web")],
      ["logs:PutLogEvents", stream("web")],
      ["logs:DescribeLogStreams", arn("logs", `log-group:${physicalName("web")}`)],
      ["cloudwatch:PutMetricData", "*", { "cloudwatch:namespace": "Groundwork/Web" }],
      ["ec2:DescribeTags", "*"],
    ],
    mayIn: {
      first: completing("first"),
      ...Object.fromEntries(
        ["dev", "stag", "prod"].map((stack) => [
          stack,
          [
            ...(databaseClientMayIn[stack] ?? []),
            ...completing(stack),
            // The agent on each server fetches releases.
            ["s3:GetObject", `arn:aws:s3:::${physicalName("delivery-artifacts")}/any`],
            ...under(arn("kms", "key/delivery-artifacts-id"), "s3", "kms:Decrypt"),
            ...webMay,
          ],
        ]),
      ),
    },
    mayNot: [
      ["autoscaling:CompleteLifecycleAction", group(physicalName("web")), ofStack("another")],
      ["rds-db:connect", arn("rds-db", "dbuser:db-database/app")],
      ["secretsmanager:GetSecretValue", arn("secretsmanager", "secret:rds!db-database-AbCdEf")],
      ["ecr:PutImage", repository],
      ["ecr:BatchGetImage", arn("ecr", "repository/other")],
      ["logs:PutLogEvents", stream("network-flows")],
      ["cloudwatch:PutMetricData", "*", { "cloudwatch:namespace": "AWS/EC2" }],
      ["autoscaling:CompleteLifecycleAction", group(physicalName("network-nat-a"))],
      ["autoscaling:SetDesiredCapacity", group(physicalName("web"))],
      ["s3:GetObject", `arn:aws:s3:::${physicalName("web-logs")}/AWSLogs/any`],
      ...webMayNot,
    ],
  },
  "web-build": {
    takenBy: ["codebuild.amazonaws.com"],
    may: [
      ["logs:PutLogEvents", stream("web-build")],
      ["s3:GetObject", `arn:aws:s3:::${physicalName("web-build-source")}/any`],
      ["ecr:PutImage", repository],
      ["ecr:InitiateLayerUpload", repository],
    ],
    mayNot: [
      ["ecr:PutImage", arn("ecr", "repository/other")],
      ["ecr:DeleteRepository", repository],
      ["ecr:BatchDeleteImage", repository],
      ["s3:PutObject", `arn:aws:s3:::${physicalName("web-build-source")}/any`],
    ],
  },
  "web-build-start": {
    takenBy: ["lambda.amazonaws.com"],
    may: [
      ["logs:PutLogEvents", stream("web-build-start")],
      ["logs:GetLogEvents", stream("web-build")],
      ["codebuild:StartBuild", arn("codebuild", `project/${physicalName("web-build")}`)],
      ["codebuild:BatchGetBuilds", arn("codebuild", `project/${physicalName("web-build")}`)],
      ["ecr:DescribeImages", repository],
    ],
    mayNot: [
      ["codebuild:StartBuild", arn("codebuild", "project/other")],
      ["ecr:PutImage", repository],
    ],
  },
  "web-image": {
    takenBy: ["ec2.amazonaws.com"],
    may: [],
    mayIn: { prod: baking("prod"), stag: baking("stag") },
    mayNot: [
      ["ecr:PutImage", repository],
      ["ssm:GetParameter", arn("ssm", "parameter/imagebuilder/groundwork/other/web-image-app")],
      ["logs:PutLogEvents", stream("web")],
    ],
  },
  "web-image-first": {
    takenBy: ["events.amazonaws.com"],
    may: [
      [
        "imagebuilder:StartImagePipelineExecution",
        arn("imagebuilder", `image-pipeline/${physicalName("web-image")}`),
      ],
    ],
    mayNot: [["imagebuilder:StartImagePipelineExecution", arn("imagebuilder", "image-pipeline/another")]],
  },
  "web-image-old": {
    takenBy: ["lambda.amazonaws.com"],
    may: [
      ["logs:PutLogEvents", stream("web-image-old")],
      ["ec2:DescribeImages", "*"],
      ["ec2:DeleteSnapshot", snapshot, { "aws:ResourceTag/CreatedBy": "EC2 Image Builder" }],
    ],
    mayIn: { prod: clearing("prod"), stag: clearing("stag") },
    mayNot: [
      ["ec2:DeregisterImage", machineImage],
      ["ec2:DeregisterImage", machineImage, { [IMAGE_TAG]: "/imagebuilder/groundwork/other/web-image" }],
      ["ec2:DeleteSnapshot", snapshot],
    ],
  },
};
