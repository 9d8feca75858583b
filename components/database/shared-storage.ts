import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { contains, parseCidr } from "../shared/cidr";
import { kept } from "../shared/kept";
import { Monitoring } from "../shared/monitoring";
import { fill, Complete } from "../shared/options";
import { Permission } from "../shared/permissions";
import { must, Problem } from "../shared/refusals";
import { egress, ingress, securityGroup } from "../shared/security-group";
import { serviceKey } from "../shared/service-key";
import { sharedStorageMonitoring } from "./alarms";
import { BackupStore } from "./backup-store";
import { Database, DATABASE_PORT, SharedStorageArgs, sharedStorageArguments } from "./args";
import { FailoverWatchdog } from "./failover-watchdog";
import { nodeGroup, nodeRole, sameDatabase } from "./node-group";
import { clientSecret } from "./client-secret";
import { DataStorage } from "./storage";

const monitored = kept<{ archiveSeconds: number } | undefined>();

/**
 * PostgreSQL on a shared file system, run by one of two nodes behind a virtual IP; a lease decides which one.
 * Costs about 24 USD a month for two t4g.small, 8 for disks, key, lease and stored data, including its backups. If PostgreSQL or its node fails, the other
 * node takes over in seconds; unless the failed node gave up the lease itself, EC2 must first confirm that it is off.
 */
export class SharedStorage extends pulumi.ComponentResource implements Database {
  readonly secretArn: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  readonly readEndpoint: pulumi.Output<string>;
  readonly clientSecurityGroupId: pulumi.Output<string>;
  readonly nodeSecurityGroupId: pulumi.Output<string>;
  readonly groupName: pulumi.Output<string>;
  readonly leaseTableName: pulumi.Output<string>;
  private readonly nodes: number;
  readonly backupBucketName?: pulumi.Output<string>;
  readonly dataArns: pulumi.Output<string>[];
  readonly opens: pulumi.Resource[];
  readonly environment: Record<string, pulumi.Output<string>>;
  readonly clientPermissions: Permission[];

  constructor(name: string, args: SharedStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    const filled = fill("SharedStorage", name, sharedStorageArguments, args, misplaced);
    super("groundwork:index:SharedStorage", name, {}, opts);
    const parent = { parent: this };
    const guarded = { parent: this, protect: args.keepData };
    const { virtualIp, network } = filled;

    const description = "The database's data, lease and secret";
    const key = serviceKey(name, { description, keepData: args.keepData }, guarded);
    const secret = clientSecret(name, args, key.arn, guarded);
    const table = leaseTable(name, args.keepData, key.arn, guarded);
    const { nodes, clients } = groups(name, filled, parent);
    const { role, profile } = nodeRole(name, filled.sessionManager, parent);
    const storage = new DataStorage(
      name,
      {
        vpcId: network.vpcId,
        subnetIds: network.privateSubnetIds,
        keepData: args.keepData,
        ownBackups: filled.ownBackups,
        kmsKeyArn: key.arn,
        version: filled.version,
        nodeGroupId: nodes.group.id,
        nodeRoleArn: role.arn,
      },
      parent,
    );
    const { restoreFrom, archiveSeconds } = filled;
    const backups = filled.backupRetentionDays
      ? new BackupStore(
          `${name}-backups`,
          { keepData: args.keepData, kmsKeyArn: key.arn, restoreFrom },
          parent,
        )
      : undefined;
    const parts = { table, secret, kmsKeyArn: key.arn, nodes, role, profile, backups };
    const group = nodeGroup(name, filled, parts, storage, parent);
    new FailoverWatchdog(
      `${name}-failover`,
      {
        vpcId: network.vpcId,
        virtualIp,
        routeTableIds: network.virtualIpRouteTableIds,
        tableName: table.name,
        tableArn: table.arn,
        kmsKeyArn: key.arn,
        sameDatabase: sameDatabase(table),
        groupName: name,
        logRetentionDays: filled.logRetentionDays,
      },
      parent,
    );

    this.secretArn = pulumi.output(secret.arn);
    this.endpoint = pulumi.output(virtualIp);
    // Only one node has the data at a time, so there is no other one to read from.
    this.readEndpoint = this.endpoint;
    this.clientSecurityGroupId = clients.group.id;
    this.opens = clients.opens;
    this.nodeSecurityGroupId = nodes.group.id;
    this.groupName = group.name;
    this.leaseTableName = table.name;
    this.nodes = filled.nodes;
    if (backups) this.backupBucketName = backups.bucketName;
    monitored.keep(this, backups && { archiveSeconds });
    this.dataArns = [storage.fileSystemArn];
    this.environment = { DATABASE_SECRET_ARN: this.secretArn, ...secret.environment };
    this.clientPermissions = secret.clientPermissions;
    this.registerOutputs({
      secretArn: this.secretArn,
      endpoint: this.endpoint,
      readEndpoint: this.readEndpoint,
      clientSecurityGroupId: this.clientSecurityGroupId,
      nodeSecurityGroupId: this.nodeSecurityGroupId,
      groupName: this.groupName,
      leaseTableName: this.leaseTableName,
      ...(this.backupBucketName ? { backupBucketName: this.backupBucketName } : {}),
    });
  }

  monitoring(): Monitoring[] {
    return [sharedStorageMonitoring(this.leaseTableName, this.nodes, monitored.of(this))];
  }
}

/** Checks that need more than the option itself. */
function misplaced({
  network,
  virtualIp,
}: SharedStorageArgs & Complete<typeof sharedStorageArguments>): Problem[] {
  const { privateSubnetIds, virtualIpRouteTableIds: tables, cidrBlock } = network;
  const inside = contains(parseCidr(cidrBlock)!, parseCidr(`${virtualIp}/32`)!);
  return [
    ...must(privateSubnetIds.length >= 2, "network", "one with two private subnets", privateSubnetIds.length),
    ...must(tables.length >= 1, "network", "one with a route table for the virtual IP", tables.length),
    ...must(
      !inside,
      "virtualIp",
      `an IPv4 address outside ${cidrBlock}, where the VPC's own route would win`,
      virtualIp,
    ),
  ];
}

/** A table with one item. The node that holds it may run PostgreSQL. */
function leaseTable(
  name: string,
  keepData: boolean,
  kmsKeyArn: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): aws.dynamodb.Table {
  return new aws.dynamodb.Table(
    name,
    {
      attributes: [{ name: "pk", type: "S" }],
      hashKey: "pk",
      billingMode: "PAY_PER_REQUEST",
      serverSideEncryption: { enabled: true, kmsKeyArn },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: keepData,
    },
    opts,
  );
}

/** A security group, and the rules that its members wait for before they call anything. */
interface Members {
  group: aws.ec2.SecurityGroup;
  opens: pulumi.Resource[];
}

function groups(
  name: string,
  { network, virtualIp, bastion }: SharedStorageArgs & Complete<typeof sharedStorageArguments>,
  opts: pulumi.CustomResourceOptions,
): { nodes: Members; clients: Members } {
  const nodes = securityGroup(`${name}-nodes`, network.vpcId, "Database nodes", opts);
  const clients = securityGroup(`${name}-clients`, network.vpcId, "Clients of the database", opts);
  const postgresql = ingress(
    `${name}-postgresql`,
    nodes.id,
    { description: "PostgreSQL from its clients", port: DATABASE_PORT, group: clients.id },
    opts,
  );
  if (bastion)
    ingress(
      `${name}-ssh-bastion`,
      nodes.id,
      { description: "SSH from the bastion", port: 22, group: bastion.securityGroupId },
      opts,
    );
  const https = egress(
    `${name}-https`,
    nodes.id,
    { description: "The lease, EC2 and updates", port: 443, cidr: "0.0.0.0/0" },
    opts,
  );
  // Not the nodes' group: a group means its members' own addresses, and the virtual IP is not one of them.
  const behind = egress(
    `${name}-virtual-ip`,
    clients.id,
    { description: "PostgreSQL behind the virtual IP", port: DATABASE_PORT, cidr: `${virtualIp}/32` },
    opts,
  );
  return {
    nodes: { group: nodes, opens: [https, ...(network.allowEgress?.(name, nodes.id) ?? [])] },
    clients: { group: clients, opens: [postgresql, behind] },
  };
}
