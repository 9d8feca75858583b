import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ApiAccount } from "../shared/api-account";
import { Check } from "../shared/check";
import { policyDocument } from "../shared/permissions";
import { RestApi } from "../shared/rest-api";
import { Artifacts } from "./artifacts";
import { DeployGroup, Deployment, DEPLOYMENTS, DeployTarget } from "./deploy-group";
import { notices } from "./notices";
import { Pipeline } from "./pipeline";
import { Releases } from "./releases";
import { TriggerApi } from "./trigger-api";

export interface DeliveryArgs extends DeployTarget {
  /** The web servers' role gets the right to fetch releases. */
  webRoleName: pulumi.Input<string>;
  /** Where the images go. */
  repositoryUrl: pulumi.Input<string>;
  repositoryArn: pulumi.Input<string>;
  /** The source, as `owner/name` on GitHub. */
  repository: string;
  /** @default "main" */
  branch?: string;
  /** A connection to GitHub that somebody has accepted. @default a new one, to be accepted in the console once */
  connectionArn?: pulumi.Input<string>;
  /** What starts the pipeline after its first run, which its creation starts. @default "request" */
  startOn?: "request" | "push";
  /** Runs the repository's own tests before anything is built. @default true */
  test?: boolean;
  /** Waits for somebody's word before a release. @default false */
  approval?: boolean;
  /** @default "in-place" */
  deployment?: Deployment;
  /** An image with a finding of one of these severities is not released. @default CRITICAL and HIGH */
  refusedSeverities?: string[];
  /** So many 5xx answers in a minute bring the old release back. @default 10 */
  rollbackAt5xxPerMinute?: number;
  /** More alarms that bring it back, by name. @default none */
  rollbackAlarmNames?: pulumi.Input<string>[];
  /** How long releases can be gone back to. @default 365 */
  keptDays?: number;
  /** Tokens of this pool are let in to the API. */
  userPoolArn: pulumi.Input<string>;
  /** The account's right to log API requests. @default it is there already */
  apiAccount?: ApiAccount;
  /** @default whoever is signed in */
  starterGroup?: string;
  /** @default "admin" */
  adminGroup?: string;
  /** @default "refuse" */
  whileRunning?: "refuse" | "queue";
  /** Requests a second to the API. @default 5 */
  ratePerSecond?: number;
  /** @default 10 */
  burst?: number;
  /** Who is told of failures and approvals: an SNS topic that `events.amazonaws.com` may publish to. @default nobody */
  alarmTopicArn?: pulumi.Input<string>;
  /** Where S3 logs who read and wrote artifacts. @default no access log */
  accessLogBucket?: { name: pulumi.Input<string>; prefix: string };
  keepData: boolean;
  /** How long logs are kept. @default 30 */
  retentionDays?: number;
}

export const SEVERITIES = ["CRITICAL", "HIGH", "MEDIUM", "LOW"] as const;

/**
 * From a commit to the web servers and back: pipeline, book of releases, and the API that starts, shows and undoes.
 * About 3 USD a month at rest, 0.05 a run. Whatever fails on the way, the servers keep or regain the release before.
 */
export class Delivery extends pulumi.ComponentResource {
  /** Where `POST /startpipeline` is, without a slash at the end. */
  readonly apiUrl: pulumi.Output<string>;
  readonly api: RestApi;
  /** What the builds and the API write, by a short name. */
  readonly logGroupNames: Record<string, pulumi.Output<string>>;
  readonly pipelineName: pulumi.Output<string>;
  /** The book of releases: without it nobody can go back. */
  readonly releasesTableArn: pulumi.Output<string>;
  /** The function that marks releases; one that it misses is not gone back to. */
  readonly markerName: pulumi.Output<string>;
  readonly connectionArn: pulumi.Output<string>;

  constructor(name: string, args: DeliveryArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArgs(name, args);
    super("groundwork:index:Delivery", name, {}, opts);
    const parent = { parent: this };
    const { keepData } = args;
    const keptDays = args.keptDays ?? 365;
    const retentionDays = args.retentionDays ?? 30;

    const artifacts = new Artifacts(`${name}-artifacts`, { ...args, keptDays }, parent);
    const fetching = new aws.iam.RolePolicy(
      `${name}-fetching`,
      { role: args.webRoleName, policy: policyDocument(artifacts.readers()) },
      parent,
    );
    const deployGroup = new DeployGroup(
      `${name}-web`,
      {
        ...args,
        deployment: args.deployment ?? "in-place",
        rollbackAt5xxPerMinute: args.rollbackAt5xxPerMinute ?? 10,
      },
      { ...parent, dependsOn: fetching },
    );
    const releases = new Releases(
      `${name}-releases`,
      { artifacts, deployGroup, repositoryArn: args.repositoryArn, keptDays, keepData, retentionDays },
      parent,
    );
    const pipeline = new Pipeline(
      name,
      {
        ...args,
        artifacts,
        deployGroup,
        releases,
        branch: args.branch ?? "main",
        startOn: args.startOn ?? "request",
        test: args.test ?? true,
        approval: args.approval ?? false,
        refusedSeverities: args.refusedSeverities ?? ["CRITICAL", "HIGH"],
        retentionDays,
      },
      parent,
    );
    const trigger = new TriggerApi(
      `${name}-api`,
      { ...args, account: args.apiAccount, pipeline, deployGroup, releases, artifacts, retentionDays },
      parent,
    );
    if (args.alarmTopicArn)
      notices(
        name,
        {
          pipelineName: pipeline.pipelineName,
          applicationName: deployGroup.applicationName,
          approval: args.approval ?? false,
          topicArn: args.alarmTopicArn,
        },
        parent,
      );
    this.apiUrl = trigger.url;
    this.api = trigger.api;
    this.logGroupNames = { ...pipeline.logGroupNames, "delivery-api": trigger.api.accessLogGroupName };
    this.pipelineName = pipeline.pipelineName;
    this.releasesTableArn = releases.tableArn;
    this.markerName = releases.markerName;
    this.connectionArn = pipeline.connectionArn;
    this.registerOutputs({
      apiUrl: this.apiUrl,
      pipelineName: this.pipelineName,
      connectionArn: this.connectionArn,
    });
  }
}

function checkArgs(name: string, args: DeliveryArgs): void {
  const severities: readonly string[] = SEVERITIES;
  new Check("Delivery", name)
    .that(/^[\w.-]+\/[\w.-]+$/.test(args.repository), "repository", "owner/name on GitHub", args.repository)
    .that(
      args.branch === undefined || /^[^\s~^:?*[\\]{1,255}$/.test(args.branch),
      "branch",
      "a branch's name",
      args.branch,
    )
    .oneOf("startOn", args.startOn, ["request", "push"])
    .oneOf("deployment", args.deployment, DEPLOYMENTS)
    .oneOf("whileRunning", args.whileRunning, ["refuse", "queue"])
    .that(
      (args.refusedSeverities ?? []).every((severity) => severities.includes(severity)),
      "refusedSeverities",
      `out of ${SEVERITIES.join(", ")}`,
      args.refusedSeverities,
    )
    .wholeNumber("rollbackAt5xxPerMinute", args.rollbackAt5xxPerMinute, 1, 1_000_000)
    .wholeNumber("keptDays", args.keptDays, 7, 3_650)
    .done();
}
