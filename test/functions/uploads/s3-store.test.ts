import { strict as assert } from "node:assert";
import { s3Store } from "../../../functions/uploads/s3-store";
import type { Described } from "../../../functions/uploads/store";
import { recordedS3 } from "./recorded-s3";

const BUCKETS = { source: "normal", target: "sensitive", kmsKeyArn: "arn:key", parallelParts: 2 };
const GIB = 1024 ** 3;

const storeOn = (answer: Parameters<typeof recordedS3>[0], more: object = {}) => {
  const { s3, calls } = recordedS3(answer);
  return { store: s3Store(s3, { ...BUCKETS, ...more }), calls };
};
const source = (more: Partial<Described> = {}): Described => ({
  size: 4,
  headers: {},
  metadata: {},
  ...more,
});
const request = (more: object = {}) => ({
  key: "a",
  versionId: "v1",
  source: source(),
  metadata: {},
  onlyIfAbsent: false,
  ...more,
});

describe("the history of a key", () => {
  it("contains its own versions and markers, and not those of keys that begin with it", async () => {
    const { store, calls } = storeOn(() => ({
      Versions: [{ Key: "a", VersionId: "v2" }, { Key: "a" }, { Key: "ab", VersionId: "v9" }],
      DeleteMarkers: [
        { Key: "a", VersionId: "m1", IsLatest: true },
        { Key: "ab", VersionId: "m9" },
      ],
    }));
    assert.deepEqual(await store.history("a"), {
      versions: ["v2", "null"],
      markers: ["m1"],
      isDeleted: true,
    });
    assert.deepEqual(calls, [["ListObjectVersions", { Bucket: "normal", Prefix: "a", EncodingType: "url" }]]);
  });

  it("is read completely, page by page", async () => {
    const pages = [
      {
        IsTruncated: true,
        NextKeyMarker: "a",
        NextVersionIdMarker: "v2",
        Versions: [{ Key: "a", VersionId: "v2" }],
      },
      { Versions: [{ Key: "a", VersionId: "v1" }] },
    ];
    const { store, calls } = storeOn(() => pages.shift());
    assert.deepEqual(await store.history("a"), { versions: ["v2", "v1"], markers: [], isDeleted: false });
    assert.deepEqual(
      calls.map(([, { KeyMarker, VersionIdMarker }]) => [KeyMarker, VersionIdMarker]),
      [
        [undefined, undefined],
        ["a", "v2"],
      ],
    );
  });

  it("ends where another key begins", async () => {
    const { store, calls } = storeOn(() => ({ IsTruncated: true, NextKeyMarker: "ab" }));
    assert.deepEqual(await store.history("a"), { versions: [], markers: [], isDeleted: false });
    assert.equal(calls.length, 1);
  });

  it("ends with the last page, whatever that says about a next one", async () => {
    const { store, calls } = storeOn(() => ({ IsTruncated: false, NextKeyMarker: "a" }));
    await store.history("a");
    assert.equal(calls.length, 1);
  });

  it("handles encoded and plain keys", async () => {
    const key = "a b+ü/%.txt";
    const encoded = storeOn(() => ({
      EncodingType: "url",
      Versions: [{ Key: "a+b%2B%C3%BC/%25.txt", VersionId: "v" }, {}],
    }));
    assert.deepEqual((await encoded.store.history(key)).versions, ["v"]);
    const plain = storeOn(() => ({ Versions: [{ Key: key, VersionId: "v" }] }));
    assert.deepEqual((await plain.store.history(key)).versions, ["v"]);
  });
});

describe("a version in S3", () => {
  it("has its tags, or none", async () => {
    const { store, calls } = storeOn((_, { Key }) =>
      Key === "a" ? { TagSet: [{ Key: "b", Value: "c" }] } : {},
    );
    assert.deepEqual(await store.tags("a", "v1"), [{ Key: "b", Value: "c" }]);
    assert.deepEqual(await store.tags("none", "v1"), []);
    assert.deepEqual(calls[0], ["GetObjectTagging", { Bucket: "normal", Key: "a", VersionId: "v1" }]);
  });

  it("has its size, headers, metadata and ETag", async () => {
    const headers = {
      ContentType: "text/plain",
      CacheControl: "no-cache",
      ContentDisposition: "inline",
      ContentEncoding: "gzip",
      ContentLanguage: "de",
      WebsiteRedirectLocation: "/b",
    };
    const { store, calls } = storeOn(() => ({
      ...headers,
      ContentLength: 4,
      Metadata: { owner: "ann" },
      ETag: '"e"',
    }));
    assert.deepEqual(await store.describe("a", "v1"), {
      size: 4,
      headers,
      metadata: { owner: "ann" },
      etag: '"e"',
    });
    assert.deepEqual(calls, [
      ["HeadObject", { Bucket: "normal", Key: "a", VersionId: "v1", ChecksumMode: "ENABLED" }],
    ]);
  });

  it("is empty if S3 says nothing", async () => {
    const { size, metadata } = await storeOn(() => ({})).store.describe("a", "v1");
    assert.deepEqual({ size, metadata }, { size: 0, metadata: {} });
  });

  for (const algorithm of ["CRC64NVME", "CRC32", "CRC32C", "SHA256", "SHA1"])
    it(`has its ${algorithm}, of the whole object or of its parts`, async () => {
      const told = async (value: string, ChecksumType?: string) =>
        (await storeOn(() => ({ [`Checksum${algorithm}`]: value, ChecksumType })).store.describe("a", "v1"))
          .checksum;
      assert.deepEqual(await told("x1", "FULL_OBJECT"), { algorithm, value: "x1", composite: false });
      assert.deepEqual(await told("x-y"), { algorithm, value: "x-y", composite: false });
      assert.deepEqual(await told("x-1-y"), { algorithm, value: "x-1-y", composite: false });
      assert.deepEqual(await told("x-12"), { algorithm, value: "x-12", composite: true });
      assert.deepEqual(await told("x", "COMPOSITE"), { algorithm, value: "x", composite: true });
    });

  it("has the size of one version of one key in the sensitive bucket", async () => {
    const Versions = [
      { Key: "ab", VersionId: "s1", Size: 1 },
      { Key: "a", VersionId: "s2", Size: 2 },
      { Key: "a", VersionId: "s1", Size: 3 },
      { Key: "a", Size: 4 },
    ];
    const { store, calls } = storeOn(() => ({ Versions }));
    assert.equal(await store.sensitiveSize("a", "s1"), 3);
    assert.equal(await store.sensitiveSize("a", undefined), 4);
    assert.equal(await store.sensitiveSize("a", "s3"), undefined);
    assert.equal(await storeOn(() => ({})).store.sensitiveSize("a", "s1"), undefined);
    assert.deepEqual(calls[0], [
      "ListObjectVersions",
      { Bucket: "sensitive", Prefix: "a", MaxKeys: 20, EncodingType: "url" },
    ]);
  });

  it("ends with the removal of that version alone", async () => {
    const { store, calls } = storeOn(() => ({}));
    await store.remove("a", "v1");
    assert.deepEqual(calls, [["DeleteObject", { Bucket: "normal", Key: "a", VersionId: "v1" }]]);
  });
});

describe("a copy in one request", () => {
  it("carries headers, metadata and tags over, under the sensitive bucket's key", async () => {
    const { store, calls } = storeOn(() => ({
      VersionId: "s1",
      CopyObjectResult: { ETag: '"e"', ChecksumSHA1: "x" },
    }));
    const checksum = { algorithm: "SHA256" as const, value: "y", composite: false };
    const copied = await store.copy(
      request({
        key: "a b/ü?",
        source: source({ headers: { ContentType: "text/plain" }, checksum }),
        metadata: { owner: "ann" },
      }),
    );
    assert.deepEqual(copied, {
      versionId: "s1",
      etag: '"e"',
      checksum: { algorithm: "SHA1", value: "x", composite: false },
    });
    assert.deepEqual(calls, [
      [
        "CopyObject",
        {
          Bucket: "sensitive",
          Key: "a b/ü?",
          CopySource: "normal/a%20b/%C3%BC%3F?versionId=v1",
          ContentType: "text/plain",
          Metadata: { owner: "ann" },
          MetadataDirective: "REPLACE",
          TaggingDirective: "COPY",
          ServerSideEncryption: "aws:kms",
          SSEKMSKeyId: "arn:key",
          BucketKeyEnabled: true,
          ChecksumAlgorithm: "SHA256",
        },
      ],
    ]);
  });

  it("has no checksum if S3 gives none", async () => {
    assert.deepEqual(await storeOn(() => ({ VersionId: "s1" })).store.copy(request()), {
      versionId: "s1",
      etag: undefined,
    });
  });

  it("is made only if the key is absent, when told to", async () => {
    const refusing = storeOn(() => {
      throw Object.assign(new Error("precondition"), { $metadata: { httpStatusCode: 412 } });
    });
    assert.equal(await refusing.store.copy(request({ onlyIfAbsent: true })), undefined);
    assert.equal(refusing.calls[0]![1]["IfNoneMatch"], "*");
    await assert.rejects(refusing.store.copy(request()), /precondition/);
    assert.equal("IfNoneMatch" in refusing.calls[1]![1], false);
  });

  it("refuses with S3's own error", async () => {
    for (const $metadata of [undefined, { httpStatusCode: 503 }]) {
      const { store } = storeOn(() => {
        throw Object.assign(new Error("SlowDown"), { $metadata });
      });
      await assert.rejects(store.copy(request({ onlyIfAbsent: true })), /^Error: SlowDown$/);
    }
  });

  it("is used up to the limit, which is S3's own by default", async () => {
    const operations = async (size: number, more: object = {}) => {
      const { store, calls } = storeOn(() => ({ UploadId: "u" }), more);
      await store.copy(request({ source: source({ size }) }));
      return calls.map(([operation]) => operation).filter((one) => one !== "UploadPartCopy");
    };
    const parts = ["GetObjectTagging", "CreateMultipartUpload", "CompleteMultipartUpload"];
    assert.deepEqual(await operations(10, { singleCopyLimit: 10 }), ["CopyObject"]);
    assert.deepEqual(await operations(11, { singleCopyLimit: 10 }), parts);
    assert.deepEqual(await operations(5 * GIB), ["CopyObject"]);
    assert.deepEqual(await operations(5 * GIB + 1), parts);
  });
});
