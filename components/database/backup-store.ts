import * as pulumi from "@pulumi/pulumi";
import { allow, allowKey, Statement } from "../shared/permissions";
import { PrivateBucket } from "../shared/private-bucket";
import { REPOSITORY } from "./backup-files";

export interface BackupStoreArgs {
  keepData: boolean;
  kmsKeyArn: pulumi.Input<string>;
  /** The bucket to restore from. */
  restoreFrom?: { bucketName?: string; kmsKeyArn?: string };
}

/** What a node may do with the repository's objects. It may delete, because pgBackRest removes expired backups. */
const WRITE = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"];
const READ = ["s3:GetObject"];

/**
 * The bucket for a database's backups, encrypted with the database's own key. Costs what it stores. With `keepData`, it outlives the stack.
 * Anything overwritten or deleted in it can be recovered for another week, even if a faulty node did it.
 */
export class BackupStore extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  /** The permissions of the nodes' role. */
  readonly permissions: Statement[];
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: BackupStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("groundwork:index:BackupStore", name, {}, opts);
    const { keepData, kmsKeyArn, restoreFrom } = args;
    const bucket = new PrivateBucket(name, { keepData, kmsKeyArn, noncurrentDays: 7 }, { parent: this });
    this.bucketName = bucket.bucketName;
    this.ready = bucket.ready;
    this.permissions = [
      ...onRepository(bucket.bucketArn, WRITE),
      allowKey(["kms:Decrypt", "kms:GenerateDataKey"], kmsKeyArn, ["s3"]),
      ...(restoreFrom?.bucketName ? onRepository(arnOf(bucket.bucketArn, restoreFrom.bucketName), READ) : []),
      ...(restoreFrom?.kmsKeyArn ? [allowKey(["kms:Decrypt"], restoreFrom.kmsKeyArn, ["s3"])] : []),
    ];
    this.registerOutputs({ bucketName: this.bucketName });
  }
}

const onRepository = (bucketArn: pulumi.Input<string>, actions: string[]): Statement[] => [
  allow(["s3:ListBucket"], bucketArn, { StringLike: { "s3:prefix": [`${REPOSITORY}/*`] } }),
  allow(actions, pulumi.interpolate`${bucketArn}/${REPOSITORY}/*`),
];

/** Access to the repository's prefix in one of our buckets. */
const arnOf = (ours: pulumi.Output<string>, name: string) =>
  ours.apply((arn) => `${arn.split(":").slice(0, 5).join(":")}:${name}`);
