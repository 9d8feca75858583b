import type { Inputs } from "../account/rule";

/** A service is refused a role that does not trust it, and takes one that does. */
export const TRUSTS: Record<string, [type: string, service: string, inputs: (role: string) => Inputs]> = {
  "function: a role that trusts lambda.amazonaws.com": [
    "lambda/function:Function",
    "lambda.amazonaws.com",
    (role) => ({ role }),
  ],
  "eventTarget: a role that trusts events.amazonaws.com": [
    "cloudwatch/eventTarget:EventTarget",
    "events.amazonaws.com",
    (roleArn) => ({ roleArn }),
  ],
  "stateMachine: a role that trusts states.amazonaws.com": [
    "sfn/stateMachine:StateMachine",
    "states.amazonaws.com",
    (roleArn) => ({ roleArn }),
  ],
  "the account's role trusts API Gateway": [
    "apigateway/account:Account",
    "apigateway.amazonaws.com",
    (cloudwatchRoleArn) => ({ cloudwatchRoleArn }),
  ],
  "logSubscriptionFilter: a role that trusts logs.amazonaws.com": [
    "cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
    "logs.amazonaws.com",
    (roleArn) => ({ roleArn }),
  ],
  "flowLog: a role that trusts vpc-flow-logs.amazonaws.com": [
    "ec2/flowLog:FlowLog",
    "vpc-flow-logs.amazonaws.com",
    (iamRoleArn) => ({ iamRoleArn }),
  ],
  "trail: a role that trusts cloudtrail.amazonaws.com": [
    "cloudtrail/trail:Trail",
    "cloudtrail.amazonaws.com",
    (cloudWatchLogsRoleArn) => ({ cloudWatchLogsRoleArn }),
  ],
  "firehoseDeliveryStream: a role that trusts firehose.amazonaws.com": [
    "kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
    "firehose.amazonaws.com",
    (roleArn) => ({ extendedS3Configuration: { roleArn } }),
  ],
  "selection: a role that trusts backup.amazonaws.com": [
    "backup/selection:Selection",
    "backup.amazonaws.com",
    (iamRoleArn) => ({ iamRoleArn }),
  ],
  "project: a role that trusts codebuild.amazonaws.com": [
    "codebuild/project:Project",
    "codebuild.amazonaws.com",
    (serviceRole) => ({ serviceRole }),
  ],
  "pipeline: a role that trusts codepipeline.amazonaws.com": [
    "codepipeline/pipeline:Pipeline",
    "codepipeline.amazonaws.com",
    (roleArn) => ({ roleArn }),
  ],
  "deploymentGroup: a role that trusts codedeploy.amazonaws.com": [
    "codedeploy/deploymentGroup:DeploymentGroup",
    "codedeploy.amazonaws.com",
    (serviceRoleArn) => ({ serviceRoleArn }),
  ],
};
