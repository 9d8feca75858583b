import { physicalName } from "../../harness";
import { arn, RoleCases, stream } from "./case";
import { databaseClientMayIn } from "./database";
import { webMay, webMayNot } from "./people";

const group = (name: string) => arn("autoscaling", `autoScalingGroup:0123:autoScalingGroupName/${name}`);
const ofStack = (stack: string) => ({ "aws:ResourceTag/groundwork:owner": `groundwork/${stack}` });
const repository = arn("ecr", `repository/${physicalName("web")}`);

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
      // The agent on each server fetches releases.
      ["s3:GetObject", `arn:aws:s3:::${physicalName("delivery-artifacts")}/any`],
      ["kms:Decrypt", arn("kms", "key/delivery-artifacts-id")],
      ...webMay,
    ],
    mayIn: Object.fromEntries(
      ["dev", "stag", "prod"].map((stack) => [
        stack,
        [
          ...(databaseClientMayIn[stack] ?? []),
          ["autoscaling:CompleteLifecycleAction", group(physicalName("web")), ofStack(stack)],
        ],
      ]),
    ),
    mayNot: [
      ["autoscaling:CompleteLifecycleAction", group(physicalName("web")), ofStack("another")],
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
  "web-image": {
    takenBy: ["ec2.amazonaws.com"],
    may: [
      [
        "logs:PutLogEvents",
        arn("logs", `log-group:/aws/imagebuilder/${physicalName("web-image")}:log-stream:any`),
      ],
    ],
    mayNot: [["ecr:PutImage", repository]],
  },
};
