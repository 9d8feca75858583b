/** A rule that counts images; ECR takes their rules in the order of this list. */
export interface CountingRule {
  tagStatus: "tagged" | "any";
  tagPrefixList?: string[];
  keeps: number;
}

interface PolicyRule {
  rulePriority: number;
  selection: {
    tagStatus: CountingRule["tagStatus"];
    tagPrefixList?: string[];
    countType: string;
    countNumber: number;
  };
  action: { type: string };
}

/** The rules of a repository's policy as ECR takes it; of other kinds than these the model knows nothing. */
export const rulesIn = (policy: string): CountingRule[] =>
  (JSON.parse(policy) as { rules: PolicyRule[] }).rules
    .sort((a, b) => a.rulePriority - b.rulePriority)
    .map(({ selection: { tagStatus, tagPrefixList, countType, countNumber }, action }) => {
      if (countType !== "imageCountMoreThan" || action.type !== "expire")
        throw new Error(`A rule that counts images is wanted, got ${countType} and ${action.type}`);
      return { tagStatus, tagPrefixList, keeps: countNumber };
    });

/**
 * What ECR clears away, of images from the oldest to the newest push: by one rule at most, and never one that an earlier rule
 * selects, which a later rule counts all the same.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export function expired<I extends { tags: string[] }>(rules: CountingRule[], images: I[]): I[] {
  const selected = new Set<I>();
  return rules.flatMap(({ tagStatus, tagPrefixList = [], keeps }) => {
    const about = images.filter(
      ({ tags }) =>
        tagStatus === "any" || tagPrefixList.every((prefix) => tags.some((tag) => tag.startsWith(prefix))),
    );
    const gone = about.slice(0, -keeps).filter((image) => !selected.has(image));
    for (const image of about) selected.add(image);
    return gone;
  });
}
