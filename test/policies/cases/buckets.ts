import type { Declared } from "../../../policies/declared";
import { allows, Case, Cases, made, named, refuses } from "./case";

const bucket = named("files", "aws:s3/bucket:Bucket", { id: "files-1234567" });
/** As the engine's references are told to the rules, and as a bucket is known once it is there. */
const IDS = ["files-id", "files-1234567"];
const CLOSED = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};
const DENIAL = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const policy = (...statements: object[]) => ({ policy: JSON.stringify({ Statement: statements }) });
const defaults = (...algorithms: (string | undefined)[]) => ({
  rules: algorithms.map((sseAlgorithm) => ({ applyServerSideEncryptionByDefault: { sseAlgorithm } })),
});
const abort = (status: string, days?: number) => ({
  status,
  abortIncompleteMultipartUpload: { daysAfterInitiation: days },
});

interface Part {
  kind: string;
  good: [string, Declared["inputs"]][];
  bad: [string, Declared["inputs"]][];
}

const PARTS: Record<string, Part> = {
  "blocks public access to each bucket": {
    kind: "bucketPublicAccessBlock:BucketPublicAccessBlock",
    good: [["all four blocks", CLOSED]],
    bad: Object.keys(CLOSED).flatMap((block) => [
      [`${block} left out`, { ...CLOSED, [block]: undefined }],
      [`${block} off`, { ...CLOSED, [block]: false }],
    ]),
  },
  "uses no access control lists on buckets": {
    kind: "bucketOwnershipControls:BucketOwnershipControls",
    good: [["objects of the owner's", { rule: { objectOwnership: "BucketOwnerEnforced" } }]],
    bad: [
      ["objects of the writer's", { rule: { objectOwnership: "ObjectWriter" } }],
      ["no rule", {}],
    ],
  },
  "keeps versions in each bucket": {
    kind: "bucketVersioning:BucketVersioning",
    good: [["versions", { versioningConfiguration: { status: "Enabled" } }]],
    bad: [
      ["versions no more", { versioningConfiguration: { status: "Suspended" } }],
      ["no word of versions", {}],
    ],
  },
  "encrypts each bucket": {
    kind: "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    good: [["a rule", defaults("aws:kms")]],
    bad: [
      ["no rule", { rules: [] }],
      ["a rule without an algorithm", defaults(undefined)],
      ["a rule without a default", { rules: [{ bucketKeyEnabled: true }] }],
      ["one rule of two without an algorithm", defaults("aws:kms", undefined)],
    ],
  },
  "removes incomplete uploads from each bucket": {
    kind: "bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    good: [["a rule beside another", { rules: [{ status: "Enabled" }, abort("Enabled", 1)] }]],
    bad: [
      ["no rules", {}],
      ["a rule of something else", { rules: [{ status: "Enabled" }] }],
      ["a rule that is off", { rules: [abort("Disabled", 7)] }],
      ["a rule of no day", { rules: [abort("Enabled", 0)] }],
      ["a rule that names no day", { rules: [abort("Enabled")] }],
    ],
  },
  "lets nobody reach a bucket without TLS": {
    kind: "bucketPolicy:BucketPolicy",
    good: [
      ["a denial beside an allowance", policy({ ...DENIAL, Effect: "Allow" }, DENIAL)],
      ["a denial of several actions", policy({ ...DENIAL, Action: ["s3:Get*", "s3:*"] })],
      ["a single statement", { policy: JSON.stringify({ Statement: DENIAL }) }],
      ["what is not known yet", { policy: "(known after the update)" }],
    ],
    bad: [
      ["no statement", policy()],
      ["an allowance", policy({ ...DENIAL, Effect: "Allow" })],
      ["a denial of somebody", policy({ ...DENIAL, Principal: { AWS: "123456789012" } })],
      ["a denial of something", policy({ ...DENIAL, Action: "s3:Get*" })],
      ["a denial without a condition", policy({ ...DENIAL, Condition: undefined })],
      ["a denial under another condition", policy({ ...DENIAL, Condition: { StringEquals: {} } })],
      ["a denial of TLS", policy({ ...DENIAL, Condition: { Bool: { "aws:SecureTransport": "true" } } })],
    ],
  },
};

const casesOf = ({ kind, good, bad }: Part): Case[] => {
  const part = (of: string, inputs: Declared["inputs"]) => made(`aws:s3/${kind}`, { bucket: of, ...inputs });
  const [, complete] = good[0]!;
  return [
    refuses("a bucket by itself", [bucket], "files"),
    refuses("a bucket beside another one's part", [bucket, part("other-id", complete)], "files"),
    refuses(
      "a bucket with a part of another kind",
      [bucket, made("aws:s3/other:Other", { bucket: "files-id", ...complete })],
      "files",
    ),
    ...IDS.flatMap((id) =>
      good.map(([title, inputs]) => allows(`${title} for ${id}`, bucket, part(id, inputs))),
    ),
    ...bad.map(([title, inputs]) => refuses(title, [bucket, part("files-id", inputs)], "files")),
  ];
};

export const bucketCases: Cases = Object.fromEntries(
  Object.entries(PARTS).map(([rule, part]) => [rule, casesOf(part)]),
);
