import type { S3 } from "@aws-sdk/client-s3";
import type { SQS } from "@aws-sdk/client-sqs";

/** Every version and delete marker of a bucket, as `key`, oldest last. */
export async function versionsIn(
  s3: S3,
  bucket: string,
  prefix = "",
): Promise<{ key: string; versionId: string; marker: boolean }[]> {
  const found: { key: string; versionId: string; marker: boolean }[] = [];
  let next: { KeyMarker?: string; VersionIdMarker?: string } = {};
  for (;;) {
    const page = await s3.listObjectVersions({ Bucket: bucket, Prefix: prefix, ...next });
    for (const one of page.Versions ?? [])
      found.push({ key: one.Key!, versionId: one.VersionId!, marker: false });
    for (const one of page.DeleteMarkers ?? [])
      found.push({ key: one.Key!, versionId: one.VersionId!, marker: true });
    if (!page.IsTruncated) return found;
    next = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}

/** How many messages a queue holds, seen and unseen. */
export async function messagesIn(sqs: SQS, queueUrl: string): Promise<number> {
  const { Attributes: all = {} } = await sqs.getQueueAttributes({
    QueueUrl: queueUrl,
    AttributeNames: ["All"],
  });
  return Number(all.ApproximateNumberOfMessages) + Number(all.ApproximateNumberOfMessagesNotVisible);
}

/** Runs a task for each item, some at a time. */
export async function each<T>(
  items: T[],
  task: (item: T, index: number) => Promise<unknown>,
  atOnce = 16,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) await task(items[index]!, index);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
