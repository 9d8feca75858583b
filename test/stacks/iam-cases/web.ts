import { arn, Request, RoleCases, stream } from "./case";
import { databaseClientMayIn } from "./database";
import { webMay, webMayNot } from "./people";

const group = (name: string) => arn("autoscaling", `autoScalingGroup:0123:autoScalingGroupName/${name}`);
const repository = arn("ecr", "repository/web-1234567");

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
      ["logs:DescribeLogStreams", arn("logs", "log-group:web-1234567")],
      ["cloudwatch:PutMetricData", "*", { "cloudwatch:namespace": "Groundwork/Web" }],
      ["ec2:DescribeTags", "*"],
      ["autoscaling:CompleteLifecycleAction", group("web-1234567")],
      // The agent on each server fetches releases.
      ["s3:GetObject", "arn:aws:s3:::delivery-artifacts-1234567/any"],
      ["kms:Decrypt", arn("kms", "key/delivery-artifacts-id")],
      ...webMay,
    ],
    mayIn: databaseClientMayIn,
    mayNot: [
      ["ecr:PutImage", repository],
      ["ecr:BatchGetImage", arn("ecr", "repository/other")],
      ["logs:PutLogEvents", stream("network-flows")],
      ["cloudwatch:PutMetricData", "*", { "cloudwatch:namespace": "AWS/EC2" }],
      ["autoscaling:CompleteLifecycleAction", group("network-nat-a-1234567")],
      ["autoscaling:SetDesiredCapacity", group("web-1234567")],
      ["s3:GetObject", "arn:aws:s3:::web-logs-1234567/AWSLogs/any"],
      ...webMayNot,
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
      ["imagebuilder:StartImagePipelineExecution", arn("imagebuilder", "image-pipeline/web-image-1234567")],
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
