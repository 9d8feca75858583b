import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../shared/permissions";
import { egress, ingress, securityGroup } from "../shared/security-group";
import { keepsItsVersion, VERSION_TAG } from "./data-version";
import { POSTGRES_UID } from "./node-script";

const NFS_PORT = 2049;

export interface DataStorageArgs {
  vpcId: pulumi.Input<string>;
  subnetIds: pulumi.Input<string>[];
  keepData: boolean;
  /** Turns on EFS's own nightly backup. */
  ownBackups: boolean;
  kmsKeyArn: pulumi.Input<string>;
  /** The major version of PostgreSQL that creates the data. */
  version: number;
  /** The nodes' security group, the only one that can reach the data. */
  nodeGroupId: pulumi.Input<string>;
  /** The nodes' role, the only one that may mount. */
  nodeRoleArn: pulumi.Input<string>;
}

/**
 * The database's shared file system, with a mount target in each subnet.
 * Costs 0.30 USD a GB and month, plus reads and writes. Survives the loss of a zone and, with `keepData`, also a destroy.
 */
export class DataStorage extends pulumi.ComponentResource {
  readonly fileSystemId: pulumi.Output<string>;
  readonly fileSystemArn: pulumi.Output<string>;
  readonly accessPointId: pulumi.Output<string>;
  readonly accessPointArn: pulumi.Output<string>;
  /** Nothing can mount until these exist. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: DataStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("groundwork:index:DataStorage", name, {}, opts);
    const parent = { parent: this };
    const files = new aws.efs.FileSystem(
      name,
      {
        encrypted: true,
        kmsKeyId: args.kmsKeyArn,
        // PostgreSQL's load comes in bursts, and provisioned throughput would cost money all the time.
        throughputMode: "elastic",
        tags: { Name: name, [VERSION_TAG]: String(args.version) },
      },
      { ...parent, protect: args.keepData, hooks: keepsItsVersion(name) },
    );
    const backups = new aws.efs.BackupPolicy(
      name,
      { fileSystemId: files.id, backupPolicy: { status: args.ownBackups ? "ENABLED" : "DISABLED" } },
      parent,
    );
    const group = securityGroup(`${name}-nfs`, args.vpcId, "Shared data of the database", parent);
    const opens = [
      ingress(
        `${name}-nfs-in`,
        group.id,
        { description: "NFS from the database nodes", port: NFS_PORT, group: args.nodeGroupId },
        parent,
      ),
      egress(
        `${name}-nfs-out`,
        args.nodeGroupId,
        { description: "NFS to the shared data", port: NFS_PORT, group: group.id },
        parent,
      ),
    ];
    const targets = args.subnetIds.map(
      (subnetId, slot) =>
        new aws.efs.MountTarget(
          `${name}-${slot}`,
          { fileSystemId: files.id, subnetId, securityGroups: [group.id] },
          parent,
        ),
    );
    const owner = { ownerUid: POSTGRES_UID, ownerGid: POSTGRES_UID, permissions: "0700" };
    const point = new aws.efs.AccessPoint(
      name,
      {
        fileSystemId: files.id,
        posixUser: { uid: POSTGRES_UID, gid: POSTGRES_UID },
        rootDirectory: { path: "/database", creationInfo: owner },
        tags: { Name: name },
      },
      parent,
    );
    const policy = onlyNodes(name, files, point, args.nodeRoleArn, parent);

    this.fileSystemId = files.id;
    this.fileSystemArn = files.arn;
    this.accessPointId = point.id;
    this.accessPointArn = point.arn;
    this.ready = [...targets, ...opens, backups, policy];
    this.registerOutputs({
      fileSystemId: this.fileSystemId,
      fileSystemArn: this.fileSystemArn,
      accessPointId: this.accessPointId,
      accessPointArn: this.accessPointArn,
    });
  }
}

/** Without a policy, a file system lets everybody mount it who can reach its port. */
function onlyNodes(
  name: string,
  files: aws.efs.FileSystem,
  point: aws.efs.AccessPoint,
  roleArn: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): aws.efs.FileSystemPolicy {
  return new aws.efs.FileSystemPolicy(
    name,
    {
      fileSystemId: files.id,
      policy: policyDocument([
        {
          Sid: "Nodes",
          Effect: "Allow",
          Principal: { AWS: roleArn },
          Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
          Resource: files.arn,
          Condition: { StringEquals: { "elasticfilesystem:AccessPointArn": point.arn } },
        },
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: { AWS: "*" }, // * because a refusal must hold for everyone
          Action: "*",
          Resource: files.arn,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ]),
    },
    opts,
  );
}
