import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionSettings } from "../../functions/provisioner/ports";
import { InputsOf } from "../lambda";
import { PrivateBucket } from "../private-bucket";
import { RestApi } from "../rest-api";
import { filled, Filled, ProvisionerArgs } from "./args";
import { Certificates, wildcards } from "./certificates";
import { tellConsole } from "./console-access";
import { doorFunction, stepsFunction, watchFunction } from "./functions";
import { visitLogs } from "./logs";
import { handsQueue, machine } from "./machine";
import { ROLE_PATH } from "./place";
import { projectRoles, Roles } from "./roles";
import { routesOf } from "./routes";
import { runbooks } from "./runbooks";
import { Export, feed, siemExport } from "./siem";
import { projectTable } from "./table";
import { uploadTemplates } from "./templates";

export type { ProvisionerArgs };

type Parent = { parent: pulumi.Resource };
type Door = ReturnType<typeof doorFunction>;

/**
 * Gives each team its own web projects from a JSON template: quota, approval, a CloudFormation stack, its content, its name.
 * Costs about 5 USD a month at rest; the projects cost what the catalogue says. A step that fails takes back all that was
 * made before it; where even that fails, the project waits for a person, and an alarm tells.
 */
export class Provisioner extends pulumi.ComponentResource {
  /** Where the API answers, without a slash at the end. */
  readonly apiUrl: pulumi.Output<string>;
  readonly apiStageArn: pulumi.Output<string>;
  readonly api: RestApi;
  readonly tableName: pulumi.Output<string>;
  readonly tableArn: pulumi.Output<string>;
  readonly stateMachineArn: pulumi.Output<string>;
  /** The function that takes requests in. */
  readonly doorName: pulumi.Output<string>;
  /** The function that carries on what waits for AWS. */
  readonly watcherName: pulumi.Output<string>;
  /** Where projects are reported that a person has to mend. */
  readonly handsQueueUrl: pulumi.Output<string>;

  constructor(name: string, args: ProvisionerArgs, opts?: pulumi.ComponentResourceOptions) {
    const all = filled(name, args);
    super("groundwork:provisioner:Provisioner", name, {}, opts);
    const parent = { parent: this };

    const table = projectTable(name, all.keepData, parent);
    const queue = handsQueue(name, all.alarmTopicArn, parent);
    const requests = new PrivateBucket(
      `${name}-requests`,
      { ...REQUESTS, accessLogBucket: args.accessLogBucket },
      parent,
    );
    const templates = uploadTemplates(name, parent);
    const visits = visitLogs(name, all.logDays, parent);
    const certificates = all.domain && wildcards(name, all.domain, parent);
    const siem = all.siem && siemExport(name, all.siem, parent);
    const roles = projectRoles(
      name,
      { ...all, templatesArn: templates.bucketArn, visitsArn: visits.bucketArn, siem },
      parent,
    );
    const around = {
      table,
      queue,
      requests,
      templatesArn: templates.bucketArn,
      provisioningRoleArn: roles.provisioningRoleArn,
      runbooks: runbooks(name, all.prefix, parent),
      settings: settingsOf(all, { templates: templates.urls, roles, visits, certificates, siem }),
    };

    const steps = stepsFunction(name, all, around, parent);
    const saga = machine(name, all, { stepsArn: steps.functionArn, table, queue }, parent);
    const door = doorFunction(name, all, around, saga.machine.arn, parent);
    const watcher = watchFunction(name, all, around, saga.machine.arn, parent);
    onDrop(name, requests, door, parent);
    const api = apiBefore(name, all, door, parent);
    if (all.console) tellConsole(name, all.console, api.url, parent);
    if (siem)
      feed(
        name,
        siem,
        {
          steps: steps.logGroupName,
          door: door.logGroupName,
          watch: watcher.logGroupName,
          machine: saga.logGroupName,
          api: api.accessLogGroupName,
        },
        parent,
      );

    this.apiUrl = api.url;
    this.apiStageArn = api.stageArn;
    this.api = api;
    this.tableName = table.name;
    this.tableArn = table.arn;
    this.stateMachineArn = saga.machine.arn;
    this.doorName = door.functionName;
    this.watcherName = watcher.functionName;
    this.handsQueueUrl = queue.url;
    this.registerOutputs({
      apiUrl: this.apiUrl,
      apiStageArn: this.apiStageArn,
      tableName: this.tableName,
      stateMachineArn: this.stateMachineArn,
      handsQueueUrl: this.handsQueueUrl,
    });
  }
}

/** Dropped files hold secrets: what the door did not delete goes by itself. */
const REQUESTS = { keepData: false, expireDays: 1, noncurrentDays: 1 };

interface Made {
  templates: Record<"static" | "server" | "database", pulumi.Output<string>>;
  roles: Roles;
  visits: PrivateBucket;
  certificates?: Certificates;
  siem?: Export;
}

/** What the functions read of the arguments and of what was made for them. */
function settingsOf(
  args: Filled,
  { templates, roles, visits, certificates, siem }: Made,
): pulumi.Output<string> {
  const { prefix, consoleUrl, adminGroup, automatic, totpForProd } = args;
  const { approvalHours, reminderHours, devDays, warningDays, frozenDays, historyDays } = args;
  const shared = {
    BoundaryArn: roles.boundaryArn,
    RolePath: ROLE_PATH,
    LogBucketName: visits.bucketName,
    LogDays: String(args.logDays),
    ...(siem && { SiemStreamArn: siem.streamArn, SiemRoleArn: siem.roleArn }),
  };
  return pulumi.jsonStringify({
    prefix,
    consoleUrl,
    adminGroup,
    automatic,
    totpForProd,
    approvalHours,
    reminderHours,
    devDays,
    warningDays,
    frozenDays,
    historyDays,
    domain: args.domain?.name ?? "",
    templates,
    parameters: {
      static: {
        ...shared,
        CertificateArn: certificates?.cloudfront ?? "",
        LogBucketDomain: visits.bucket.bucketDomainName,
      },
      server: {
        ...shared,
        CertificateArn: certificates?.regional ?? "",
        VpcId: args.vpcId,
        VpcBlock: args.vpcCidrBlock,
        PublicSubnets: pulumi.output(args.publicSubnetIds).apply((ids) => ids.join(",")),
        PrivateSubnets: pulumi.output(args.privateSubnetIds).apply((ids) => ids.join(",")),
      },
    },
  } satisfies InputsOf<FunctionSettings>);
}

/** S3 tells the door of every file that is dropped. */
function onDrop(name: string, requests: PrivateBucket, door: Door, parent: Parent): void {
  const permission = new aws.lambda.Permission(
    `${name}-drop`,
    {
      function: door.functionName,
      action: "lambda:InvokeFunction",
      principal: "s3.amazonaws.com",
      sourceArn: requests.bucketArn,
    },
    parent,
  );
  new aws.s3.BucketNotification(
    `${name}-drop`,
    {
      bucket: requests.bucketName,
      lambdaFunctions: [
        {
          lambdaFunctionArn: door.functionArn,
          events: ["s3:ObjectCreated:*"],
          filterPrefix: "requests/",
          filterSuffix: ".json",
        },
      ],
    },
    { ...parent, dependsOn: [permission, ...requests.ready] },
  );
}

function apiBefore(name: string, args: Filled, door: Door, parent: Parent): RestApi {
  return new RestApi(
    name,
    {
      routes: routesOf(door),
      userPoolArn: args.userPoolArn,
      account: args.account,
      ratePerSecond: args.ratePerSecond,
      burst: args.ratePerSecond * 2,
      retentionDays: args.logDays,
    },
    parent,
  );
}
