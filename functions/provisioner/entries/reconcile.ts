import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CodeBuildClient } from "@aws-sdk/client-codebuild";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { fromEnvironment } from "../../shared/environment";
import { logTail } from "../aws/build-log";
import { builderOf, buildState } from "../aws/builds";
import { common, settings, table } from "../aws/common";
import { directory, visitors } from "../aws/directory";
import { replacingIn } from "../aws/releases";
import { executionState, failer, starter } from "../aws/state-machine";
import { inspectorOf } from "../aws/stacks";
import { reconcileStore } from "../aws/table-reconcile";
import { ReconcilePorts } from "../ports";
import type { ReconcileEnvironment } from "../environment";
import { reconcile, ReconcileEvent } from "../reconcile";

const given = fromEnvironment<ReconcileEnvironment>;

/** Receives events about stacks, builds and groups, and checks everything once a minute. */
export const handler = (event: ReconcileEvent) => {
  const stateMachine = given("MACHINE_ARN");
  const ports: ReconcilePorts = {
    ...common(),
    ...directory(),
    ...visitors(),
    store: reconcileStore(table()),
    stacks: inspectorOf(new CloudFormationClient(), given("PROVISIONING_ROLE")),
    builds: builderOf(new CodeBuildClient()),
    buildState: (id) => buildState(new CodeBuildClient(), id),
    replacing: replacingIn(new AutoScalingClient()),
    logTail: (stack, stream) => logTail(new CloudWatchLogsClient(), stack, stream),
    fail: failer(new SFNClient()),
    start: starter(new SFNClient(), stateMachine),
    execution: executionState(new SFNClient(), stateMachine),
    alarm: async (id) => {
      const message = { QueueUrl: given("QUEUE_URL"), MessageBody: JSON.stringify({ project: id }) };
      await new SQSClient().send(new SendMessageCommand(message));
    },
  };
  return reconcile(ports, settings(), event);
};
