import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface NoticesArgs {
  pipelineName: pulumi.Input<string>;
  applicationName: pulumi.Input<string>;
  /** Whether the pipeline asks for one. */
  approval: boolean;
  /** The topic lets `events.amazonaws.com` publish. */
  topicArn: pulumi.Input<string>;
}

/** A sentence to the alarm topic for each run and deployment that fails, rollbacks among them, and for each approval. */
export function notices(name: string, args: NoticesArgs, opts: { parent: pulumi.Resource }): void {
  notice(
    `${name}-run-failed`,
    {
      description: "A run of the delivery pipeline has failed",
      pattern: {
        source: ["aws.codepipeline"],
        "detail-type": ["CodePipeline Pipeline Execution State Change"],
        detail: { pipeline: [args.pipelineName], state: ["FAILED"] },
      },
      paths: { subject: "$.detail.pipeline", id: "$.detail.execution-id" },
      text: "The pipeline <subject> failed in its execution <id>.",
      topicArn: args.topicArn,
    },
    opts,
  );
  notice(
    `${name}-deployment-failed`,
    {
      description: "A deployment to the web servers has failed or was stopped",
      pattern: {
        source: ["aws.codedeploy"],
        "detail-type": ["CodeDeploy Deployment State-change Notification"],
        detail: { application: [args.applicationName], state: ["FAILURE", "STOP"] },
      },
      paths: { subject: "$.detail.deploymentId", id: "$.detail.state" },
      text: "The deployment <subject> ended with <id>; CodeDeploy brings the release before it back.",
      topicArn: args.topicArn,
    },
    opts,
  );
  if (args.approval)
    notice(
      `${name}-approval`,
      {
        description: "The delivery pipeline waits for an approval",
        pattern: {
          source: ["aws.codepipeline"],
          "detail-type": ["CodePipeline Action Execution State Change"],
          detail: { pipeline: [args.pipelineName], state: ["STARTED"], type: { category: ["Approval"] } },
        },
        paths: { subject: "$.detail.pipeline", id: "$.detail.execution-id" },
        text: "The pipeline <subject> waits for an approval of its execution <id>.",
        topicArn: args.topicArn,
      },
      opts,
    );
}

interface Notice {
  description: string;
  pattern: object;
  paths: Record<string, string>;
  text: string;
  topicArn: pulumi.Input<string>;
}

function notice(name: string, args: Notice, opts: { parent: pulumi.Resource }): void {
  const { description, pattern, paths, text, topicArn } = args;
  const rule = new aws.cloudwatch.EventRule(
    name,
    { description, eventPattern: pulumi.jsonStringify(pattern) },
    opts,
  );
  new aws.cloudwatch.EventTarget(
    name,
    {
      rule: rule.name,
      arn: topicArn,
      inputTransformer: { inputPaths: paths, inputTemplate: JSON.stringify(text) },
    },
    opts,
  );
}
