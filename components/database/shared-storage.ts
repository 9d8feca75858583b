import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Check } from "../shared/check";
import { contains, parseCidr } from "../shared/cidr";
import { allow, Statement } from "../shared/permissions";
import { egress, ingress, securityGroup } from "../shared/security-group";
import { serviceKey } from "../shared/service-key";
import { Database, DATABASE_PORT } from "./database";
import { FailoverWatch } from "./failover-watch";
import { nodeGroup, nodeRole } from "./node-group";
import { DataStorage } from "./storage";

export interface SharedStorageArgs {
  /** Guards data, key and secret against a destroy. */
  keepData: boolean;
  vpcId: pulumi.Input<string>;
  /** Private ones, each in a zone of its own. */
  subnetIds: pulumi.Input<string>[];
  /** The route tables tagged `database=true`: from there the virtual IP is reached. */
  routeTableIds: pulumi.Input<string>[];
  /** The block that clients connect from, the VPC's. */
  clientCidr: string;
  /** Outside the VPC's own block. @default "10.10.10.10" */
  virtualIp?: string;
  /** 1 or 2: with one, a failover takes as long as a new instance needs. @default 2 */
  nodes?: number;
  /** @default "t4g.small" */
  instanceType?: string;
  /** PostgreSQL's major version. @default 17 */
  version?: number;
  /** How long a node counts on its lease; a failover takes a little longer. @default 2 */
  leaseSeconds?: number;
  /** The clients' password is changed when it is this old. @default 30 */
  passwordDays?: number;
  /** An SSM parameter that holds the machine image. @default Amazon Linux 2023 */
  imageParameter?: pulumi.Input<string>;
  /** The bastion's security group, for SSH. @default none */
  bastionSecurityGroupId?: pulumi.Input<string>;
  /** EFS's own backup each night: for where no plan of AWS Backup's covers `dataArn`, which would pay twice. @default true */
  ownBackups?: boolean;
  /** The EC2 key pair for SSH. @default none */
  keyName?: string;
  /** Opens Session Manager to the nodes, without a port. @default false */
  sessionManager?: boolean;
  /** Told when the database does not answer: the ARN of an SNS topic. @default nobody */
  alarmTopicArn?: pulumi.Input<string>;
  /** @default 30 */
  logRetentionDays?: number;
}

/**
 * PostgreSQL on a shared file system, run by one of two nodes behind a virtual IP; a lease decides which.
 * Costs about 24 USD a month for two t4g.small, 10 for the lease and what is stored. Another node takes over in seconds
 * when PostgreSQL or its node fails, as soon as EC2 has confirmed that a node which did not give up by itself is off.
 */
export class SharedStorage extends pulumi.ComponentResource implements Database {
  readonly secretArn: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  readonly readEndpoint: pulumi.Output<string>;
  readonly clientSecurityGroupId: pulumi.Output<string>;
  readonly nodeSecurityGroupId: pulumi.Output<string>;
  readonly groupName: pulumi.Output<string>;
  readonly leaseTableName: pulumi.Output<string>;
  readonly dataArn: pulumi.Output<string>;
  readonly environment: Record<string, pulumi.Output<string>>;
  readonly clientStatements: Statement[];

  constructor(name: string, args: SharedStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArgs(name, args);
    super("groundwork:index:SharedStorage", name, {}, opts);
    const parent = { parent: this };
    const guarded = { parent: this, protect: args.keepData };
    const virtualIp = args.virtualIp ?? "10.10.10.10";

    const description = "The database's data, lease and secret";
    const key = serviceKey(name, { description, keepData: args.keepData }, guarded);
    const secret = new aws.secretsmanager.Secret(
      name,
      {
        description: "The app's user of the database; the first node fills it in",
        kmsKeyId: key.arn,
        recoveryWindowInDays: args.keepData ? 30 : 0,
      },
      guarded,
    );
    const table = leaseTable(name, args.keepData, key.arn, guarded);
    const { nodes, clients } = groups(name, args, virtualIp, parent);
    const { role, profile } = nodeRole(name, args.sessionManager ?? false, parent);
    const storage = new DataStorage(
      name,
      {
        vpcId: args.vpcId,
        subnetIds: args.subnetIds,
        keepData: args.keepData,
        ownBackups: args.ownBackups ?? true,
        kmsKeyArn: key.arn,
        nodeGroupId: nodes.id,
        nodeRoleArn: role.arn,
      },
      parent,
    );
    const parts = { virtualIp, table, secret, kmsKeyArn: key.arn, group: nodes, role, profile };
    const group = nodeGroup(name, args, parts, storage, parent);
    new FailoverWatch(
      `${name}-failover`,
      {
        vpcId: args.vpcId,
        virtualIp,
        routeTableIds: args.routeTableIds,
        tableName: table.name,
        tableArn: table.arn,
        kmsKeyArn: key.arn,
        alarmTopicArn: args.alarmTopicArn,
        logRetentionDays: args.logRetentionDays,
      },
      parent,
    );

    this.secretArn = secret.arn;
    this.endpoint = pulumi.output(virtualIp);
    // One node has the data at a time, so there is no second one to read from.
    this.readEndpoint = this.endpoint;
    this.clientSecurityGroupId = clients.id;
    this.nodeSecurityGroupId = nodes.id;
    this.groupName = group.name;
    this.leaseTableName = table.name;
    this.dataArn = storage.fileSystemArn;
    this.environment = { DATABASE_SECRET_ARN: this.secretArn };
    this.clientStatements = [
      allow(["secretsmanager:GetSecretValue"], this.secretArn),
      allow(["kms:Decrypt"], key.arn),
    ];
    this.registerOutputs({
      secretArn: this.secretArn,
      endpoint: this.endpoint,
      readEndpoint: this.readEndpoint,
      clientSecurityGroupId: this.clientSecurityGroupId,
      nodeSecurityGroupId: this.nodeSecurityGroupId,
      groupName: this.groupName,
      leaseTableName: this.leaseTableName,
    });
  }
}

function checkArgs(name: string, args: SharedStorageArgs): void {
  const address = parseCidr(`${args.virtualIp ?? "10.10.10.10"}/32`);
  const block = parseCidr(args.clientCidr);
  new Check("SharedStorage", name)
    .that(args.subnetIds.length >= 2, "subnetIds", "two subnets at least", args.subnetIds.length)
    .that(args.routeTableIds.length >= 1, "routeTableIds", "one table at least", args.routeTableIds.length)
    .that(block !== undefined, "clientCidr", "an IPv4 block such as 10.0.0.0/16", args.clientCidr)
    .that(
      address !== undefined && !(block && contains(block, address)),
      "virtualIp",
      `an IPv4 address outside ${args.clientCidr}, where the VPC's own route would win`,
      args.virtualIp ?? "10.10.10.10",
    )
    .wholeNumber("nodes", args.nodes, 1, 2)
    .wholeNumber("version", args.version, 15, 18)
    .wholeNumber("leaseSeconds", args.leaseSeconds, 2, 60)
    .wholeNumber("passwordDays", args.passwordDays, 1, 365)
    .done();
}

/** One item; who holds it may run PostgreSQL. */
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

function groups(
  name: string,
  args: SharedStorageArgs,
  virtualIp: string,
  opts: pulumi.CustomResourceOptions,
): { nodes: aws.ec2.SecurityGroup; clients: aws.ec2.SecurityGroup } {
  const nodes = securityGroup(`${name}-nodes`, args.vpcId, "Database nodes", opts);
  const clients = securityGroup(`${name}-clients`, args.vpcId, "Clients of the database", opts);
  ingress(
    `${name}-postgresql`,
    nodes.id,
    { description: "PostgreSQL from its clients", port: DATABASE_PORT, group: clients.id },
    opts,
  );
  if (args.bastionSecurityGroupId)
    ingress(
      `${name}-ssh-bastion`,
      nodes.id,
      { description: "SSH from the bastion", port: 22, group: args.bastionSecurityGroupId },
      opts,
    );
  egress(
    `${name}-https`,
    nodes.id,
    { description: "The lease, EC2 and updates", port: 443, cidr: "0.0.0.0/0" },
    opts,
  );
  // Not the nodes' group: that would stand for their own addresses, and the virtual IP is none of them.
  egress(
    `${name}-virtual-ip`,
    clients.id,
    { description: "PostgreSQL behind the virtual IP", port: DATABASE_PORT, cidr: `${virtualIp}/32` },
    opts,
  );
  return { nodes, clients };
}
