import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { kept } from "../shared/kept";
import { here } from "../shared/here";
import { Monitoring } from "../shared/monitoring";
import { fill } from "../shared/options";
import { must } from "../shared/refusals";
import { allow, Permission, readyRole, Statement } from "../shared/permissions";
import { egress, ingress, securityGroup } from "../shared/security-group";
import { serviceKey } from "../shared/service-key";
import { managedMonitoring, WatchedManaged } from "./alarms";
import { Database, DATABASE_PORT, ManagedDatabaseArgs, managedDatabaseOptions } from "./args";
import { APP_USER, appUser } from "./app-user";
import { Built, cluster, DATABASE, instance, MASTER } from "./managed-engines";

const watched = kept<WatchedManaged>();

/**
 * PostgreSQL on RDS: a Multi-AZ instance, a Multi-AZ cluster, or Aurora Serverless v2. Its clients sign in through IAM, as a user without the master's privileges.
 * Costs about 30 USD a month (db.t4g.micro with its standby), 95 (Aurora at rest) or 415 (cluster). AWS fails over
 * by itself: an instance in 60 to 120 seconds, a cluster in under 35, according to AWS.
 */
export class ManagedDatabase extends pulumi.ComponentResource implements Database {
  readonly secretArn: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  readonly readEndpoint: pulumi.Output<string>;
  readonly clientSecurityGroupId: pulumi.Output<string>;
  readonly dataArns: pulumi.Output<string>[];
  readonly opens: pulumi.Resource[];
  readonly environment: Record<string, pulumi.Output<string>>;
  readonly clientPermissions: Permission[];

  constructor(name: string, args: ManagedDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    const filled = fill("ManagedDatabase", name, managedDatabaseOptions, args, ({ kind, network }) => {
      const least = kind === "cluster" ? 3 : 2;
      const { length } = network.privateSubnetIds;
      return must(length >= least, "network", `one with ${least} private subnets for kind ${kind}`, length);
    });
    super("groundwork:index:ManagedDatabase", name, {}, opts);
    const parent = { parent: this };
    const description = "The database's data and secret";
    const key = serviceKey(
      name,
      { description, keepData: args.keepData },
      { ...parent, retainOnDelete: filled.finalSnapshot },
    );
    const { server, clients, opens } = groups(name, args, parent);
    const subnets = new aws.rds.SubnetGroup(name, { subnetIds: args.network.privateSubnetIds }, parent);
    const monitoring = readyRole(
      `${name}-monitoring`,
      { service: "monitoring.rds.amazonaws.com", permissions: monitoringPermissions(parent) },
      parent,
    );
    const parts = {
      subnetGroupName: subnets.name,
      securityGroupId: server.id,
      kmsKeyArn: key.arn,
      monitoringRoleArn: monitoring.arn,
      ready: monitoring.ready,
    };
    const build = filled.kind === "instance" ? instance : cluster;
    const built: Built = build(name, filled, parts, parent);

    this.secretArn = built.secretArn;
    this.endpoint = built.endpoint;
    this.readEndpoint = built.readEndpoint;
    this.clientSecurityGroupId = clients.id;
    this.opens = opens;
    this.dataArns = [built.dataArn];
    watched.keep(this, {
      identifier: built.identifier,
      dimensions: built.dimensions,
      storageIsBounded: filled.kind !== "aurora",
    });
    this.environment = {
      DATABASE_IAM_USER: pulumi.output(APP_USER),
      DATABASE_HOST: this.endpoint,
      DATABASE_PORT: pulumi.output(String(DATABASE_PORT)),
      DATABASE_NAME: pulumi.output(DATABASE),
      ...(built.reads ? { DATABASE_READ_HOST: this.readEndpoint } : {}),
    };
    this.clientPermissions = appUser(
      `${name}-app-user`,
      {
        network: args.network,
        clientSecurityGroupId: clients.id,
        opens,
        host: this.endpoint,
        databaseName: DATABASE,
        masterUser: MASTER,
        masterSecretArn: this.secretArn,
        kmsKeyArn: key.arn,
        resourceId: built.resourceId,
        ready: built.ready,
      },
      parent,
    );
    this.registerOutputs({
      secretArn: this.secretArn,
      endpoint: this.endpoint,
      readEndpoint: this.readEndpoint,
      clientSecurityGroupId: this.clientSecurityGroupId,
    });
  }

  monitoring(): Monitoring[] {
    return [managedMonitoring(watched.of(this))];
  }
}

function groups(
  name: string,
  args: ManagedDatabaseArgs,
  opts: pulumi.CustomResourceOptions,
): { server: aws.ec2.SecurityGroup; clients: aws.ec2.SecurityGroup; opens: pulumi.Resource[] } {
  const server = securityGroup(`${name}-server`, args.network.vpcId, "Database", opts);
  const clients = securityGroup(`${name}-clients`, args.network.vpcId, "Clients of the database", opts);
  const port = DATABASE_PORT;
  const opens = [
    ingress(
      `${name}-in`,
      server.id,
      { description: "PostgreSQL from its clients", port, group: clients.id },
      opts,
    ),
    egress(`${name}-out`, clients.id, { description: "PostgreSQL", port, group: server.id }, opts),
  ];
  return { server, clients, opens };
}

/** Enhanced monitoring writes to one log group that RDS names itself. On creation, IAM sees it as `...:log-stream:`. */
function monitoringPermissions(opts: { parent: pulumi.Resource }): Statement[] {
  const group = here(opts).arn("logs", "log-group:RDSOSMetrics");
  return [
    allow(
      [
        "logs:CreateLogGroup",
        "logs:PutRetentionPolicy",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "logs:DescribeLogStreams",
        "logs:GetLogEvents",
      ],
      [group, pulumi.interpolate`${group}:*`],
    ),
  ];
}
