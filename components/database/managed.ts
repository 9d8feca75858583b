import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Check } from "../shared/check";
import { allow, serviceRole, Statement } from "../shared/permissions";
import { egress, ingress, securityGroup } from "../shared/security-group";
import { serviceKey } from "../shared/service-key";
import { Database, DATABASE_PORT } from "./database";
import { Built, cluster, instance } from "./managed-engines";

export const MANAGED_KINDS = ["instance", "cluster", "aurora"] as const;
export type ManagedKind = (typeof MANAGED_KINDS)[number];

export interface ManagedDatabaseArgs {
  /** Guards data, key and final snapshot against a destroy. */
  keepData: boolean;
  vpcId: pulumi.Input<string>;
  /** Private ones in two zones at least; a `cluster` needs three. */
  subnetIds: pulumi.Input<string>[];
  /** `instance`: one with a standby; `cluster`: three, two of which can be read; `aurora`: Aurora Serverless v2. @default "instance" */
  kind?: ManagedKind;
  /** @default true */
  multiAz?: boolean;
  /** PostgreSQL's major version. @default "17" */
  version?: string;
  /** @default "db.t4g.micro" for an instance, "db.m6gd.large" for a cluster */
  instanceClass?: string;
  /** @default 20, for a cluster 100 */
  storageGiB?: number;
  /** Aurora's smallest and largest capacity. @default 0.5 and 4 */
  minCapacity?: number;
  maxCapacity?: number;
  /** @default 7 */
  backupRetentionDays?: number;
}

/**
 * PostgreSQL by RDS: a Multi-AZ instance, a Multi-AZ cluster, or Aurora Serverless v2.
 * Costs from about 25 USD a month (db.t4g.micro with its standby) over 45 (Aurora at rest) to 400 (cluster). AWS fails over
 * by itself: an instance in 60 to 120 seconds, a cluster in under 35, by its own figures.
 */
export class ManagedDatabase extends pulumi.ComponentResource implements Database {
  readonly secretArn: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  readonly readEndpoint: pulumi.Output<string>;
  readonly clientSecurityGroupId: pulumi.Output<string>;
  readonly dataArn: pulumi.Output<string>;
  /** How CloudWatch and RDS's events know it. */
  readonly dimensions: Record<string, pulumi.Output<string>>;
  readonly environment: Record<string, pulumi.Output<string>>;
  readonly clientStatements: Statement[];

  constructor(name: string, args: ManagedDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArgs(name, args);
    super("groundwork:index:ManagedDatabase", name, {}, opts);
    const parent = { parent: this };
    const description = "The database's data and secret";
    const key = serviceKey(name, { description, keepData: args.keepData }, parent);
    const { server, clients } = groups(name, args, parent);
    const subnets = new aws.rds.SubnetGroup(name, { subnetIds: args.subnetIds }, parent);
    const monitoring = serviceRole(
      `${name}-monitoring`,
      { service: "monitoring.rds.amazonaws.com", statements: monitoringStatements(parent) },
      parent,
    );
    const parts = {
      subnetGroupName: subnets.name,
      securityGroupId: server.id,
      kmsKeyArn: key.arn,
      monitoringRoleArn: monitoring.arn,
    };
    const build = (args.kind ?? "instance") === "instance" ? instance : cluster;
    const built: Built = build(name, args, parts, parent);

    this.secretArn = built.secretArn;
    this.endpoint = built.endpoint;
    this.readEndpoint = built.readEndpoint;
    this.clientSecurityGroupId = clients.id;
    this.dataArn = built.dataArn;
    this.dimensions = built.dimensions;
    this.environment = {
      DATABASE_SECRET_ARN: this.secretArn,
      DATABASE_HOST: this.endpoint,
      DATABASE_PORT: pulumi.output(String(DATABASE_PORT)),
      DATABASE_NAME: pulumi.output("app"),
      ...(built.reads ? { DATABASE_READ_HOST: this.readEndpoint } : {}),
    };
    this.clientStatements = [
      allow(["secretsmanager:GetSecretValue"], this.secretArn),
      allow(["kms:Decrypt"], key.arn),
    ];
    this.registerOutputs({
      secretArn: this.secretArn,
      endpoint: this.endpoint,
      readEndpoint: this.readEndpoint,
      clientSecurityGroupId: this.clientSecurityGroupId,
    });
  }
}

function checkArgs(name: string, args: ManagedDatabaseArgs): void {
  const kind = args.kind ?? "instance";
  const [min, max] = [args.minCapacity ?? 0.5, args.maxCapacity ?? 4];
  const half = (value: number) => Number.isInteger(value * 2) && value >= 0 && value <= 256;
  new Check("ManagedDatabase", name)
    .oneOf("kind", args.kind, MANAGED_KINDS)
    .that(
      args.subnetIds.length >= (kind === "cluster" ? 3 : 2),
      "subnetIds",
      kind === "cluster" ? "three subnets at least for a cluster" : "two subnets at least",
      args.subnetIds.length,
    )
    .that(half(min), "minCapacity", "half units from 0 to 256", args.minCapacity)
    .that(
      half(max) && max >= min && max >= 1,
      "maxCapacity",
      "half units from minCapacity (and 1) to 256",
      args.maxCapacity,
    )
    .wholeNumber("storageGiB", args.storageGiB, 20, 65_536)
    .wholeNumber("backupRetentionDays", args.backupRetentionDays, 1, 35)
    .done();
}

function groups(
  name: string,
  args: ManagedDatabaseArgs,
  opts: pulumi.CustomResourceOptions,
): { server: aws.ec2.SecurityGroup; clients: aws.ec2.SecurityGroup } {
  const server = securityGroup(`${name}-server`, args.vpcId, "Database", opts);
  const clients = securityGroup(`${name}-clients`, args.vpcId, "Clients of the database", opts);
  const port = DATABASE_PORT;
  ingress(
    `${name}-in`,
    server.id,
    { description: "PostgreSQL from its clients", port, group: clients.id },
    opts,
  );
  egress(`${name}-out`, clients.id, { description: "PostgreSQL", port, group: server.id }, opts);
  return { server, clients };
}

/** Enhanced monitoring writes to one log group of RDS's own naming. */
function monitoringStatements(opts: pulumi.InvokeOptions): Statement[] {
  const region = aws.getRegionOutput({}, opts).region;
  const account = aws.getCallerIdentityOutput({}, opts).accountId;
  const group = pulumi.interpolate`arn:aws:logs:${region}:${account}:log-group:RDSOSMetrics`;
  return [
    allow(["logs:CreateLogGroup", "logs:PutRetentionPolicy"], group),
    allow(
      ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams", "logs:GetLogEvents"],
      pulumi.interpolate`${group}:log-stream:*`,
    ),
  ];
}
