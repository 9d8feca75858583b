import * as pulumi from "@pulumi/pulumi";
import { Conditions, Statement } from "../shared/permissions";

const READS = ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectAttributes"];
const SENDS = ["s3:PutObject", "s3:AbortMultipartUpload"];
/**
 * All else by which an object, its tags, its locks or its owner can be changed, by families: what S3 learns next is refused as well,
 * and S3 refuses a whole policy that names an action which a region does not know yet. `?*` leaves `PutObject` itself to `SENDS`.
 */
const CHANGES = [
  "s3:PutObject?*",
  "s3:DeleteObject*",
  "s3:UpdateObject*",
  "s3:RestoreObject",
  "s3:BypassGovernanceRetention",
  "s3:ObjectOwnerOverrideToBucketOwner",
  "s3:InitiateReplication",
  "s3:Replicate*",
];
const VERDICT = "GuardDutyMalwareScanStatus";

export interface Admitted {
  /** Roles that may read objects. */
  readers: pulumi.Input<string>[];
  /** Roles that may put objects, and neither tag nor delete them. */
  senders: pulumi.Input<string>[];
  /** Roles that may put, tag or delete objects. */
  writers: pulumi.Input<string>[];
  /** Roles that may say of an object what the malware scan found. */
  judges: pulumi.Input<string>[];
}

/** For a bucket's policy: refuses everybody else in the account, whatever their own policies say. */
export function onlyFor(
  bucketArn: pulumi.Input<string>,
  { readers, senders, writers, judges }: Admitted,
): Statement[] {
  const verdict = refuseOthers(
    "VerdictByScanOnly",
    ["s3:PutObject", "s3:PutObjectTagging", "s3:PutObjectVersionTagging"],
    bucketArn,
    judges,
  );
  return [
    refuseOthers("ReadersOnly", READS, bucketArn, readers),
    refuseOthers("SendersOnly", SENDS, bucketArn, [...senders, ...writers]),
    refuseOthers("WritersOnly", CHANGES, bucketArn, writers),
    {
      ...verdict,
      Condition: {
        ...verdict.Condition,
        "ForAnyValue:StringEquals": { "s3:RequestObjectTagKeys": VERDICT },
      },
    },
  ];
}

function refuseOthers(
  Sid: string,
  actions: string[],
  bucketArn: pulumi.Input<string>,
  roles: pulumi.Input<string>[],
): Statement {
  return {
    Sid,
    Effect: "Deny",
    Action: actions,
    Principal: "*", // * because a refusal must hold for everyone
    Resource: pulumi.interpolate`${bucketArn}/*`,
    ...(roles.length ? { Condition: notBy(roles) } : {}),
  };
}

/** AWS tells a session's role here; some that speak its protocol tell the session itself, so both are named. */
function notBy(roles: pulumi.Input<string>[]): Conditions {
  const principals = pulumi
    .all(roles)
    .apply((arns) => arns.flatMap((arn) => [arn, ...(sessionsOf(arn) ?? [])]));
  return { ArnNotEquals: { "aws:PrincipalArn": principals } };
}

function sessionsOf(arn: string): [string] | undefined {
  const [, partition, account, name] = /^arn:([\w-]+):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  return name ? [`arn:${partition}:sts::${account}:assumed-role/${name}/*`] : undefined;
}

/** For a bucket's policy: what is put is encrypted under this key; a put that names none gets the bucket's own, this one. */
export function onlyUnder(keyArn: pulumi.Input<string>, bucketArn: pulumi.Input<string>): Statement[] {
  const refuse = (Sid: string, header: string, value: pulumi.Input<string>): Statement => ({
    Sid,
    Effect: "Deny",
    Action: "s3:PutObject",
    Principal: "*", // * because a refusal must hold for everyone
    Resource: pulumi.interpolate`${bucketArn}/*`,
    // A header that is absent counts as unequal, and must not: then the bucket's own encryption holds.
    Condition: { StringNotEquals: { [header]: value }, Null: { [header]: "false" } },
  });
  return [
    refuse("KmsOnly", "s3:x-amz-server-side-encryption", "aws:kms"),
    refuse("ThisKeyOnly", "s3:x-amz-server-side-encryption-aws-kms-key-id", keyArn),
  ];
}

/** For a bucket's policy: nobody but the scanner and these roles reads an object before the scan found it clean. */
export function onlyWhenClean(bucketArn: pulumi.Input<string>, exempt: pulumi.Input<string>[]): Statement {
  return {
    Sid: "CleanOnly",
    Effect: "Deny",
    Action: ["s3:GetObject", "s3:GetObjectVersion"],
    Principal: "*", // * because a refusal must hold for everyone
    Resource: pulumi.interpolate`${bucketArn}/*`,
    Condition: {
      StringNotEquals: { [`s3:ExistingObjectTag/${VERDICT}`]: "NO_THREATS_FOUND" },
      ...(exempt.length ? notBy(exempt) : {}),
    },
  };
}
