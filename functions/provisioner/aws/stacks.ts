import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  ExecuteChangeSetCommand,
} from "@aws-sdk/client-cloudformation";
import { StackMaker, StackReader, StackRemover, StackRequest, StackState, StackInspector } from "../ports";

const listed = (values: Record<string, string>) => Object.entries(values);

/** CloudFormation's own answer to a request, as opposed to a failed call. */
const refusal = (error: unknown): string | undefined => {
  const { name, message } = error as Error;
  return /^(ValidationError|InsufficientCapabilities|LimitExceeded)/.test(name) ? message : undefined;
};

export function makerOf(client: CloudFormationClient, roleArn: string): StackMaker {
  const input = ({ name, templateUrl, parameters, tags }: StackRequest, keeps: string[] = []) => ({
    StackName: name,
    TemplateURL: templateUrl,
    Parameters: listed(parameters).map(([ParameterKey, ParameterValue]) =>
      keeps.includes(ParameterKey)
        ? { ParameterKey, UsePreviousValue: true }
        : { ParameterKey, ParameterValue },
    ),
    Tags: listed(tags).map(([Key, Value]) => ({ Key, Value })),
    Capabilities: ["CAPABILITY_IAM" as const],
    RoleARN: roleArn,
  });
  return {
    create: async (request) => {
      try {
        const { StackId } = await client.send(
          new CreateStackCommand({
            ...input(request),
            ClientRequestToken: request.name,
            // The saga's compensation deletes it, so that only one side cleans up.
            OnFailure: "DO_NOTHING",
          }),
        );
        return { id: StackId! };
      } catch (error) {
        // A repeated call for the same project: the name holds its id.
        const there =
          (error as Error).name.startsWith("AlreadyExists") && (await readStack(client, request.name));
        if (there) return { id: there.id };
        const refused = refusal(error);
        if (refused === undefined) throw error;
        return { refused };
      }
    },
    update: async (request) => {
      const names = { StackName: request.name, ChangeSetName: `update-${Date.now()}` };
      try {
        await client.send(
          new CreateChangeSetCommand({ ...input(request, request.keeps), ...names, ChangeSetType: "UPDATE" }),
        );
        const { status, reason } = await changeSet(client, names);
        if (status === "FAILED") {
          await client.send(new DeleteChangeSetCommand(names));
          return /didn't contain changes|No updates/.test(reason) ? "unchanged" : { refused: reason };
        }
        await client.send(new ExecuteChangeSetCommand(names));
        return "started";
      } catch (error) {
        const refused = refusal(error);
        if (refused === undefined) throw error;
        return /No updates/.test(refused) ? "unchanged" : { refused };
      }
    },
  };
}

export function removerOf(client: CloudFormationClient, roleArn: string): StackRemover {
  const { read } = readerOf(client);
  return {
    read,
    remove: async (name) => {
      if (!(await read(name))) return "gone";
      await client.send(new DeleteStackCommand({ StackName: name, RoleARN: roleArn }));
      return (await read(name)) ? "started" : "gone";
    },
  };
}

export function inspectorOf(client: CloudFormationClient, roleArn: string): StackInspector {
  return {
    ...removerOf(client, roleArn),
    problem: async (name) => {
      const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: name }));
      const begun = StackEvents.findIndex(
        ({ ResourceStatusReason }) => ResourceStatusReason === "User Initiated",
      );
      const events = begun < 0 ? StackEvents : StackEvents.slice(0, begun);
      const failures = events.filter(({ ResourceStatus }) => ResourceStatus?.endsWith("_FAILED"));
      const first = failures
        .reverse()
        .find(({ ResourceStatusReason }) => !/cancelled/i.test(ResourceStatusReason ?? ""));
      const reason = first?.ResourceStatusReason ?? "CloudFormation gave no reason.";
      return first ? `${first.LogicalResourceId}: ${reason}` : reason;
    },
    checkDrift: async (name) => {
      await client.send(new DetectStackDriftCommand({ StackName: name }));
    },
  };
}

export const readerOf = (client: CloudFormationClient): StackReader => ({
  read: (name) => readStack(client, name),
});

async function readStack(client: CloudFormationClient, name: string): Promise<StackState | undefined> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const stack = Stacks?.[0];
    if (!stack || stack.StackStatus === "DELETE_COMPLETE") return undefined;
    return {
      id: stack.StackId!,
      status: stack.StackStatus!,
      outputs: Object.fromEntries((stack.Outputs ?? []).map((one) => [one.OutputKey!, one.OutputValue!])),
      updatedAt: (stack.LastUpdatedTime ?? stack.CreationTime!).toISOString(),
      drift: stack.DriftInformation?.StackDriftStatus,
      driftCheckedAt: stack.DriftInformation?.LastCheckTimestamp?.toISOString(),
    };
  } catch (error) {
    if (/does not exist/.test((error as Error).message)) return undefined;
    throw error;
  }
}

/** CloudFormation sends no event for a change set, and creates one within seconds. */
async function changeSet(client: CloudFormationClient, names: { StackName: string; ChangeSetName: string }) {
  for (let i = 0; ; i++) {
    const { Status, StatusReason = "" } = await client.send(new DescribeChangeSetCommand(names));
    if (Status === "FAILED" || Status === "CREATE_COMPLETE") return { status: Status, reason: StatusReason };
    if (i === 40) throw new Error("The change set was not made within 40 seconds");
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
