import { policyLetsIn } from "./rights";
import { Inputs, inUse, kept, needs, overwritten, Rule, Standing, taken } from "./rule";

const BUCKET = "s3/bucket:Bucket";
const S3 = "https://docs.aws.amazon.com/AmazonS3/latest/API";
const bucketOf = ({ bucket }: Inputs) => bucket as unknown;

/** A bucket has one of each; a second one is written over the first. */
const ONE_A_BUCKET = [
  "BucketCorsConfiguration",
  "BucketLifecycleConfiguration",
  "BucketLogging",
  "BucketNotification",
  "BucketOwnershipControls",
  "BucketPolicy",
  "BucketPublicAccessBlock",
  "BucketServerSideEncryptionConfiguration",
  "BucketVersioning",
];

function mayNotify({ queues = [], topics = [], lambdaFunctions = [] }: Inputs, account: Standing): boolean {
  const letsIn =
    (type: string, argument: string, policy: string, action: string) => (target: Inputs, key: string) => {
      const found = account.find(type, target[key]);
      return (
        !found ||
        account
          .all(policy)
          .some(
            ({ inputs }) =>
              [found.id, found.outputs.arn].includes(inputs[argument]) &&
              policyLetsIn(inputs.policy, "s3.amazonaws.com", action),
          )
      );
    };
  const queue = letsIn("sqs/queue:Queue", "queueUrl", "sqs/queuePolicy:QueuePolicy", "sqs:SendMessage");
  const topic = letsIn("sns/topic:Topic", "arn", "sns/topicPolicy:TopicPolicy", "sns:Publish");
  const lambda = ({ lambdaFunctionArn }: Inputs) => {
    const found = account.find("lambda/function:Function", lambdaFunctionArn);
    return (
      !found ||
      account
        .all("lambda/permission:Permission")
        .some(
          ({ inputs }) =>
            inputs.principal === "s3.amazonaws.com" &&
            [found.id, found.inputs.name, found.outputs.arn].includes(inputs.function),
        )
    );
  };
  return (
    (queues as Inputs[]).every((one) => queue(one, "queueArn")) &&
    (topics as Inputs[]).every((one) => topic(one, "topicArn")) &&
    (lambdaFunctions as Inputs[]).every(lambda)
  );
}

export const storage: Rule[] = [
  taken(
    {
      name: "a bucket's name is unique",
      code: "BucketAlreadyOwnedByYou",
      call: "S3: CreateBucket",
      source: `${S3}/API_CreateBucket.html`,
    },
    [BUCKET],
    bucketOf,
    () => "Your previous request to create the named bucket succeeded and you already own it.",
  ),
  kept(
    {
      name: "a bucket with objects stays",
      code: "BucketNotEmpty",
      call: "S3: DeleteBucket",
      source: `${S3}/API_DeleteBucket.html`,
    },
    [BUCKET],
    // Whatever may hold objects holds some; the provider empties those that it was told to.
    ({ inputs }) => inputs.forceDestroy !== true,
    () => "The bucket you tried to delete is not empty. You must delete all versions in the bucket.",
  ),
  ...ONE_A_BUCKET.map((kind) =>
    overwritten(
      {
        name: `a bucket has one ${kind}`,
        call: `S3: Put${kind}`,
        source: `${S3}/API_Operations_Amazon_Simple_Storage_Service.html`,
      },
      [`:${kind}`],
      bucketOf,
    ),
  ),
  overwritten(
    { name: "a key has one object", call: "S3: PutObject", source: `${S3}/API_PutObject.html` },
    ["s3/bucketObjectv2:BucketObjectv2"],
    ({ bucket, key }) => `${String(bucket)}/${String(key)}`,
  ),
  needs(
    {
      name: "the target of a notification allows S3",
      code: "InvalidArgument",
      call: "S3: PutBucketNotificationConfiguration",
      source:
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html",
    },
    ["s3/bucketNotification:BucketNotification"],
    mayNotify,
    () => "Unable to validate the following destination configurations",
  ),
  taken(
    {
      name: "a file system's token is unique",
      code: "FileSystemAlreadyExists",
      call: "EFS: CreateFileSystem",
      source: "https://docs.aws.amazon.com/efs/latest/ug/API_CreateFileSystem.html",
    },
    ["efs/fileSystem:FileSystem"],
    ({ creationToken }) => creationToken as unknown,
    (token) => `File system with creation token '${token}' already exists`,
  ),
  inUse(
    {
      name: "a mounted file system stays",
      code: "FileSystemInUse",
      call: "EFS: DeleteFileSystem",
      source: "https://docs.aws.amazon.com/efs/latest/ug/API_DeleteFileSystem.html",
    },
    ["efs/fileSystem:FileSystem"],
    ({ id }) => id,
    ["efs/mountTarget:MountTarget"],
    ({ id }) => `The file system ${id} has existing mount targets`,
  ),
  taken(
    {
      name: "a zone mounts a file system once",
      code: "MountTargetConflict",
      call: "EFS: CreateMountTarget",
      source: "https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html",
    },
    ["efs/mountTarget:MountTarget"],
    ({ fileSystemId, subnetId }, account) =>
      `${String(fileSystemId)} ${String(account.find("ec2/subnet:Subnet", subnetId)?.inputs.availabilityZone ?? subnetId)}`,
    () => "mount target already exists in this AZ",
  ),
  taken(
    {
      name: "a table's name is unique",
      code: "ResourceInUseException",
      call: "DynamoDB: CreateTable",
      source: "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html",
    },
    ["dynamodb/table:Table"],
    ({ name }) => name as unknown,
    (name) => `Table already exists: ${name}`,
  ),
  kept(
    {
      name: "a guarded table stays",
      code: "ValidationException",
      call: "DynamoDB: DeleteTable",
      source: "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html",
    },
    ["dynamodb/table:Table"],
    ({ inputs }) => inputs.deletionProtectionEnabled === true,
    () =>
      "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
  ),
];
