import { strict as assert } from "node:assert";
import { s3Store } from "../../../functions/uploads/s3-store";
import type { Described } from "../../../functions/uploads/store";
import { recordedS3 } from "./recorded-s3";

const MIB = 1024 ** 2;
const BUCKETS = {
  source: "normal",
  target: "sensitive",
  kmsKeyArn: "arn:key",
  parallelParts: 2,
  singleCopyLimit: 10,
};
const whole = { algorithm: "SHA256" as const, value: "x", composite: false };
const ofParts = { ...whole, value: "x-2", composite: true };

const request = (source: Partial<Described>, onlyIfAbsent = false) => ({
  key: "a/ü",
  versionId: "v1",
  source: { size: 1025 * MIB, headers: { ContentType: "text/plain" }, metadata: {}, ...source },
  metadata: { owner: "ann" },
  onlyIfAbsent,
});

type Answer = Parameters<typeof recordedS3>[0];
const usual: Answer = (operation, { PartNumber }) =>
  ({
    CreateMultipartUpload: { UploadId: "u" },
    UploadPartCopy: { CopyPartResult: { ETag: `"${PartNumber}"`, ChecksumSHA256: `c${PartNumber}` } },
    CompleteMultipartUpload: { VersionId: "s1", ETag: '"e"', ChecksumSHA256: "x" },
  })[operation];

const copy = async (source: Partial<Described>, answer: Answer = usual, onlyIfAbsent = false) => {
  const { s3, calls } = recordedS3(answer);
  const copied = await s3Store(s3, BUCKETS).copy(request(source, onlyIfAbsent));
  const of = (operation: string) => calls.filter(([name]) => name === operation).map(([, input]) => input);
  return { copied, of };
};

describe("a copy in parts", () => {
  it("copies everything, and completes with each part's checksum", async () => {
    const { copied, of } = await copy({ checksum: whole });
    assert.deepEqual(copied, { versionId: "s1", etag: '"e"', checksum: whole });
    assert.deepEqual(of("CreateMultipartUpload"), [
      {
        Bucket: "sensitive",
        Key: "a/ü",
        ContentType: "text/plain",
        Metadata: { owner: "ann" },
        ServerSideEncryption: "aws:kms",
        SSEKMSKeyId: "arn:key",
        BucketKeyEnabled: true,
        ChecksumAlgorithm: "SHA256",
        ChecksumType: "FULL_OBJECT",
      },
    ]);
    const ranges = [
      `0-${512 * MIB - 1}`,
      `${512 * MIB}-${1024 * MIB - 1}`,
      `${1024 * MIB}-${1025 * MIB - 1}`,
    ];
    assert.deepEqual(
      of("UploadPartCopy"),
      ranges.map((range, index) => ({
        Bucket: "sensitive",
        Key: "a/ü",
        UploadId: "u",
        PartNumber: index + 1,
        CopySource: "normal/a/%C3%BC?versionId=v1",
        CopySourceRange: `bytes=${range}`,
      })),
    );
    assert.deepEqual(of("CompleteMultipartUpload"), [
      {
        Bucket: "sensitive",
        Key: "a/ü",
        UploadId: "u",
        MultipartUpload: {
          Parts: [1, 2, 3].map((n) => ({ ETag: `"${n}"`, PartNumber: n, ChecksumSHA256: `c${n}` })),
        },
      },
    ]);
    assert.deepEqual(of("AbortMultipartUpload"), []);
  });

  it("keeps its parts in order, and copies only as many at once as told", async () => {
    let running = 0;
    let most = 0;
    const answer: Answer = (operation, input) => {
      if (operation !== "UploadPartCopy") return usual(operation, input);
      most = Math.max(most, ++running);
      // The earlier ones take longer.
      return new Promise((resolve) =>
        setTimeout(
          () => {
            running--;
            resolve(usual(operation, input));
          },
          20 - 5 * input.PartNumber,
        ),
      );
    };
    const { of } = await copy({}, answer);
    const { Parts } = of("CompleteMultipartUpload")[0]!["MultipartUpload"] as {
      Parts: { PartNumber: number }[];
    };
    assert.deepEqual(
      Parts.map(({ PartNumber }) => PartNumber),
      [1, 2, 3],
    );
    assert.equal(most, 2);
  });

  it("copies the original's tags, in S3's own format", async () => {
    const tagged = async (TagSet: object[] | undefined) => {
      const { of } = await copy({}, (operation, input) =>
        operation === "GetObjectTagging" ? { TagSet } : usual(operation, input),
      );
      assert.deepEqual(of("GetObjectTagging"), [{ Bucket: "normal", Key: "a/ü", VersionId: "v1" }]);
      return of("CreateMultipartUpload")[0]!["Tagging"];
    };
    const tags = [
      { Key: "a b", Value: "c&d" },
      { Key: "e", Value: "" },
    ];
    assert.equal(await tagged(tags), "a+b=c%26d&e=");
    assert.equal(await tagged([]), undefined);
    assert.equal(await tagged(undefined), undefined);
  });

  it("requests a checksum of the whole only if the original has one", async () => {
    for (const checksum of [undefined, ofParts]) {
      const { of } = await copy({ checksum });
      assert.equal("ChecksumType" in of("CreateMultipartUpload")[0]!, false);
    }
  });

  it("leaves out checksums that S3 does not give", async () => {
    const { copied, of } = await copy({ size: 11 }, (operation) =>
      operation === "CreateMultipartUpload" ? { UploadId: "u" } : {},
    );
    assert.deepEqual(copied, { versionId: undefined, etag: undefined });
    assert.deepEqual(of("CompleteMultipartUpload")[0]!["MultipartUpload"], {
      Parts: [{ ETag: undefined, PartNumber: 1 }],
    });
  });

  it("is made only if the key is absent, when told to", async () => {
    const told = async (onlyIfAbsent: boolean) =>
      (await copy({}, usual, onlyIfAbsent)).of("CompleteMultipartUpload")[0]!["IfNoneMatch"];
    assert.deepEqual([await told(true), await told(false)], ["*", undefined]);
  });

  it("is aborted when a part fails, and reports that part's error even if the abort fails too", async () => {
    const { s3, calls } = recordedS3((operation, input) => {
      if (operation === "UploadPartCopy") throw new Error("SlowDown");
      if (operation === "AbortMultipartUpload") throw new Error("and again");
      return usual(operation, input);
    });
    await assert.rejects(s3Store(s3, BUCKETS).copy(request({})), /^Error: SlowDown$/);
    assert.deepEqual(calls.at(-1), [
      "AbortMultipartUpload",
      { Bucket: "sensitive", Key: "a/ü", UploadId: "u" },
    ]);
  });
});

describe("a copy of an object whose checksum is made of its parts", () => {
  const pages = [
    { ObjectParts: { IsTruncated: true, NextPartNumberMarker: "2", Parts: [{ Size: 5 }, { Size: 4 }] } },
    { ObjectParts: { Parts: [{ Size: 2 }] } },
  ];
  const answering = (): Answer => {
    const left = [...pages];
    return (operation, input) =>
      operation === "GetObjectAttributes" ? left.shift() : usual(operation, input);
  };

  it("follows those parts, however small it is", async () => {
    const { of } = await copy({ size: 3, checksum: ofParts }, () => ({
      ObjectParts: { Parts: [{ Size: 3 }] },
    }));
    assert.equal(of("CopyObject").length, 0);
    assert.deepEqual(
      of("UploadPartCopy").map(({ CopySourceRange }) => CopySourceRange),
      ["bytes=0-2"],
    );
  });

  it("reads them page by page", async () => {
    const { of } = await copy({ size: 11, checksum: ofParts }, answering());
    assert.deepEqual(
      of("UploadPartCopy").map(({ CopySourceRange }) => CopySourceRange),
      ["bytes=0-4", "bytes=5-8", "bytes=9-10"],
    );
    const asked = { Bucket: "normal", Key: "a/ü", VersionId: "v1", ObjectAttributes: ["ObjectParts"] };
    assert.deepEqual(of("GetObjectAttributes"), [asked, { ...asked, PartNumberMarker: "2" }]);
  });

  it("creates no part if S3 reports none", async () => {
    const { of } = await copy({ size: 11, checksum: ofParts }, (operation, input) =>
      operation === "GetObjectAttributes" ? {} : usual(operation, input),
    );
    assert.deepEqual(of("UploadPartCopy"), []);
    assert.deepEqual(of("CompleteMultipartUpload")[0]!["MultipartUpload"], { Parts: [] });
  });

  it("requests no parts if there are none", async () => {
    const { of } = await copy({ checksum: whole });
    assert.deepEqual(of("GetObjectAttributes"), []);
  });
});
