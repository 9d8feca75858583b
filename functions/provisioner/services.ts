import {
  BatchGetBuildsCommand,
  CodeBuildClient,
  StartBuildCommand,
  StopBuildCommand,
} from "@aws-sdk/client-codebuild";
import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import {
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { DeleteObjectsCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { SendEmailCommand, SESv2Client } from "@aws-sdk/client-sesv2";
import {
  DescribeExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { randomBytes } from "node:crypto";
import { Builder, BuildState, CommonPorts, Names, Starter, WatchPorts } from "./ports";

const named = (error: unknown, ...names: string[]) => names.includes((error as Error).name);

export function builderOf(client: CodeBuildClient): Builder {
  return {
    start: async (projectName, onceKey) => {
      const idempotencyToken = onceKey.slice(-64);
      const { build } = await client.send(new StartBuildCommand({ projectName, idempotencyToken }));
      return { id: build!.id!, logUrl: build!.logs?.deepLink };
    },
    stop: async (id) => {
      await client.send(new StopBuildCommand({ id })).catch((error: unknown) => {
        if (!named(error, "ResourceNotFoundException", "InvalidInputException")) throw error; // over or gone
      });
    },
  };
}

export async function buildState(client: CodeBuildClient, id: string): Promise<BuildState> {
  const { builds } = await client.send(new BatchGetBuildsCommand({ ids: [id] }));
  const build = builds?.[0];
  if (!build) return { status: "failed", reason: "The build is gone." };
  if (build.buildStatus === "IN_PROGRESS") return { status: "running", reason: "" };
  if (build.buildStatus === "SUCCEEDED") return { status: "done", reason: "" };
  const phase = build.phases?.find(({ phaseStatus }) => phaseStatus && phaseStatus !== "SUCCEEDED");
  const where = phase?.phaseType ?? "its end";
  return { status: "failed", reason: `The build ${build.buildStatus} in ${where}; its log says how.` };
}

export function namesOf(client: Route53Client, HostedZoneId: string): Names {
  const change = async (Action: "UPSERT" | "DELETE", ResourceRecordSet: object) => {
    const Changes = [{ Action, ResourceRecordSet: ResourceRecordSet as never }];
    await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes } }));
  };
  return {
    point: (host, target) =>
      change(
        "UPSERT",
        "address" in target
          ? { Name: host, Type: "A", TTL: 60, ResourceRecords: [{ Value: target.address }] }
          : {
              Name: host,
              Type: "A",
              AliasTarget: { DNSName: target.name, HostedZoneId: target.zone, EvaluateTargetHealth: false },
            },
      ),
    remove: async (host) => {
      const { ResourceRecordSets = [] } = await client.send(
        new ListResourceRecordSetsCommand({
          HostedZoneId,
          StartRecordName: host,
          StartRecordType: "A",
          MaxItems: 1,
        }),
      );
      const [found] = ResourceRecordSets;
      if (found?.Name === `${host}.` && found.Type === "A") await change("DELETE", found);
    },
  };
}

/** Every version and every marker, a thousand at a time. */
export async function emptyBucket(client: S3Client, Bucket: string, Prefix?: string): Promise<void> {
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await client.send(
      new ListObjectVersionsCommand({ Bucket, Prefix }),
    );
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key: Key!, VersionId }));
    if (Objects.length === 0) return;
    const { Errors } = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
    );
    if (Errors?.length) throw new Error(`${Errors.length} objects of ${Bucket} stay: ${Errors[0]!.Code}`);
  }
}

/** The address of the one instance of a dev server's group. */
export async function addressIn(client: EC2Client, group: string): Promise<string | undefined> {
  const { Reservations = [] } = await client.send(
    new DescribeInstancesCommand({
      Filters: [
        { Name: "tag:aws:autoscaling:groupName", Values: [group] },
        { Name: "instance-state-name", Values: ["pending", "running"] },
      ],
    }),
  );
  const instances = Reservations.flatMap((one) => one.Instances ?? []);
  // A replacement and the one it replaces may run side by side: the younger one stays.
  instances.sort((a, b) => Number(b.LaunchTime) - Number(a.LaunchTime));
  return instances.find((one) => one.PublicIpAddress)?.PublicIpAddress;
}

export async function keepSecret(
  client: SecretsManagerClient,
  prefix: string,
  id: string,
  secrets: object,
): Promise<string> {
  const { ARN } = await client.send(
    new CreateSecretCommand({
      // An update brings a second secret for a while.
      Name: `${prefix}/${id}/${randomBytes(4).toString("hex")}`,
      SecretString: JSON.stringify(secrets),
      Tags: [{ Key: "groundwork:project", Value: id }],
    }),
  );
  return ARN!;
}

export async function removeSecret(client: SecretsManagerClient, SecretId: string): Promise<void> {
  await client
    .send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }))
    .catch((error: unknown) => {
      if (!named(error, "ResourceNotFoundException")) throw error;
    });
}

export function mailer(client: SESv2Client, sender: string): CommonPorts["mail"] {
  return async ({ to, subject, text }) => {
    try {
      await client.send(
        new SendEmailCommand({
          FromEmailAddress: sender,
          Destination: { ToAddresses: to },
          Content: { Simple: { Subject: { Data: subject }, Body: { Text: { Data: text } } } },
        }),
      );
      return undefined;
    } catch (error) {
      if (!named(error, "MessageRejected", "BadRequestException")) throw error;
      return { refused: `The e-mail to ${to.join(", ")} was refused.` };
    }
  };
}

export function publisher(client: EventBridgeClient): CommonPorts["publish"] {
  return async (detail) => {
    const DetailType = "Project Stage Changed";
    const entry = { Source: "groundwork.provisioner", DetailType, Detail: JSON.stringify(detail) };
    await client.send(new PutEventsCommand({ Entries: [entry] }));
  };
}

/** A state that no longer waits was told before, or its time is over: either way it has gone on. */
const unlessOver = (error: unknown) => {
  if (!named(error, "TaskTimedOut", "TaskDoesNotExist", "InvalidToken")) throw error;
};

export function answerer(client: SFNClient): CommonPorts["answer"] {
  return async (taskToken, result) => {
    const output = JSON.stringify(result);
    await client.send(new SendTaskSuccessCommand({ taskToken, output })).catch(unlessOver);
  };
}

export function retrier(client: SFNClient): WatchPorts["retry"] {
  return async (taskToken, cause) => {
    await client.send(new SendTaskFailureCommand({ taskToken, error: "again", cause })).catch(unlessOver);
  };
}

export function starter(client: SFNClient, stateMachineArn: string): Starter["start"] {
  return async (name, input) => {
    const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
    await client.send(command).catch((error: unknown) => {
      if (!named(error, "ExecutionAlreadyExists")) throw error;
    });
  };
}

export function executionState(client: SFNClient, stateMachineArn: string): WatchPorts["execution"] {
  return async (name) => {
    const executionArn = `${stateMachineArn.replace(":stateMachine:", ":execution:")}:${name}`;
    try {
      const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
      return status === "RUNNING" ? "running" : "ended";
    } catch (error) {
      if (named(error, "ExecutionDoesNotExist")) return "absent";
      throw error;
    }
  };
}
