import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CodeBuildClient } from "@aws-sdk/client-codebuild";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { common, guides, settings, table } from "../clients";
import { watcherOf } from "../clouds";
import { WatchPorts } from "../ports";
import { buildState, executionState, retrier, starter } from "../services";
import { watchStore } from "../table-watch";
import { watch, WatchEvent } from "../watch";

/** Hears of stacks, builds and groups, and looks after everything once a minute. */
export const handler = (event: WatchEvent) => {
  const machine = process.env["MACHINE_ARN"]!;
  const ports: WatchPorts = {
    ...common(),
    ...guides(),
    store: watchStore(table()),
    stacks: watcherOf(new CloudFormationClient(), process.env["PROVISIONING_ROLE"]!),
    buildState: (id) => buildState(new CodeBuildClient(), id),
    retry: retrier(new SFNClient()),
    start: starter(new SFNClient(), machine),
    execution: executionState(new SFNClient(), machine),
    alarm: async (id) => {
      const message = { QueueUrl: process.env["QUEUE_URL"]!, MessageBody: JSON.stringify({ project: id }) };
      await new SQSClient().send(new SendMessageCommand(message));
    },
  };
  return watch(ports, settings(), event);
};
