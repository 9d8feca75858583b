// The bucket in which Pulumi keeps a stack's state.
import { BucketLocationConstraint, S3 } from "@aws-sdk/client-s3";
import { messageOf, Problem } from "../../sandbox/problem";
import { allowed, Step, unless } from "./step";

export interface Place {
  account: string;
  region: string;
  /** `aws`, or the partition of China or of the government's regions. */
  partition: string;
}

interface Statement {
  Sid?: string;
}

const TLS_ONLY = "GroundworkTlsOnly";
const FIRST_REGION = "us-east-1";

/** One bucket serves all stacks of an account. Bucket names are global, and the account's number makes this one ours. */
export const bucketNameOf = (project: string, { account, region }: Place) => {
  const rest = `-state-${account}-${region}`;
  const own = project
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return `${own.slice(0, 63 - rest.length)}${rest}`;
};

export async function stateBucket(s3: S3, name: string, place: Place): Promise<Step[]> {
  const bucket = { Bucket: name, ExpectedBucketOwner: place.account };
  const is = await isThere(s3, name, place);
  const look = <T>(right: string, absent: string[], call: () => Promise<T>) =>
    is ? allowed(`${right} on ${name}`, unless(absent, call())) : Promise.resolve(undefined);
  const may = <T>(right: string, call: Promise<T>) => allowed(`${right} on ${name}`, call);

  const versioning = await look("s3:GetBucketVersioning", [], () => s3.getBucketVersioning(bucket));
  const encryption = await look(
    "s3:GetEncryptionConfiguration",
    ["ServerSideEncryptionConfigurationNotFoundError"],
    () => s3.getBucketEncryption(bucket),
  );
  const access = await look("s3:GetBucketPublicAccessBlock", ["NoSuchPublicAccessBlockConfiguration"], () =>
    s3.getPublicAccessBlock(bucket),
  );
  const ownership = await look("s3:GetBucketOwnershipControls", ["OwnershipControlsNotFoundError"], () =>
    s3.getBucketOwnershipControls(bucket),
  );
  const policy = await look("s3:GetBucketPolicy", ["NoSuchBucketPolicy"], () => s3.getBucketPolicy(bucket));
  const statements = statementsIn(name, policy?.Policy);

  const blocked = {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  };
  const set = access?.PublicAccessBlockConfiguration ?? {};
  return [
    {
      what: `the bucket ${name}, for Pulumi's state`,
      there: is,
      make: () => may("s3:CreateBucket", create(s3, name, place)),
    },
    {
      what: "  keeps every version",
      there: versioning?.Status === "Enabled",
      make: () =>
        may(
          "s3:PutBucketVersioning",
          s3.putBucketVersioning({ ...bucket, VersioningConfiguration: { Status: "Enabled" } }),
        ),
    },
    {
      what: "  is encrypted",
      there: (encryption?.ServerSideEncryptionConfiguration?.Rules ?? []).length > 0,
      make: () => {
        const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" as const } }];
        return may(
          "s3:PutEncryptionConfiguration",
          s3.putBucketEncryption({ ...bucket, ServerSideEncryptionConfiguration: { Rules } }),
        );
      },
    },
    {
      what: "  is closed to the public",
      there: Object.keys(blocked).every((one) => set[one as keyof typeof blocked] === true),
      make: () =>
        may(
          "s3:PutBucketPublicAccessBlock",
          s3.putPublicAccessBlock({ ...bucket, PublicAccessBlockConfiguration: blocked }),
        ),
    },
    {
      what: "  belongs to the account with all that is in it, whoever wrote it",
      there: ownership?.OwnershipControls?.Rules?.[0]?.ObjectOwnership === "BucketOwnerEnforced",
      make: () => {
        const Rules = [{ ObjectOwnership: "BucketOwnerEnforced" as const }];
        return may(
          "s3:PutBucketOwnershipControls",
          s3.putBucketOwnershipControls({ ...bucket, OwnershipControls: { Rules } }),
        );
      },
    },
    {
      what: "  answers by TLS only",
      there: statements.some(({ Sid }) => Sid === TLS_ONLY),
      make: () => {
        const Policy = JSON.stringify({
          Version: "2012-10-17",
          Statement: [...statements, tlsOnly(name, place)],
        });
        return may("s3:PutBucketPolicy", s3.putBucketPolicy({ ...bucket, Policy }));
      },
    },
  ];
}

/** Refuses a bucket in another account or region: the state describes the stack, and must not reach strangers. */
async function isThere(s3: S3, name: string, { account, region }: Place): Promise<boolean> {
  try {
    const { BucketRegion } = await s3.headBucket({ Bucket: name, ExpectedBucketOwner: account });
    if (BucketRegion !== undefined && BucketRegion !== region) throw elsewhere(name, region, BucketRegion);
    return true;
  } catch (error) {
    if (error instanceof Problem) throw error;
    const { $metadata, $response } = error as {
      $metadata?: { httpStatusCode?: number };
      $response?: { headers?: Record<string, string> };
    };
    const status = $metadata?.httpStatusCode;
    if (status === 404) return false;
    if (status === 403)
      throw new Problem(
        `The bucket ${name} is not account ${account}'s, or these credentials may not s3:ListBucket on it. If it is somebody else's, take another name: --bucket NAME.`,
      );
    if (status === 301 || status === 400)
      throw elsewhere(name, region, $response?.headers?.["x-amz-bucket-region"]);
    throw new Problem(`The bucket ${name} could not be looked at: ${messageOf(error)}.`);
  }
}

const elsewhere = (name: string, region: string, other = "another region") =>
  new Problem(
    `The bucket ${name} is in ${other}, not in ${region}: say --region ${other}, or --bucket NAME.`,
  );

async function create(s3: S3, name: string, { region, account }: Place): Promise<void> {
  // The first region is the only one that must not be named.
  const where =
    region === FIRST_REGION
      ? {}
      : { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } };
  try {
    await s3.createBucket({ Bucket: name, ObjectOwnership: "BucketOwnerEnforced", ...where });
  } catch (error) {
    if ((error as Error).name !== "BucketAlreadyExists") throw error;
    throw new Problem(`The bucket ${name} is not account ${account}'s: take another name: --bucket NAME.`);
  }
}

function statementsIn(name: string, policy: string | undefined): Statement[] {
  if (policy === undefined) return [];
  const { Statement } = JSON.parse(policy) as { Statement?: Statement | Statement[] };
  if (Statement === undefined)
    throw new Problem(`The policy of bucket ${name} has no Statement: see to it by hand.`);
  return [Statement].flat();
}

const tlsOnly = (name: string, { partition }: Place) => ({
  Sid: TLS_ONLY,
  Effect: "Deny",
  // * because it denies every caller and every action.
  Principal: "*",
  Action: "s3:*",
  Resource: [`arn:${partition}:s3:::${name}`, `arn:${partition}:s3:::${name}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});
