import { strict as assert } from "node:assert";
import { WebImage } from "../../../components/web/image";
import { run } from "../../harness";

interface Rule {
  tagStatus: "tagged" | "any";
  tagPrefixList?: string[];
  maximumNumberOfImages: number;
}
interface Image {
  name: string;
  tags: string[];
}

/**
 * What ECR clears away, of images from the oldest to the newest: by one rule at most, and never one that an earlier rule is about.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
function expired(rules: Rule[], images: Image[]): string[] {
  const counted = new Set<Image>();
  return rules.flatMap(({ tagStatus, tagPrefixList = [], maximumNumberOfImages }) => {
    const about = images.filter(
      ({ tags }) =>
        tagStatus === "any" || tagPrefixList.every((prefix) => tags.some((tag) => tag.startsWith(prefix))),
    );
    const gone = about.slice(0, -maximumNumberOfImages).filter((image) => !counted.has(image));
    for (const image of about) counted.add(image);
    return gone.map(({ name }) => name);
  });
}

describe("WebImage", () => {
  const repository = async (keepData: boolean) =>
    (await run(() => new WebImage("web", { keepData }))).resources.find(
      ({ type }) => type === "awsx:ecr:Repository",
    )!.inputs;

  it("keeps what a server may be told to fetch, however many images came after it", async () => {
    const { lifecyclePolicy } = await repository(true);
    const rules = lifecyclePolicy.rules as Rule[];
    const pushed: Image[] = [
      { name: "started with", tags: ["a1", "pinned-web"] },
      { name: "ran in spring", tags: ["a2", "ran-a2"] },
      { name: "ran last", tags: ["a3", "ran-a3", "live"] },
      { name: "never ran", tags: ["a4"] },
      { name: "pinned before", tags: [] },
      ...Array.from({ length: 20 }, (_, n) => ({ name: `newer ${n}`, tags: [`b${n}`] })),
    ];
    assert.deepEqual(expired(rules, pushed), ["never ran", "pinned before"]);
    // More releases than a rollback is offered.
    const releases = Array.from({ length: 200 }, (_, n) => ({
      name: `ran ${n}`,
      tags: [`c${n}`, `ran-c${n}`],
    }));
    assert.deepEqual(expired(rules, [...releases, ...pushed]), ["never ran", "pinned before"]);
  });

  it("puts on the image of each update the tag that its repository keeps", async () => {
    const { resources } = await run(() => new WebImage("web", { keepData: true }));
    assert.equal(resources.find(({ type }) => type === "awsx:ecr:Image")!.inputs.imageTag, "pinned-web");
  });

  it("scans what is pushed, and encrypts it", async () => {
    const { imageScanningConfiguration, encryptionConfigurations } = await repository(true);
    assert.deepEqual(
      [imageScanningConfiguration, encryptionConfigurations],
      [{ scanOnPush: true }, [{ encryptionType: "KMS" }]],
    );
  });

  it("goes with its images only where nothing is kept", async () => {
    assert.deepEqual(
      [(await repository(true)).forceDelete, (await repository(false)).forceDelete],
      [false, true],
    );
  });
});
