import * as pulumi from "@pulumi/pulumi";
import { Conditions, Statement } from "../shared/permissions";

const READS = ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectAttributes"];
const SENDS = ["s3:PutObject", "s3:AbortMultipartUpload"];
/**
 * All other actions that change an object, its tags, its locks or its owner, as families: they also refuse actions that S3 adds
 * later. S3 refuses a whole policy if it names an action that a region does not know yet. `?*` leaves `PutObject` itself to `SENDS`.
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
/** The families of `PutObject?*` without `PutObjectTagging`. S3 refuses a family without an action, so not every letter has one. */
const BUT_TAGGING = ["A", "L", "R", "V"].map((letter) => `s3:PutObject${letter}*`);

export const VERDICT = "GuardDutyMalwareScanStatus";
const CLEAN = "NO_THREATS_FOUND";
/** The key of the tag with which the web app marks a file. */
export const SENSITIVE = "sensitive";

export interface Admitted {
  /** Roles that may read objects. */
  readers: pulumi.Input<string>[];
  /** Roles that may put objects and delete them with a marker, but change nothing else about them. */
  senders: pulumi.Input<string>[];
  /** Whether senders may also read objects, and mark them as sensitive. */
  sendersOpenAndMark: boolean;
  /** Roles that may put, tag or delete objects. */
  writers: pulumi.Input<string>[];
  /** Roles that may record an object's malware scan result. */
  judges: pulumi.Input<string>[];
}

/** For a bucket's policy: denies access to everybody else in the account, whatever their own policies allow. */
export function onlyFor(
  bucketArn: pulumi.Input<string>,
  { readers, senders, sendersOpenAndMark, writers, judges }: Admitted,
): Statement[] {
  const carriesVerdict = { "ForAnyValue:StringEquals": { "s3:RequestObjectTagKeys": VERDICT } };
  const verdict = (Sid: string, actions: string[], roles: pulumi.Input<string>[]): Statement => {
    const refused = refuseOthers(Sid, actions, bucketArn, roles);
    return { ...refused, Condition: { ...refused.Condition, ...carriesVerdict } };
  };
  const markers = sendersOpenAndMark ? senders : [];
  return [
    refuseOthers("ReadersOnly", READS, bucketArn, [...readers, ...markers]),
    refuseOthers("SendersOnly", SENDS, bucketArn, [...senders, ...writers]),
    refuseOthers("WritersOnly", CHANGES, bucketArn, [...writers, ...senders]),
    verdict("VerdictByScanOnly", ["s3:PutObject", "s3:PutObjectVersionTagging"], judges),
    verdict("VerdictTagByScanOnly", ["s3:PutObjectTagging"], [...judges, ...markers]),
    ...(senders.length ? [sendersDoNoMore(bucketArn, senders, sendersOpenAndMark)] : []),
    ...(markers.length ? marksOnly(bucketArn, markers, carriesVerdict) : []),
  ];
}

/** Everything except deleting with a marker and, if allowed, reading and tagging the newest version. */
const sendersDoNoMore = (
  bucketArn: pulumi.Input<string>,
  senders: pulumi.Input<string>[],
  mayMark: boolean,
): Statement => ({
  ...refuseThese("SendersDoNoMore", bucketArn, senders),
  Action: [
    ...CHANGES.filter((family) => !["s3:PutObject?*", "s3:DeleteObject*"].includes(family)),
    "s3:DeleteObject?*",
    ...(mayMark ? [...BUT_TAGGING, ...READS.filter((read) => read !== "s3:GetObject")] : ["s3:PutObject?*"]),
  ],
});

/**
 * The web app's tagging replaces an object's whole set of tags, which may contain the scan's verdict. So the app may only mark as
 * sensitive, and must repeat a verdict if there is one. It can repeat only that of a clean file, so it can neither invent nor lose one.
 */
function marksOnly(
  bucketArn: pulumi.Input<string>,
  roles: pulumi.Input<string>[],
  carriesVerdict: Conditions,
): Statement[] {
  const refuse = (Sid: string, condition: Conditions): Statement => {
    const refused = refuseThese(Sid, bucketArn, roles);
    return { ...refused, Action: "s3:PutObjectTagging", Condition: { ...refused.Condition, ...condition } };
  };
  const existing = `s3:ExistingObjectTag/${VERDICT}`;
  return [
    refuse("MarkOnly", { StringNotEquals: { [`s3:RequestObjectTag/${SENSITIVE}`]: "yes" } }),
    refuse("MarkNothingElse", {
      "ForAnyValue:StringNotEquals": { "s3:RequestObjectTagKeys": [SENSITIVE, VERDICT] },
    }),
    refuse("InventNoVerdict", { ...carriesVerdict, StringNotEquals: { [existing]: CLEAN } }),
    refuse("LoseNoVerdict", {
      Null: { [existing]: "false" },
      StringNotEquals: { [`s3:RequestObjectTag/${VERDICT}`]: CLEAN },
    }),
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

function refuseThese(
  Sid: string,
  bucketArn: pulumi.Input<string>,
  roles: pulumi.Input<string>[],
): Omit<Statement, "Action"> & { Condition: Conditions } {
  return {
    Sid,
    Effect: "Deny",
    Principal: "*", // * because the condition names the roles, with their sessions
    Resource: pulumi.interpolate`${bucketArn}/*`,
    Condition: { ArnEquals: { "aws:PrincipalArn": principalsOf(roles) } },
  };
}

const notBy = (roles: pulumi.Input<string>[]): Conditions => ({
  ArnNotEquals: { "aws:PrincipalArn": principalsOf(roles) },
});

/** AWS reports the role of a session here. Some compatible services report the session itself, so both are named. */
const principalsOf = (roles: pulumi.Input<string>[]) =>
  pulumi.all(roles).apply((arns) => arns.flatMap((arn) => [arn, ...(sessionsOf(arn) ?? [])]));

function sessionsOf(arn: string): [string] | undefined {
  const [, partition, account, name] = /^arn:([\w-]+):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  return name ? [`arn:${partition}:sts::${account}:assumed-role/${name}/*`] : undefined;
}

/** For a bucket's policy: every object is encrypted under this key. A put that names no key gets the bucket's own, which is this one. */
export function onlyUnder(keyArn: pulumi.Input<string>, bucketArn: pulumi.Input<string>): Statement[] {
  const refuse = (Sid: string, header: string, value: pulumi.Input<string>): Statement => ({
    Sid,
    Effect: "Deny",
    Action: "s3:PutObject",
    Principal: "*", // * because a refusal must hold for everyone
    Resource: pulumi.interpolate`${bucketArn}/*`,
    // An absent header counts as unequal but must be allowed: then the bucket's own encryption applies.
    Condition: { StringNotEquals: { [header]: value }, Null: { [header]: "false" } },
  });
  return [
    refuse("KmsOnly", "s3:x-amz-server-side-encryption", "aws:kms"),
    refuse("ThisKeyOnly", "s3:x-amz-server-side-encryption-aws-kms-key-id", keyArn),
  ];
}

/** For a bucket's policy: until the scan found an object clean, only the scanner and these roles may read it. */
export function onlyWhenClean(bucketArn: pulumi.Input<string>, exempt: pulumi.Input<string>[]): Statement {
  return {
    Sid: "CleanOnly",
    Effect: "Deny",
    Action: ["s3:GetObject", "s3:GetObjectVersion"],
    Principal: "*", // * because a refusal must hold for everyone
    Resource: pulumi.interpolate`${bucketArn}/*`,
    Condition: {
      StringNotEquals: { [`s3:ExistingObjectTag/${VERDICT}`]: CLEAN },
      ...notBy(exempt),
    },
  };
}
