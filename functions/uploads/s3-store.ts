import {
  CompletedPart,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectAttributesCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  HeadObjectCommandOutput,
  ListObjectVersionsCommand,
  S3Client,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { rangesOf, SINGLE_COPY_LIMIT } from "./part-plan";
import { Algorithm, Copied, CopyRequest, Described, History, Proof, Store } from "./store";

export interface Buckets {
  source: string;
  target: string;
  /** The key that encrypts everything in the sensitive bucket. */
  kmsKeyArn: string;
  /** Objects larger than this are copied in parts. @default what S3 copies in one request */
  singleCopyLimit?: number;
  /** How many parts are copied at once. */
  parallelParts: number;
}

type Checksums = Partial<Record<`Checksum${Algorithm}`, string>> & { ChecksumType?: string };
const ALGORITHMS: Algorithm[] = ["CRC64NVME", "CRC32", "CRC32C", "SHA256", "SHA1"];

/** The mover's two buckets on S3. */
export function s3Store(s3: S3Client, buckets: Buckets): Store {
  const from = { Bucket: buckets.source };
  const to = { Bucket: buckets.target };
  return {
    history: (key) => historyOf(s3, buckets.source, key),
    async tags(key, versionId) {
      const { TagSet } = await s3.send(
        new GetObjectTaggingCommand({ ...from, Key: key, VersionId: versionId }),
      );
      return TagSet ?? [];
    },
    async describe(key, versionId) {
      const head = new HeadObjectCommand({
        ...from,
        Key: key,
        VersionId: versionId,
        ChecksumMode: "ENABLED",
      });
      return described(await s3.send(head));
    },
    async copy(request) {
      const inParts = request.source.size > (buckets.singleCopyLimit ?? SINGLE_COPY_LIMIT);
      try {
        return inParts || request.source.checksum?.composite
          ? await copyInParts(s3, buckets, request)
          : await copyWhole(s3, buckets, request);
      } catch (error) {
        const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
        if (request.onlyIfAbsent && status === 412) return undefined;
        throw error;
      }
    },
    async sensitiveSize(key, versionId) {
      // The newest versions of the key itself come first, so the one just written is on the first page.
      const page = new ListObjectVersionsCommand({ ...to, Prefix: key, MaxKeys: 20, EncodingType: "url" });
      const { Versions = [], EncodingType } = await s3.send(page);
      return Versions.find(
        (one) => named(one.Key, EncodingType) === key && (one.VersionId ?? "null") === (versionId ?? "null"),
      )?.Size;
    },
    async remove(key, versionId) {
      await s3.send(new DeleteObjectCommand({ ...from, Key: key, VersionId: versionId }));
    },
    async hide(key) {
      await s3.send(new DeleteObjectCommand({ ...to, Key: key }));
    },
  };
}

async function historyOf(s3: S3Client, bucket: string, key: string): Promise<History> {
  const history: History = { versions: [], markers: [], isDeleted: false };
  let next: { KeyMarker?: string; VersionIdMarker?: string } = {};
  for (;;) {
    const page = await s3.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, EncodingType: "url", ...next }),
    );
    const own = <Entry extends { Key?: string }>(all: Entry[] = []) =>
      all.filter((one) => named(one.Key, page.EncodingType) === key);
    const markers = own(page.DeleteMarkers);
    history.versions.push(...own(page.Versions).map(idOf));
    history.markers.push(...markers.map(idOf));
    history.isDeleted ||= markers.some(({ IsLatest }) => IsLatest);
    // A key sorts before all others that begin with it: once another one appears, no version is left.
    if (!page.IsTruncated || named(page.NextKeyMarker, page.EncodingType) !== key) return history;
    next = { KeyMarker: key, VersionIdMarker: page.NextVersionIdMarker };
  }
}

const idOf = ({ VersionId }: { VersionId?: string }) => VersionId ?? "null";

/** A key as a listing returns it: encoded only if the answer says so. */
const named = (key: string | undefined, encoding: string | undefined) =>
  encoding === "url" ? decodeURIComponent((key ?? "").replace(/\+/g, " ")) : key;

function described(head: HeadObjectCommandOutput): Described {
  return {
    size: head.ContentLength ?? 0,
    headers: {
      ContentType: head.ContentType,
      CacheControl: head.CacheControl,
      ContentDisposition: head.ContentDisposition,
      ContentEncoding: head.ContentEncoding,
      ContentLanguage: head.ContentLanguage,
      WebsiteRedirectLocation: head.WebsiteRedirectLocation,
    },
    metadata: head.Metadata ?? {},
    ...proofOf(head),
  };
}

function proofOf(answer: Checksums & { ETag?: string }): Proof {
  const algorithm = ALGORITHMS.find((one) => answer[`Checksum${one}`]);
  if (!algorithm) return { etag: answer.ETag };
  const value = answer[`Checksum${algorithm}`]!;
  const composite = answer.ChecksumType === "COMPOSITE" || /-\d+$/.test(value);
  return { etag: answer.ETag, checksum: { algorithm, value, composite } };
}

/** The parameters of every copy: the sensitive bucket's key, and the original's own headers. */
const written = ({ kmsKeyArn, target }: Buckets, { key, source, metadata }: CopyRequest) => ({
  ...source.headers,
  Bucket: target,
  Key: key,
  Metadata: metadata,
  ServerSideEncryption: "aws:kms" as const,
  SSEKMSKeyId: kmsKeyArn,
  BucketKeyEnabled: true,
  ChecksumAlgorithm: source.checksum?.algorithm,
});

const sourceOf = ({ source }: Buckets, { key, versionId }: CopyRequest) =>
  `${source}/${key.split("/").map(encodeURIComponent).join("/")}?versionId=${versionId}`;

async function copyWhole(s3: S3Client, buckets: Buckets, request: CopyRequest): Promise<Copied> {
  const answer = await s3.send(
    new CopyObjectCommand({
      ...written(buckets, request),
      CopySource: sourceOf(buckets, request),
      MetadataDirective: "REPLACE",
      TaggingDirective: "COPY",
      IfNoneMatch: request.onlyIfAbsent ? "*" : undefined,
    }),
  );
  return { versionId: answer.VersionId, ...proofOf(answer.CopyObjectResult ?? {}) };
}

async function copyInParts(s3: S3Client, buckets: Buckets, request: CopyRequest): Promise<Copied> {
  const { source, key } = request;
  const at = { Bucket: buckets.target, Key: key };
  const create = new CreateMultipartUploadCommand({
    ...written(buckets, request),
    Tagging: await taggingOf(s3, buckets, request),
    ChecksumType: source.checksum && !source.checksum.composite ? "FULL_OBJECT" : undefined,
  });
  const { UploadId } = await s3.send(create);
  try {
    const parts = await copyParts(s3, buckets, request, UploadId!);
    const complete = new CompleteMultipartUploadCommand({
      ...at,
      UploadId,
      MultipartUpload: { Parts: parts },
      IfNoneMatch: request.onlyIfAbsent ? "*" : undefined,
    });
    const answer = await s3.send(complete);
    return { versionId: answer.VersionId, ...proofOf(answer) };
  } catch (error) {
    // Otherwise the bucket's lifecycle rule aborts it after some days, and the parts cost money until then.
    await s3.send(new AbortMultipartUploadCommand({ ...at, UploadId })).catch(() => undefined);
    throw error;
  }
}

async function copyParts(s3: S3Client, buckets: Buckets, request: CopyRequest, uploadId: string) {
  const ranges = rangesOf(request.source.size, await partsOf(s3, buckets, request));
  const done: CompletedPart[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < ranges.length; index = next++) {
      const part = new UploadPartCopyCommand({
        Bucket: buckets.target,
        Key: request.key,
        UploadId: uploadId,
        PartNumber: index + 1,
        CopySource: sourceOf(buckets, request),
        CopySourceRange: ranges[index],
      });
      const { CopyPartResult: result } = await s3.send(part);
      done[index] = { ...checksumsOf(result ?? {}), ETag: result?.ETag, PartNumber: index + 1 };
    }
  };
  await Promise.all(Array.from({ length: Math.min(buckets.parallelParts, ranges.length) }, worker));
  return done;
}

const checksumsOf = (result: Checksums): Checksums =>
  Object.fromEntries(
    ALGORITHMS.map((one) => [`Checksum${one}`, result[`Checksum${one}`]]).filter(([, value]) => value),
  );

/** A checksum of the parts' checksums only matches if the parts are the same. */
async function partsOf(s3: S3Client, buckets: Buckets, request: CopyRequest): Promise<number[] | undefined> {
  const { key, versionId, source } = request;
  if (!source.checksum?.composite) return undefined;
  const sizes: number[] = [];
  for (let marker: string | undefined; ;) {
    const page = new GetObjectAttributesCommand({
      Bucket: buckets.source,
      Key: key,
      VersionId: versionId,
      ObjectAttributes: ["ObjectParts"],
      PartNumberMarker: marker,
    });
    const { ObjectParts } = await s3.send(page);
    sizes.push(...(ObjectParts?.Parts ?? []).map(({ Size }) => Size ?? 0));
    if (!ObjectParts?.IsTruncated) return sizes;
    marker = ObjectParts.NextPartNumberMarker;
  }
}

async function taggingOf(s3: S3Client, buckets: Buckets, { key, versionId }: CopyRequest) {
  const tags = new GetObjectTaggingCommand({ Bucket: buckets.source, Key: key, VersionId: versionId });
  const { TagSet = [] } = await s3.send(tags);
  return (
    new URLSearchParams(Object.fromEntries(TagSet.map(({ Key, Value }) => [Key, Value]))).toString() ||
    undefined
  );
}
