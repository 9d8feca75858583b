import { bytesOf } from "../engine/archive";
import { asList, omit, pascal, tagList } from "../engine/shape";
import { Inputs, Request, Table } from "../engine/types";
import { enforceable } from "./policy-quirks";

/** Buckets and what belongs to them, on MiniStack. */
export const s3: Table = {
  Bucket: async (r) => {
    const s3 = await r.use("s3");
    const bucket = r.physicalName(r.inputs["bucket"] ?? prefixed(r), 63).toLowerCase();
    await s3.createBucket({
      Bucket: bucket,
      ObjectLockEnabledForBucket: r.inputs["objectLockEnabled"],
      CreateBucketConfiguration:
        r.region === "us-east-1" ? undefined : { LocationConstraint: r.region as "eu-west-1" },
    });
    if (Object.keys(r.tags).length)
      await s3.putBucketTagging({ Bucket: bucket, Tagging: { TagSet: tagList(r.tags) } });
    return {
      id: bucket,
      outputs: {
        bucket,
        arn: `arn:aws:s3:::${bucket}`,
        bucketDomainName: `${bucket}.s3.amazonaws.com`,
        bucketRegionalDomainName: `${bucket}.s3.${r.region}.amazonaws.com`,
        bucketRegion: r.region,
        hostedZoneId: "Z1BKCTXD74EZPE",
      },
    };
  },

  BucketPublicAccessBlock: async (r) => {
    const s3 = await r.use("s3");
    const { blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets, bucket } = r.inputs;
    await s3.putPublicAccessBlock({
      Bucket: bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: blockPublicAcls,
        BlockPublicPolicy: blockPublicPolicy,
        IgnorePublicAcls: ignorePublicAcls,
        RestrictPublicBuckets: restrictPublicBuckets,
      },
    });
    return { id: bucket };
  },

  BucketPolicy: async (r) => {
    const s3 = await r.use("s3");
    await s3.putBucketPolicy({ Bucket: r.inputs["bucket"], Policy: enforceable(r.inputs["policy"]) });
    return { id: r.inputs["bucket"] };
  },

  BucketVersioning: async (r) => {
    const s3 = await r.use("s3");
    const { status, mfaDelete } = r.inputs["versioningConfiguration"];
    await s3.putBucketVersioning({
      Bucket: r.inputs["bucket"],
      VersioningConfiguration: { Status: status, MFADelete: mfaDelete },
    });
    return { id: r.inputs["bucket"] };
  },

  BucketServerSideEncryptionConfiguration: async (r) => {
    const s3 = await r.use("s3");
    await s3.putBucketEncryption({
      Bucket: r.inputs["bucket"],
      ServerSideEncryptionConfiguration: {
        Rules: asList<Inputs>(r.inputs["rules"]).map((rule) => ({
          BucketKeyEnabled: rule["bucketKeyEnabled"],
          ApplyServerSideEncryptionByDefault: rule["applyServerSideEncryptionByDefault"] && {
            SSEAlgorithm: rule["applyServerSideEncryptionByDefault"].sseAlgorithm,
            KMSMasterKeyID: rule["applyServerSideEncryptionByDefault"].kmsMasterKeyId,
          },
        })),
      },
    });
    return { id: r.inputs["bucket"] };
  },

  BucketLifecycleConfiguration: async (r) => {
    const s3 = await r.use("s3");
    await s3.putBucketLifecycleConfiguration({
      Bucket: r.inputs["bucket"],
      LifecycleConfiguration: { Rules: asList<Inputs>(r.inputs["rules"]).map(lifecycleRule) as never },
    });
    return { id: r.inputs["bucket"] };
  },

  BucketLogging: async (r) => {
    const s3 = await r.use("s3");
    const { targetBucket, targetPrefix, bucket } = r.inputs;
    await s3.putBucketLogging({
      Bucket: bucket,
      BucketLoggingStatus: { LoggingEnabled: { TargetBucket: targetBucket, TargetPrefix: targetPrefix } },
    });
    return { id: bucket };
  },

  BucketCorsConfiguration: async (r) => {
    const s3 = await r.use("s3");
    await s3.putBucketCors({
      Bucket: r.inputs["bucket"],
      CORSConfiguration: {
        CORSRules: asList<Inputs>(r.inputs["corsRules"]).map(({ id, ...rule }) => ({
          ...pascal(rule),
          ID: id,
        })),
      },
    });
    return { id: r.inputs["bucket"] };
  },

  BucketNotification: async (r) => {
    const s3 = await r.use("s3");
    const i = r.inputs;
    const each = (list: unknown, target: string, arn: string) =>
      asList<Inputs>(list as Inputs[]).map((one) => ({
        Id: one["id"],
        Events: one["events"],
        [target]: one[arn],
        Filter: filterOf(one),
      }));
    await s3.putBucketNotificationConfiguration({
      Bucket: i["bucket"],
      NotificationConfiguration: {
        LambdaFunctionConfigurations: each(
          i["lambdaFunctions"],
          "LambdaFunctionArn",
          "lambdaFunctionArn",
        ) as never,
        QueueConfigurations: each(i["queues"], "QueueArn", "queueArn") as never,
        TopicConfigurations: each(i["topics"], "TopicArn", "topicArn") as never,
        EventBridgeConfiguration: i["eventbridge"] ? {} : undefined,
      },
    });
    return { id: i["bucket"] };
  },

  BucketOwnershipControls: async (r) => {
    const s3 = await r.use("s3");
    await s3.putBucketOwnershipControls({
      Bucket: r.inputs["bucket"],
      OwnershipControls: { Rules: [pascal(r.inputs["rule"])] },
    });
    return { id: r.inputs["bucket"] };
  },
  BucketObjectv2: (r) => putObject(r),
};

async function putObject(r: Request) {
  const s3 = await r.use("s3");
  const i = r.inputs;
  const body =
    i["source"] !== undefined
      ? await bytesOf(i["source"])
      : i["contentBase64"] !== undefined
        ? Buffer.from(i["contentBase64"], "base64")
        : (i["content"] ?? "");
  const key: string = i["key"] ?? r.name;
  const { ETag, VersionId } = await s3.putObject({
    Bucket: i["bucket"],
    Key: key,
    Body: body,
    ContentType: i["contentType"],
    CacheControl: i["cacheControl"],
    Metadata: i["metadata"],
    ServerSideEncryption: i["serverSideEncryption"],
    SSEKMSKeyId: i["kmsKeyId"],
    Tagging: new URLSearchParams(r.tags).toString() || undefined,
  });
  return {
    id: `${i["bucket"]}/${key}`,
    outputs: {
      key,
      arn: `arn:aws:s3:::${i["bucket"]}/${key}`,
      etag: ETag?.replaceAll('"', ""),
      versionId: VersionId,
    },
  };
}

const prefixed = (r: Request) =>
  r.inputs["bucketPrefix"] ? `${r.inputs["bucketPrefix"]}sandbox` : undefined;

function lifecycleRule(rule: Inputs) {
  const { id, filter, ...rest } = omit(rule);
  return { ID: id, ...pascal(rest), Filter: filter ? pascal(filter) : { Prefix: "" } };
}

function filterOf({ filterPrefix, filterSuffix }: Inputs) {
  const FilterRules = [
    ...(filterPrefix ? [{ Name: "prefix" as const, Value: filterPrefix }] : []),
    ...(filterSuffix ? [{ Name: "suffix" as const, Value: filterSuffix }] : []),
  ];
  return FilterRules.length ? { Key: { FilterRules } } : undefined;
}
