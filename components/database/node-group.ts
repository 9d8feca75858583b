import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { userData } from "../shared/cloud-config";
import { here } from "../shared/here";
import {
  AMAZON_LINUX,
  machineProfile,
  newestImage,
  propagated,
  sessionManagerPermissions,
  templateDefaults,
} from "../shared/instance";
import { Complete } from "../shared/options";
import { allow, allowKey, Conditions, policyDocument, Statement } from "../shared/permissions";
import { PrivateBucket } from "../shared/private-bucket";
import { LEASE_TAG } from "../../functions/database/lease";
import type { SharedStorageArgs, sharedStorageOptions } from "./args";
import { agentFile } from "./agent-file";
import type { BackupStore } from "./backup-store";
import type { ClientSecret } from "./client-secret";
import { LAUNCH_HOOK, routeTableArns } from "./failover-watchdog";
import { NAMESPACE } from "./metrics";
import { nodeScript } from "./node-script";
import type { DataStorage } from "./storage";

type CompleteArgs = SharedStorageArgs & Complete<typeof sharedStorageOptions>;

/** What the node group needs from the rest of the component. */
export interface NodeParts {
  table: aws.dynamodb.Table;
  secret: ClientSecret;
  kmsKeyArn: pulumi.Input<string>;
  nodes: { group: aws.ec2.SecurityGroup; opens: pulumi.Resource[] };
  role: aws.iam.Role;
  profile: aws.iam.InstanceProfile;
  backups?: BackupStore;
}

/** The nodes' role, without statements at first: the file system's policy names the role, and the role's policy names the file system. */
export function nodeRole(name: string, sessionManager: boolean, opts: pulumi.CustomResourceOptions) {
  return machineProfile(name, sessionManager ? sessionManagerPermissions : [], opts);
}

/** The group of database nodes, one of which runs PostgreSQL. */
export function nodeGroup(
  name: string,
  args: CompleteArgs,
  parts: NodeParts,
  storage: DataStorage,
  opts: { parent: pulumi.Resource },
): aws.autoscaling.Group {
  const log = new aws.cloudwatch.LogGroup(name, { retentionInDays: args.logRetentionDays }, opts);
  const agent = agentObject(name, opts);
  const policy = new aws.iam.RolePolicy(
    `${name}-node`,
    {
      role: parts.role.name,
      policy: policyDocument(permissionsOf(args, parts, storage, { agent, log }, opts)),
    },
    opts,
  );
  const script = pulumi
    .output({
      region: here(opts).region,
      vpcId: args.network.vpcId,
      clientCidr: args.network.cidrBlock,
      virtualIp: args.virtualIp,
      table: parts.table.name,
      secretArn: parts.secret.arn,
      secretRoleArn: args.secret?.nodeRoleArn,
      fileSystemId: storage.fileSystemId,
      accessPointId: storage.accessPointId,
      agentBucket: agent.bucketName,
      agentKey: agent.key,
      agentSha256: agent.sha256,
      logGroup: log.name,
      version: args.version,
      leaseMs: args.leaseSeconds * 1000,
      passwordDays: args.passwordDays,
      backup: parts.backups && nodeBackup(args, parts.backups),
    })
    .apply((values) => userData(nodeScript(values)));
  const template = launchTemplate(name, args, parts, script, opts);
  const { nodes } = args;
  return new aws.autoscaling.Group(
    name,
    {
      minSize: 1,
      maxSize: 2,
      desiredCapacity: nodes,
      vpcZoneIdentifiers: args.network.privateSubnetIds,
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
      // EC2's status checks only: a passive node runs no PostgreSQL to check, and the lease takes care of the active one.
      healthCheckType: "EC2",
      healthCheckGracePeriod: 120,
      defaultInstanceWarmup: 120,
      initialLifecycleHooks: [
        {
          name: LAUNCH_HOOK,
          lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
          heartbeatTimeout: 900,
          defaultResult: "ABANDON",
        },
      ],
      waitForCapacityTimeout: "20m",
      instanceRefresh: {
        strategy: "Rolling",
        // One node at a time. A node hands PostgreSQL over before it is terminated; one that never becomes ready ends the update.
        preferences: { minHealthyPercentage: nodes > 1 ? 50 : 0, maxHealthyPercentage: 100 },
      },
      tags: [
        ...propagated({ Name: name, database: "true" }),
        { key: LEASE_TAG, value: parts.table.name, propagateAtLaunch: true },
      ],
    },
    {
      ...opts,
      dependsOn: [
        ...storage.ready,
        ...parts.nodes.opens,
        policy,
        ...agent.ready,
        ...(parts.backups?.ready ?? []),
        ...(args.network.ready ?? []),
      ],
    },
  );
}

/** Restricts a statement to instances whose tag names this lease. */
export const sameDatabase = (table: aws.dynamodb.Table): Conditions => ({
  StringEquals: { [`aws:ResourceTag/${LEASE_TAG}`]: table.name },
});
function nodeBackup(
  { backupRetentionDays, archiveSeconds, drillDays, restoreFrom }: CompleteArgs,
  { bucketName }: BackupStore,
) {
  return {
    bucketName,
    retentionDays: backupRetentionDays,
    archiveSeconds,
    drillDays,
    sourceBucketName: restoreFrom?.bucketName,
    restoreFrom: restoreFrom && [restoreFrom.time, restoreFrom.bucketName].filter(Boolean).join("@"),
  };
}

interface AgentObject {
  bucketName: pulumi.Output<string>;
  key: pulumi.Output<string>;
  arn: pulumi.Output<string>;
  sha256: string;
  ready: pulumi.Resource[];
}

/** The agent exceeds the limit of user data: a node downloads it, and verifies it by the checksum in its user data. */
function agentObject(name: string, opts: pulumi.CustomResourceOptions): AgentObject {
  const bucket = new PrivateBucket(`${name}-agent`, { keepData: false }, opts);
  const { path, sha256 } = agentFile();
  const object = new aws.s3.BucketObjectv2(
    `${name}-agent`,
    { bucket: bucket.bucketName, key: `agent-${sha256}.cjs`, source: new pulumi.asset.FileAsset(path) },
    { ...opts, dependsOn: bucket.ready },
  );
  return {
    bucketName: bucket.bucketName,
    key: object.key,
    arn: pulumi.interpolate`${bucket.bucketArn}/${object.key}`,
    sha256,
    ready: [object],
  };
}

function permissionsOf(
  args: CompleteArgs,
  parts: NodeParts,
  storage: DataStorage,
  { agent, log }: { agent: AgentObject; log: aws.cloudwatch.LogGroup },
  opts: { parent: pulumi.Resource },
): Statement[] {
  const instances = here(opts).arn("ec2", "instance/*");
  return [
    allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], parts.table.arn),
    allowKey(["kms:Decrypt"], parts.kmsKeyArn, ["dynamodb"]),
    // * because EC2's describe calls have no resource-level permission
    allow(["ec2:DescribeInstances", "ec2:DescribeRouteTables"], "*"),
    allow(["ec2:CreateRoute", "ec2:ReplaceRoute"], routeTableArns(args.network.virtualIpRouteTableIds, opts)),
    allow(["ec2:StopInstances"], instances, sameDatabase(parts.table)),
    // IfExists, and ignoring case: AWS documents neither that the key is always present nor how the attribute is spelled in it.
    allow(["ec2:ModifyInstanceAttribute"], instances, {
      ...sameDatabase(parts.table),
      StringEqualsIgnoreCaseIfExists: { "ec2:Attribute": "SourceDestCheck" },
    }),
    allow(["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"], storage.fileSystemArn, {
      StringEquals: { "elasticfilesystem:AccessPointArn": storage.accessPointArn },
    }),
    ...parts.secret.nodePermissions,
    allow(["secretsmanager:GetRandomPassword"], "*"), // * because it has no resource-level permission
    allow(["s3:GetObject"], agent.arn),
    ...(parts.backups
      ? [
          ...parts.backups.permissions,
          // * because it has no resource-level permission
          allow(["cloudwatch:PutMetricData"], "*", { StringEquals: { "cloudwatch:namespace": NAMESPACE } }),
        ]
      : []),
    allow(
      ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
      [log.arn, pulumi.interpolate`${log.arn}:*`],
    ),
  ];
}

function launchTemplate(
  name: string,
  args: CompleteArgs,
  { nodes: { group }, profile }: NodeParts,
  script: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): aws.ec2.LaunchTemplate {
  return new aws.ec2.LaunchTemplate(
    name,
    {
      imageId: newestImage(args.imageParameter ?? AMAZON_LINUX),
      instanceType: args.instanceType,
      keyName: args.keyName,
      iamInstanceProfile: { arn: profile.arn },
      ...templateDefaults(args.diskGiB),
      networkInterfaces: [
        { associatePublicIpAddress: "false", deleteOnTermination: "true", securityGroups: [group.id] },
      ],
      tagSpecifications: ["instance", "volume"].map((resourceType) => ({
        resourceType,
        tags: { Name: name },
      })),
      userData: script,
    },
    opts,
  );
}
