import type { Declared } from "../../declared";
import { each, list, Rules } from "../rule";

type Inputs = Declared["inputs"];

/** What S3 refuses in a single rule. All its times count from the same day. */
function refusedOf({
  transitions,
  expiration,
  filter,
  abortIncompleteMultipartUpload: abort,
}: Inputs): string | undefined {
  const days = list(transitions).map((one: Inputs) => Number(one.days ?? 0));
  if (expiration?.days > 0 && days.some((day) => day >= expiration.days))
    return `moves objects after ${Math.max(...days)} days, but deletes them after ${expiration.days}`;
  const byTag = filter?.tag !== undefined || filter?.and?.tags !== undefined;
  if (byTag && abort) return "ends incomplete uploads by their tags, which they do not have yet";
  return byTag && expiration?.expiredObjectDeleteMarker
    ? "removes delete markers by their tags, which they do not have"
    : undefined;
}

export const lifecycleRules: Rules = {
  "gives buckets lifecycle rules that S3 accepts": each(
    ["aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"],
    ({ inputs }) =>
      list<Inputs>(inputs.rules)
        .map((rule) => ({ rule, told: refusedOf(rule) }))
        .filter(({ told }) => told)
        .map(({ rule, told }) => `${told} (rule ${rule.id})`)
        .join("; "),
  ),
};
