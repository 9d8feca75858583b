// What a team, an admin and AWS do: requests, decisions, and the events that MiniStack does not send.
import { strict as assert } from "node:assert";
import { ownKey } from "../../sandbox/emulators/endpoints";
import { until } from "../../sandbox/problem";
import { itemsOf } from "./records";
import { functionNamed, PREFIX, Rig, User } from "./rig";

export const MEMBER: User = { email: "member@example.org", unit: "ct1", quota: 20_000 };
export const ADMIN: User = { email: "admin@example.org", unit: "platform", quota: 0, admin: true };

export interface Answer {
  status: number;
  body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- an API's answers have no common type
}

export async function call(
  rig: Rig,
  user: User,
  method: string,
  route: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const ask = async () => {
    const response = await fetch(`${rig.outputs.apiUrl}${route}`, {
      method,
      headers: { Authorization: await rig.token(user), "Content-Type": "application/json", ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : undefined };
  };
  return until(`An answer to ${method} ${route}`, ask, {
    // The emulator runs twenty functions at once, and says so as AWS does.
    wanted: ({ status }) => status !== 429,
    everyMs: 100 + Math.random() * 400,
    seconds: 120,
  });
}

export const wish = (name: string, more: object = {}) => ({
  name,
  environment: "dev",
  type: "static",
  repository: "https://github.com/example/site",
  email: "team@example.org",
  accessToken: "ghp_SECRETTOKEN0123456789",
  privateKey: "-----BEGIN OPENSSH PRIVATE KEY-----\nSECRETKEY\n-----END OPENSSH PRIVATE KEY-----",
  ...more,
});

/** Asks for a project, and gives its id. */
export async function ask(rig: Rig, name: string, more: object = {}): Promise<string> {
  const { status, body } = await call(rig, MEMBER, "POST", "/projects", wish(name, more));
  assert.equal(status, 202, JSON.stringify(body));
  return body.id as string;
}

export const approve = (rig: Rig, id: string, admin = ADMIN) =>
  call(rig, admin, "POST", `/projects/${id}/decision`, { decision: "approve" });

/** Every e-mail that was sent, as one text. */
export const outboxOf = async ({ endpoint, credentials }: Rig) =>
  (await fetch(`${endpoint}/_ministack/ses/messages`, { headers: ownKey({ credentials }) })).text();

export const executionOf = ({ outputs }: Rig, id: string) =>
  `${outputs.stateMachineArn.replace(":stateMachine:", ":execution:")}:${id}-create`;

/** AWS's own event of a stack; MiniStack sends none. */
const stackEvent = (id: string) => ({
  source: "aws.cloudformation",
  "detail-type": "CloudFormation Stack Status Change",
  detail: { "stack-id": `arn:aws:cloudformation:eu-west-1:123456789012:stack/${PREFIX}-${id}/0` },
});
const buildEvent = (id: string) => ({
  source: "aws.codebuild",
  "detail-type": "CodeBuild Build State Change",
  detail: { "project-name": `${PREFIX}-${id}-Build-1`, "build-status": "SUCCEEDED" },
});
const launchEvent = (id: string) => ({
  source: "aws.autoscaling",
  "detail-type": "EC2 Instance Launch Successful",
  detail: { AutoScalingGroupName: `${PREFIX}-${id}-Group-1` },
});
const MINUTE = { source: "aws.events", "detail-type": "Scheduled Event", detail: {} };

async function send(rig: Rig, event: object, to: "reconcile" | "domains" = "reconcile"): Promise<void> {
  const FunctionName = await functionNamed(rig, to);
  const answer = await rig.aws.lambda.invoke({ FunctionName, Payload: JSON.stringify(event) });
  if (answer.FunctionError) throw new Error(Buffer.from(answer.Payload!).toString());
}

export const stackDone = (rig: Rig, id: string) => send(rig, stackEvent(id));
export const buildDone = (rig: Rig, id: string) => send(rig, buildEvent(id));
export const sendMinute = (rig: Rig) => send(rig, MINUTE);
export const lookAtDomains = (rig: Rig) => send(rig, MINUTE, "domains");

const outputsOf = async (rig: Rig, id: string): Promise<Record<string, string>> => {
  const { Stacks } = await rig.aws.cloudformation.describeStacks({ StackName: `${PREFIX}-${id}` });
  return Object.fromEntries(Stacks![0]!.Outputs!.map((one) => [one.OutputKey!, one.OutputValue!]));
};

/** What the group of a server project beyond dev does and MiniStack's does not: its server comes to the balancer, which finds it healthy. */
export async function registerServer(rig: Rig, id: string): Promise<void> {
  const { TargetGroup } = await outputsOf(rig, id);
  await rig.aws.elb.registerTargets({
    TargetGroupArn: TargetGroup!,
    Targets: [{ Id: "i-0123456789abcdef0" }],
  });
}

/** The project's running build fails, and has written this; MiniStack's builds succeed and write nothing. */
export async function failBuild(rig: Rig, id: string, ...lines: string[]): Promise<void> {
  const ids = (await rig.aws.codebuild.listBuildsForProject({ projectName: `${PREFIX}-${id}` })).ids!;
  await rig.aws.codebuild.stopBuild({ id: ids[0]! });
  const { builds } = await rig.aws.codebuild.batchGetBuilds({ ids: [ids[0]!] });
  const stream = {
    logGroupName: `/groundwork/${PREFIX}-${id}/build`,
    logStreamName: builds![0]!.logs!.streamName!,
  };
  await rig.aws.logs.createLogStream(stream);
  const logEvents = lines.map((message) => ({ message, timestamp: Date.now() }));
  await rig.aws.logs.putLogEvents({ ...stream, logEvents });
  await buildDone(rig, id);
}

/** The lines that the API tells of a project's log. */
export async function logOf(rig: Rig, id: string, of: "build" | "app"): Promise<string[]> {
  const { status, body } = await call(rig, MEMBER, "GET", `/projects/${id}/logs?of=${of}`);
  assert.equal(status, 200, JSON.stringify(body));
  return body.lines.map(({ text }: { text: string }) => text);
}

/** What a build does beyond MiniStack's: the project's servers fetch this image from now on. Gives its digest. */
export async function pushImage(rig: Rig, id: string, name: string): Promise<string> {
  const { Images: repositoryName } = await outputsOf(rig, id);
  const imageManifest = JSON.stringify({ schemaVersion: 2, name });
  const { image } = await rig.aws.ecr.putImage({ repositoryName, imageManifest, imageTag: "latest" });
  return image!.imageId!.imageDigest!;
}

/** What the project's servers fetch. */
export async function currentImage(rig: Rig, id: string): Promise<string> {
  const { Images: repositoryName } = await outputsOf(rig, id);
  const { imageDetails } = await rig.aws.ecr.describeImages({
    repositoryName,
    imageIds: [{ imageTag: "latest" }],
  });
  return imageDetails![0]!.imageDigest!;
}

/** What no rule of the project's repository takes away, the oldest push first. */
export async function keptImages(rig: Rig, id: string): Promise<string[]> {
  const { Images: repositoryName } = await outputsOf(rig, id);
  const { imageDetails = [] } = await rig.aws.ecr.describeImages({ repositoryName });
  return imageDetails
    .filter(({ imageTags }) => imageTags?.some((tag) => tag.startsWith("kept-")))
    .map(({ imageDigest }) => imageDigest!);
}

/** What the group of a server project in dev does and MiniStack's does not: a machine takes the last one's place. Gives its address. */
export async function launchMachine(rig: Rig, id: string): Promise<string> {
  const { Group: group } = await outputsOf(rig, id);
  const Tags = [{ Key: "aws:autoscaling:groupName", Value: group! }];
  const Filters = [{ Name: "tag:aws:autoscaling:groupName", Values: [group!] }];
  const before = (await rig.aws.ec2.describeInstances({ Filters })).Reservations!.flatMap(
    ({ Instances }) => Instances!,
  );
  if (before.length > 0)
    await rig.aws.ec2.terminateInstances({ InstanceIds: before.map((one) => one.InstanceId!) });
  const TagSpecifications = [{ ResourceType: "instance" as const, Tags }];
  const { Instances } = await rig.aws.ec2.runInstances({ MinCount: 1, MaxCount: 1, TagSpecifications });
  await send(rig, launchEvent(id));
  const InstanceIds = [Instances![0]!.InstanceId!];
  const { Reservations } = await rig.aws.ec2.describeInstances({ InstanceIds });
  return Reservations![0]!.Instances![0]!.PublicIpAddress!;
}

const RESTING = ["ready", "failed", "frozen", "rejected", "rolled-back", "deleted", "needs-attention"];
interface Settling {
  user?: User;
  /** Stops when the project's step is this one. */
  step?: string;
  /** A state that the project is still to leave. */
  skip?: string;
  /** Sends what AWS would send whenever something changes. @default true */
  events?: boolean;
  /** Of these events only those of one kind. */
  only?: "stack";
  seconds?: number;
}

/** Looks at a project until it rests, and plays AWS's part meanwhile. */
export async function settledProject(rig: Rig, id: string, how: Settling = {}): Promise<Answer["body"]> {
  const { user = MEMBER, step, skip, events = true, only, seconds = 60 } = how;
  const isSettled = (body: Answer["body"]): boolean =>
    step
      ? body.step === step && body.stages[step].state === "running"
      : RESTING.includes(body.state) && body.state !== skip;
  return until(
    `The project's arrival at ${step ?? "its final state"}`,
    async () => {
      const { body } = await call(rig, user, "GET", `/projects/${id}`);
      if (isSettled(body)) return body;
      if (events && ["create", "update", "undo create"].includes(body.step)) await send(rig, stackEvent(id));
      if (events && !only && body.step === "deliver") await send(rig, buildEvent(id));
      return body;
    },
    { wanted: isSettled, seconds },
  );
}

/** The names that projects' certificates are for; the platform's own are for its wildcard. */
async function certificatesOf({ aws: { acm } }: Rig): Promise<string[]> {
  const lists = await Promise.all([acm.here, acm.cloudfront].map((one) => one.listCertificates({})));
  return lists
    .flatMap(({ CertificateSummaryList = [] }) => CertificateSummaryList.map((one) => one.DomainName!))
    .filter((name) => !name.startsWith("*."));
}

/** Everything that is there of projects, by kind. */
export async function remains(rig: Rig): Promise<Record<string, unknown>> {
  const { cloudformation, secrets, route53 } = rig.aws;
  const { Stacks = [] } = await cloudformation.describeStacks({});
  const items = await itemsOf(rig);
  const { SecretList = [] } = await secrets.listSecrets({});
  const { ResourceRecordSets = [] } = await route53.listResourceRecordSets({
    HostedZoneId: rig.outputs.zoneId,
  });
  const rows = items.map((item) => item["pk"]!.S!);
  return {
    stacks: Stacks.filter(
      (one) => one.StackName!.startsWith(PREFIX) && one.StackStatus !== "DELETE_COMPLETE",
    ).map((one) => one.StackName),
    secrets: SecretList.filter((one) => one.Name!.startsWith(PREFIX)).map((one) => one.Name),
    records: ResourceRecordSets.filter((one) => ["A", "TXT"].includes(one.Type!))
      .map((one) => one.Name)
      .sort(),
    hosts: rows.filter((row) => row.startsWith("host#")),
    domains: items.filter((item) => item["pk"]!.S!.startsWith("domain#") && item["id"]).length,
    certificates: await certificatesOf(rig),
    quota: items
      .filter((item) => item["pk"]!.S!.startsWith("quota#"))
      .map((item) => [Number(item["used"]!.N), Number(item["reserved"]!.N)])
      .filter(([used, reserved]) => used !== 0 || reserved !== 0),
    live: items.filter((item) => item["pk"]!.S!.startsWith("project#") && !item["ttl"]).length,
  };
}

export const NOTHING = {
  ...{ stacks: [], secrets: [], records: [], hosts: [], quota: [], live: 0 },
  ...{ domains: 0, certificates: [] },
};

/** Takes the reports of projects that a person has to mend. */
export async function takeReports(rig: Rig): Promise<string[]> {
  const QueueUrl = rig.outputs.manualQueueUrl;
  const { Messages = [] } = await rig.aws.sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
  for (const { ReceiptHandle } of Messages) await rig.aws.sqs.deleteMessage({ QueueUrl, ReceiptHandle });
  return Messages.map(({ Body }) => (JSON.parse(Body!) as { project: string }).project);
}

/** All that the functions and the machine have logged. */
export async function logLines(rig: Rig): Promise<string[]> {
  const { logGroups = [] } = await rig.aws.logs.describeLogGroups({});
  const groups = logGroups.map((one) => one.logGroupName!).filter((name) => name.includes("provisioner"));
  const events = await Promise.all(
    groups.map((logGroupName) => rig.aws.logs.filterLogEvents({ logGroupName })),
  );
  return events.flatMap((one) => (one.events ?? []).map((event) => event.message!));
}
