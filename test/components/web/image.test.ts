import { strict as assert } from "node:assert";
import { WebImage } from "../../../components/web/image";
import { run } from "../../harness";

describe("WebImage", () => {
  const repository = async (keepData: boolean) =>
    (await run(() => new WebImage("web", { keepData }))).resources.find(
      ({ type }) => type === "awsx:ecr:Repository",
    )!.inputs;

  it("keeps the image that runs and the last layers out of the count that clears away old images", async () => {
    const { lifecyclePolicy } = await repository(true);
    assert.deepEqual(
      lifecyclePolicy.rules.map((rule: Record<string, unknown>) => [
        rule.tagStatus,
        rule.tagPrefixList,
        rule.maximumNumberOfImages,
      ]),
      [
        ["tagged", ["live"], 1],
        ["tagged", ["cache"], 1],
        ["any", undefined, 20],
      ],
    );
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
