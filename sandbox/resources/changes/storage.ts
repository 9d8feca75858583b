import { S3 } from "@aws-sdk/client-s3";
import { everyPage } from "../../engine/pages";
import { tagList } from "../../engine/shape";
import { Changes, Remove } from "../../engine/types";
import { again, ifThere } from "./calls";

const without =
  (work: (s3: S3, Bucket: string) => Promise<unknown>): Remove =>
  async (r) =>
    ifThere(work(await r.use("s3"), r.inputs["bucket"]));

/** Every version of every object, as the provider deletes them for a bucket that may go with its content. */
async function empty(s3: S3, Bucket: string): Promise<void> {
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.listObjectVersions({ Bucket });
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) return;
    await s3.deleteObjects({ Bucket, Delete: { Objects } });
  }
}

export const s3: Changes = {
  Bucket: {
    carries: ["forceDestroy", "tags"],
    async update(r) {
      const s3 = await r.use("s3");
      if (Object.keys(r.tags).length)
        await s3.putBucketTagging({ Bucket: r.id, Tagging: { TagSet: tagList(r.tags) } });
      else await s3.deleteBucketTagging({ Bucket: r.id });
    },
    async remove(r) {
      const s3 = await r.use("s3");
      if (r.inputs["forceDestroy"]) await empty(s3, r.id);
      await s3.deleteBucket({ Bucket: r.id });
    },
  },
  BucketPublicAccessBlock: {
    update: again,
    remove: without((s3, Bucket) => s3.deletePublicAccessBlock({ Bucket })),
  },
  BucketPolicy: { update: again, remove: without((s3, Bucket) => s3.deleteBucketPolicy({ Bucket })) },
  BucketVersioning: {
    update: again,
    remove: without((s3, Bucket) =>
      s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Suspended" } }),
    ),
  },
  BucketServerSideEncryptionConfiguration: {
    update: again,
    remove: without((s3, Bucket) => s3.deleteBucketEncryption({ Bucket })),
  },
  BucketLifecycleConfiguration: {
    update: again,
    remove: without((s3, Bucket) => s3.deleteBucketLifecycle({ Bucket })),
  },
  BucketLogging: {
    update: again,
    remove: without((s3, Bucket) => s3.putBucketLogging({ Bucket, BucketLoggingStatus: {} })),
  },
  BucketCorsConfiguration: {
    update: again,
    remove: without((s3, Bucket) => s3.deleteBucketCors({ Bucket })),
  },
  BucketNotification: {
    update: again,
    remove: without((s3, Bucket) =>
      s3.putBucketNotificationConfiguration({ Bucket, NotificationConfiguration: {} }),
    ),
  },
  BucketOwnershipControls: {
    update: again,
    remove: without((s3, Bucket) => s3.deleteBucketOwnershipControls({ Bucket })),
  },
  BucketObjectv2: {
    update: again,
    moves: ["etag", "versionId"],
    async remove(r) {
      const s3 = await r.use("s3");
      const at = { Bucket: r.inputs["bucket"] as string, Prefix: r.outputs["key"] as string };
      const versions = await everyPage(
        (from) => s3.listObjectVersions({ ...at, ...from }),
        (page) => page.Versions,
      );
      const Objects = versions
        .filter(({ Key }) => Key === at.Prefix)
        .map(({ Key, VersionId }) => ({ Key, VersionId }));
      if (Objects.length) await s3.deleteObjects({ Bucket: at.Bucket, Delete: { Objects } });
    },
  },
};
