import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow, asksForSamples, readyRole, writesTraces } from "../shared/permissions";
import { CompleteArgs } from "./args";
import { stateMachine } from "./state-machine";

export interface MachineParts {
  stepsArn: pulumi.Output<string>;
  table: aws.dynamodb.Table;
  queue: aws.sqs.Queue;
}

/** The queue of projects that need a person. */
export const manualQueue = (name: string, parent: { parent: pulumi.Resource }) =>
  new aws.sqs.Queue(
    `${name}-manual`,
    { messageRetentionSeconds: 14 * 24 * 60 * 60, sqsManagedSseEnabled: true },
    parent,
  );

/** The saga as a Standard state machine. AWS keeps the history of every execution for 90 days. */
export function machine(
  name: string,
  args: CompleteArgs,
  { stepsArn, table, queue }: MachineParts,
  parent: { parent: pulumi.Resource },
): { machine: aws.sfn.StateMachine; logGroupName: pulumi.Output<string> } {
  const log = new aws.cloudwatch.LogGroup(
    `${name}-machine`,
    // The account's log policy for Step Functions has room for few names, except under this prefix.
    { namePrefix: "/aws/vendedlogs/states/", retentionInDays: args.logRetentionDays },
    parent,
  );
  const role = readyRole(
    `${name}-machine`,
    {
      service: "states.amazonaws.com",
      permissions: [
        allow(["lambda:InvokeFunction"], stepsArn),
        allow(["sqs:SendMessage"], queue.arn),
        allow(["dynamodb:UpdateItem"], table.arn),
        allow(
          [
            "logs:CreateLogDelivery",
            "logs:GetLogDelivery",
            "logs:UpdateLogDelivery",
            "logs:DeleteLogDelivery",
            "logs:ListLogDeliveries",
            "logs:PutResourcePolicy",
            "logs:DescribeResourcePolicies",
            "logs:DescribeLogGroups",
          ],
          "*", // * because log deliveries have no resource-level permission
        ),
        ...(args.traced ? [writesTraces, asksForSamples] : []),
      ],
    },
    parent,
  );
  const definition = pulumi
    .all([stepsArn, queue.url, table.name])
    .apply(([steps, queueUrl, tableName]) =>
      JSON.stringify(stateMachine({ ...args, stepsArn: steps, queueUrl, tableName })),
    );
  const made = new aws.sfn.StateMachine(
    name,
    {
      type: "STANDARD",
      roleArn: role.arn,
      definition,
      loggingConfiguration: {
        level: "ALL",
        // Inputs contain ids only.
        includeExecutionData: true,
        logDestination: pulumi.interpolate`${log.arn}:*`,
      },
      tracingConfiguration: { enabled: args.traced ?? false },
    },
    parent,
  );
  return { machine: made, logGroupName: log.name };
}
