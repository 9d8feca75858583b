import { arn, RoleCases, stream } from "./case";
import { databaseClientMayIn } from "./database";
import { webMay, webMayNot } from "./people";

const group = (name: string) => arn("autoscaling", `autoScalingGroup:0123:autoScalingGroupName/${name}`);
const ofStack = (stack: string) => ({ "aws:ResourceTag/groundwork:owner": `groundwork/${stack}` });
const repository = arn("ecr", "repository/web-1234567");

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
      // The agent on each server fetches releases.
      ["s3:GetObject", "arn:aws:s3:::delivery-artifacts-1234567/any"],
      ["kms:Decrypt", arn("kms", "key/delivery-artifacts-id")],
      ...webMay,
    ],
    mayIn: Object.fromEntries(
      ["dev", "stag", "prod"].map((stack) => [
        stack,
        [
          ...(databaseClientMayIn[stack] ?? []),
          ["autoscaling:CompleteLifecycleAction", group("web-1234567"), ofStack(stack)],
        ],
      ]),
    ),
    mayNot: [
      ["autoscaling:CompleteLifecycleAction", group("web-1234567"), ofStack("another")],
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
    may: [["logs:PutLogEvents", arn("logs", "log-group:/aws/imagebuilder/web-image-1234567:log-stream:any")]],
    mayNot: [["ecr:PutImage", repository]],
  },
};
