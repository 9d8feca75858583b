import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { pick } from "../../functions/shared/pick";
import type { FunctionSettings } from "../../functions/provisioner/ports";
import { kept } from "../shared/kept";
import { InputsOf } from "../shared/lambda";
import { feedLogs } from "../shared/log-stream";
import { PrivateBucket } from "../shared/private-bucket";
import { RestApi } from "../shared/rest-api";
import { apiMonitoring } from "../shared/rest-api-alarms";
import { Monitoring, Operated } from "../shared/monitoring";
import { fill, settingsPath } from "../shared/options";
import { must } from "../shared/refusals";
import { provisionerMonitoring } from "./alarms";
import { CompleteArgs, ProvisionerArgs, provisionerOptions } from "./args";
import { Certificates, Domain, wildcards } from "./certificates";
import { tellConsole } from "./console-access";
import {
  apiFunction,
  domainsFunction,
  pushesFunction,
  readingFunction,
  stepsFunction,
  reconcileFunction,
} from "./functions";
import { visitLogs } from "./logs";
import { manualQueue, machine } from "./project-machine";
import { ROLE_PATH } from "./role-args";
import { projectRoles, Roles } from "./roles";
import { Behind, routesOf } from "./routes";
import { runbooks } from "./runbooks";
import { Export, siemExport } from "./siem";
import { SiteParts, siteParts } from "./site-parts";
import { projectTable } from "./table";
import { uploadTemplates } from "./templates";

type Parent = { parent: pulumi.Resource };
type ApiFunction = ReturnType<typeof apiFunction>;

const monitoring = kept<Monitoring[]>();

/**
 * Gives each team its own web projects from a JSON template: quota, approval, a CloudFormation stack, its content, its name.
 * Costs about 2 USD a month with few requests; the projects cost what the catalogue says. A step that fails rolls back everything
 * created before it, but a complete stack is kept for a day. If the rollback fails, the project waits for a person, and an alarm reports it.
 */
export class Provisioner extends pulumi.ComponentResource implements Operated {
  /** The API's address, without a trailing slash. */
  readonly apiUrl: pulumi.Output<string>;
  readonly tableName: pulumi.Output<string>;
  readonly publicArns: Record<string, pulumi.Output<string>>;
  readonly logGroups: Record<string, pulumi.Output<string>>;
  readonly dataArns: pulumi.Output<string>[];
  readonly stateMachineArn: pulumi.Output<string>;
  /** The queue of projects that need a person. */
  readonly manualQueueUrl: pulumi.Output<string>;

  constructor(name: string, args: ProvisionerArgs, opts?: pulumi.ComponentResourceOptions) {
    const all = fill("Provisioner", name, provisionerOptions, args, ({ network, parameterPath }) => [
      ...settingsPath("parameterPath", parameterPath),
      ...must(
        network.publicSubnetIds.length >= 2 && network.privateSubnetIds.length >= 2,
        "network",
        "one with two public and two private subnets",
        [network.publicSubnetIds.length, network.privateSubnetIds.length],
      ),
    ]);
    super("groundwork:index:Provisioner", name, {}, opts);
    const parent = { parent: this };

    const table = projectTable(name, all.keepData, parent);
    const queue = manualQueue(name, parent);
    const requests = new PrivateBucket(
      `${name}-requests`,
      { ...REQUESTS, accessLogs: args.accessLogs },
      parent,
    );
    const templates = uploadTemplates(name, parent);
    const visits = visitLogs(name, all.logRetentionDays, parent);
    const sites = siteParts(name, parent);
    const domain = domainOf(all, parent);
    const certificates = domain && wildcards(name, domain, parent);
    const siem = all.siem && siemExport(`${name}-siem`, all.siem, parent);
    const books = runbooks(name, all.prefix, parent);
    const roles = projectRoles(
      name,
      {
        ...{ ...all, templatesArn: templates.bucketArn, visitsArn: visits.bucketArn, siem },
        releaseDocumentName: books.release.name,
      },
      parent,
    );
    const around = {
      table,
      domain,
      queue,
      requests,
      templatesArn: templates.bucketArn,
      provisioningRoleArn: roles.provisioningRoleArn,
      runbooks: books,
      settings: settingsOf(all, {
        ...{ templates: templates.urls, roles, visits, sites, domain, certificates, siem },
        releaseDocument: books.release.name,
      }),
    };

    const steps = stepsFunction(name, all, around, parent);
    const saga = machine(name, all, { stepsArn: steps.functionArn, table, queue }, parent);
    const requestApi = apiFunction(name, all, around, saga.machine.arn, parent);
    const pushes = pushesFunction(name, all, around, saga.machine.arn, parent);
    const reading = readingFunction(name, all, around, parent);
    const reconcile = reconcileFunction(name, all, around, saga.machine.arn, parent);
    const domains = domainsFunction(name, all, around, saga.machine.arn, parent);
    onDrop(name, requests, requestApi, parent);
    const api = apiBefore(name, all, { requestApi, pushes, reading }, parent);
    tellConsole(name, all, api.url, parent);
    if (siem)
      feedLogs(
        `${name}-siem`,
        {
          steps: steps.logGroupName,
          requests: requestApi.logGroupName,
          pushes: pushes.logGroupName,
          reading: reading.logGroupName,
          reconcile: reconcile.logGroupName,
          domains: domains.logGroupName,
          machine: saga.logGroupName,
          api: api.accessLogGroupName,
        },
        siem,
        parent,
      );

    this.apiUrl = api.url;
    this.publicArns = { [name]: api.stageArn };
    this.logGroups = { [name]: api.accessLogGroupName };
    this.tableName = table.name;
    this.dataArns = [table.arn];
    this.stateMachineArn = saga.machine.arn;
    monitoring.keep(this, [
      provisionerMonitoring({
        stateMachineArn: saga.machine.arn,
        apiFunctionName: requestApi.functionName,
        reconcileFunctionName: reconcile.functionName,
        pushesFunctionName: pushes.functionName,
        domainsFunctionName: domains.functionName,
        manualQueueName: queue.name,
      }),
      apiMonitoring("provisioner", api.apiName, api.stageName),
    ]);
    this.manualQueueUrl = queue.url;
    this.registerOutputs({
      apiUrl: this.apiUrl,
      tableName: this.tableName,
      stateMachineArn: this.stateMachineArn,
      manualQueueUrl: this.manualQueueUrl,
    });
  }

  monitoring(): Monitoring[] {
    return monitoring.of(this);
  }
}

function domainOf({ domainName: name, zoneName, zoneId }: CompleteArgs, parent: Parent): Domain | undefined {
  if (name === undefined) return undefined;
  const zone = aws.route53.getZoneOutput(zoneId ? { zoneId } : { name: zoneName }, parent);
  return { name, zoneId: zoneId ?? zone.zoneId, zoneName: zone.name };
}

/** Dropped files contain secrets. If the function does not delete one, it expires by itself. */
const REQUESTS = { keepData: false, expireDays: 1, noncurrentDays: 1 };

interface Made {
  templates: Record<"static" | "server" | "database", pulumi.Output<string>>;
  roles: Roles;
  visits: PrivateBucket;
  sites: SiteParts;
  domain?: Domain;
  certificates?: Certificates;
  siem?: Export;
  releaseDocument: pulumi.Output<string>;
}

/** The arguments that the functions read unchanged. */
const AS_GIVEN = [
  ...(["prefix", "adminGroup", "automatic", "reserved", "repositories", "totpForProd"] as const),
  ...(["approvalHours", "reminderHours", "failedHours", "historyDays"] as const),
  ...(["devDays", "previewDays", "previewLimit", "warningDays", "frozenDays"] as const),
] as const;

/** The functions' settings, from the arguments and from what was created for them. */
function settingsOf(
  args: CompleteArgs,
  { templates, roles, visits, sites, domain, certificates, siem, releaseDocument }: Made,
): pulumi.Output<string> {
  const shared = {
    BoundaryArn: roles.boundaryArn,
    RolePath: ROLE_PATH,
    LogBucketName: visits.bucketName,
    LogDays: String(args.logRetentionDays),
    ...(siem && { SiemStreamArn: siem.streamArn, SiemRoleArn: siem.roleArn }),
  };
  return pulumi.jsonStringify({
    ...pick(args, AS_GIVEN),
    consoleUrl: args.consoleUrl ?? args.web.url,
    zones: domain ? domain.zoneName.apply((zone) => [zone]) : [],
    capacity: {
      sites: args.siteCapacity,
      balancers: args.balancerCapacity,
      databases: args.databaseCapacity,
      domains: args.domainCapacity,
    },
    domain: args.domainName ?? "",
    link: args.link ?? "",
    starters: args.starters ?? "",
    templates,
    parameters: {
      static: {
        ...shared,
        CertificateArn: certificates?.cloudfront ?? "",
        LogBucketDomain: visits.bucket.bucketDomainName,
        ...sites,
      },
      server: {
        ...shared,
        CertificateArn: certificates?.regional ?? "",
        ReleaseDocument: releaseDocument,
        VpcId: args.network.vpcId,
        VpcBlock: args.network.cidrBlock,
        PublicSubnets: pulumi.output(args.network.publicSubnetIds).apply((ids) => ids.join(",")),
        PrivateSubnets: pulumi.output(args.network.privateSubnetIds).apply((ids) => ids.join(",")),
      },
    },
  } satisfies InputsOf<FunctionSettings>);
}

/** S3 notifies the function of every dropped file. */
function onDrop(name: string, requests: PrivateBucket, lambda: ApiFunction, parent: Parent): void {
  const permission = new aws.lambda.Permission(
    `${name}-drop`,
    {
      function: lambda.functionName,
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
          lambdaFunctionArn: lambda.functionArn,
          events: ["s3:ObjectCreated:*"],
          filterPrefix: "requests/",
          filterSuffix: ".json",
        },
      ],
    },
    { ...parent, dependsOn: [permission, ...requests.ready] },
  );
}

function apiBefore(name: string, args: CompleteArgs, functions: Behind, parent: Parent): RestApi {
  return new RestApi(
    name,
    {
      routes: routesOf(functions),
      userPoolArn: args.people.userPoolArn,
      account: args.apiAccount,
      ratePerSecond: args.ratePerSecond,
      burst: args.ratePerSecond * 2,
      logRetentionDays: args.logRetentionDays,
      traced: args.traced,
    },
    parent,
  );
}
