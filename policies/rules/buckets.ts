import type { Declared, StackView } from "../declared";
import { each, list, ofType, Rules } from "./rule";

const BUCKET = "aws:s3/bucket:Bucket";
const BLOCKS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

/** The resource of a kind, such as `bucketVersioning:BucketVersioning`, that belongs to a bucket. */
function partOf(bucket: Declared, kind: string, view: StackView): Declared["inputs"] | undefined {
  const isItsOwn = ({ inputs }: Declared) =>
    inputs.bucket === `${bucket.name}-id` ||
    (inputs.bucket !== undefined && inputs.bucket === bucket.outputs.id);
  return ofType(view, `aws:s3/${kind}`).find(isItsOwn)?.inputs;
}

/** A bucket is private, versioned, encrypted, cleaned up, and reachable over TLS only. */
export const bucketRules: Rules = {
  "blocks public access to each bucket": each([BUCKET], (bucket, view) => {
    const block = partOf(bucket, "bucketPublicAccessBlock:BucketPublicAccessBlock", view);
    return !BLOCKS.every((setting) => block?.[setting] === true) && "does not block public access";
  }),

  "uses no access control lists on buckets": each([BUCKET], (bucket, view) => {
    const controls = partOf(bucket, "bucketOwnershipControls:BucketOwnershipControls", view);
    return controls?.rule?.objectOwnership !== "BucketOwnerEnforced" && "still accepts access control lists";
  }),

  "keeps versions in each bucket": each([BUCKET], (bucket, view) => {
    const versioning = partOf(bucket, "bucketVersioning:BucketVersioning", view);
    return versioning?.versioningConfiguration?.status !== "Enabled" && "keeps no versions";
  }),

  "encrypts each bucket": each([BUCKET], (bucket, view) => {
    const encryption = partOf(
      bucket,
      "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      view,
    );
    const rules = list(encryption?.rules);
    return (
      !(rules.length > 0 && rules.every((rule) => rule.applyServerSideEncryptionByDefault?.sseAlgorithm)) &&
      "sets no encryption"
    );
  }),

  "removes incomplete uploads from each bucket": each([BUCKET], (bucket, view) => {
    const lifecycle = partOf(bucket, "bucketLifecycleConfiguration:BucketLifecycleConfiguration", view);
    return (
      !list(lifecycle?.rules).some(
        (rule) => rule.status === "Enabled" && rule.abortIncompleteMultipartUpload?.daysAfterInitiation > 0,
      ) && "keeps incomplete uploads, which cost money"
    );
  }),

  "lets nobody reach a bucket without TLS": each([BUCKET], (bucket, view) => {
    const policy = partOf(bucket, "bucketPolicy:BucketPolicy", view);
    if (policy && !policy.policy.startsWith("{")) return; // not known yet in a preview
    const statements = policy ? list(JSON.parse(policy.policy).Statement) : [];
    return (
      !statements.some(
        (s) =>
          s.Effect === "Deny" &&
          s.Principal === "*" &&
          list(s.Action).includes("s3:*") &&
          s.Condition?.Bool?.["aws:SecureTransport"] === "false",
      ) && "can be reached by plain HTTP"
    );
  }),
};
