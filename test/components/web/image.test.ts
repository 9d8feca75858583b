import { strict as assert } from "node:assert";
import type { WebImageArgs } from "../../../components/web/args";
import { WebImage } from "../../../components/web/image";
import { CountingRule, expired } from "../../ecr-lifecycle";
import { physicalName, run, valueOf } from "../../harness";

type Rule = Omit<CountingRule, "keeps"> & { maximumNumberOfImages: number };
interface Image {
  name: string;
  tags: string[];
}

describe("WebImage", () => {
  const repository = async (keepData: boolean) =>
    (await run(() => new WebImage("web", { keepData }))).resources.find(
      ({ type }) => type === "awsx:ecr:Repository",
    )!.inputs;

  it("keeps each image that a server may have to fetch, however many came after it", async () => {
    const { lifecyclePolicy } = await repository(true);
    const rules = (lifecyclePolicy.rules as Rule[]).map(({ maximumNumberOfImages, ...rule }) => ({
      ...rule,
      keeps: maximumNumberOfImages,
    }));
    const gone = (images: Image[]) => expired(rules, images).map(({ name }) => name);
    const pushed: Image[] = [
      { name: "started with", tags: ["a1", "pinned-web"] },
      { name: "ran in spring", tags: ["a2", "ran-a2"] },
      { name: "ran last", tags: ["a3", "ran-a3", "live"] },
      { name: "never ran", tags: ["a4"] },
      { name: "pinned before", tags: [] },
      ...Array.from({ length: 20 }, (_, n) => ({ name: `newer ${n}`, tags: [`b${n}`] })),
    ];
    assert.deepEqual(gone(pushed), ["never ran", "pinned before"]);
    // More releases than a rollback is offered.
    const releases = Array.from({ length: 200 }, (_, n) => ({
      name: `ran ${n}`,
      tags: [`c${n}`, `ran-c${n}`],
    }));
    assert.deepEqual(gone([...releases, ...pushed]), ["never ran", "pinned before"]);
  });

  it("gives the image of each update the tag that its repository keeps", async () => {
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

  it("is deleted with its images only if data is not kept", async () => {
    assert.deepEqual(
      [(await repository(true)).forceDelete, (await repository(false)).forceDelete],
      [false, true],
    );
  });

  it("uses the local Docker by default", async () => {
    const { resources } = await run(() => new WebImage("web", { keepData: true }));
    assert.deepEqual(
      [...new Set(resources.map(({ type }) => type))],
      ["groundwork:index:WebImage", "awsx:ecr:Repository", "awsx:ecr:Image"],
    );
  });
});

describe("WebImage built by CodeBuild", () => {
  const built = (more: Partial<WebImageArgs> = {}, options = {}) =>
    run(() => {
      const image = new WebImage("web", { builder: "codebuild", keepData: false, ...more });
      return { imageUri: image.imageUri };
    }, options);
  const REPOSITORY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web-1234567";

  it("is the repository's image with the digest that the function returns", async () => {
    const digest = `sha256:${"ab".repeat(32)}`;
    const computed = { "aws:lambda/invocation:Invocation": () => ({ result: JSON.stringify({ digest }) }) };
    const { outputs } = await built({}, { computed });
    assert.equal(await valueOf(outputs.imageUri), `${REPOSITORY}@${digest}`);
  });

  it("is rebuilt when its source or repository changes, and only then", async () => {
    const { one } = await built();
    const key = one("s3/bucketObjectv2:BucketObjectv2").inputs.key as string;
    assert.match(key, /^[0-9a-f]{64}\.zip$/);
    const location = `web-build-source-id/${key}`;
    assert.deepEqual(one("lambda/invocation:Invocation").inputs, {
      functionName: physicalName("web-build-start"),
      input: JSON.stringify({ source: location }),
      triggers: { repository: REPOSITORY },
    });
    assert.equal(one("codebuild/project:Project").inputs.source.location, location);
  });

  it("is requested only once project, permissions and source exist", async () => {
    const { one, resources } = await built();
    const there = new Set<string>();
    const add = (name: string): void => {
      if (there.has(name)) return;
      there.add(name);
      resources.find(({ type, name: of }) => `${type} ${of}` === name)?.needs.forEach(add);
    };
    one("lambda/invocation:Invocation").needs.forEach(add);
    for (const needed of [
      "aws:iam/rolePolicy:RolePolicy web-build",
      "aws:iam/rolePolicy:RolePolicy web-build-start",
      "aws:codebuild/project:Project web-build",
      "aws:s3/bucketObjectv2:BucketObjectv2 web-build-source",
    ])
      assert.ok(there.has(needed), needed);
  });

  it("builds in privileged mode on a machine like the servers', and ends before the function does", async () => {
    const { one } = await built();
    const { environment, buildTimeout, queuedTimeout, artifacts } = one("codebuild/project:Project").inputs;
    assert.deepEqual(environment, {
      type: "ARM_CONTAINER",
      image: "aws/codebuild/amazonlinux-aarch64-standard:3.0",
      computeType: "BUILD_GENERAL1_SMALL",
      privilegedMode: true,
      environmentVariables: [
        { name: "REPOSITORY_URL", value: REPOSITORY },
        { name: "TAG", value: "pinned-web" },
      ],
    });
    assert.deepEqual(artifacts, { type: "NO_ARTIFACTS" });
    const { timeout } = one("lambda/function:Function").inputs;
    assert.ok((buildTimeout + queuedTimeout) * 60 + 30 <= timeout);
  });

  it("keeps the logs as long as told", async () => {
    const { all } = await built({ logRetentionDays: 7 });
    assert.deepEqual(
      all("cloudwatch/logGroup:LogGroup").map(({ name, inputs }) => [name, inputs.retentionInDays]),
      [
        ["web-build", 7],
        ["web-build-start", 7],
      ],
    );
  });

  it("declares the same in a preview, while the digest is unknown", async () => {
    const names = async (preview: boolean) =>
      (await built({}, { preview })).resources.map(({ type, name }) => `${type} ${name}`).sort();
    assert.deepEqual(await names(true), await names(false));
  });

  it("refuses a folder or a Dockerfile that is not there", async () => {
    await assert.rejects(built({ context: "nowhere" }), /context must be a folder, got "nowhere"/);
    await assert.rejects(built({ dockerfile: "nowhere" }), /dockerfile must be a file, got "nowhere"/);
  });
});
