import { strict as assert } from "node:assert";
import type { BakedImageArgs } from "../../../components/web/args";
import { BakedImage } from "../../../components/web/baked-image";
import { buildDocument, testDocument } from "../../../components/web/baked-image-script";
import { run } from "../../harness";
import { shellcheck, whenThere } from "../../tools";
import { IMAGE, NETWORK } from "../around";
import { some } from "../../some";

const image = `123456789012.dkr.ecr.eu-west-1.amazonaws.com/web@sha256:${"0".repeat(64)}`;
const at = { region: "eu-west-1", image };

const build = (more: Partial<BakedImageArgs> = {}) =>
  run(
    () =>
      new BakedImage("web-image", {
        network: NETWORK,
        image: { ...IMAGE, imageUri: image },
        ...more,
      }),
    { stack: "prod" },
  );

interface Document {
  phases: { name: string; steps: { name: string; action: string; inputs: { commands?: string[] } }[] }[];
}

const stepsOf = (text: string) =>
  (JSON.parse(text) as Document).phases.flatMap(({ name, steps }) =>
    steps.map((step) => `${name}/${step.name}`),
  );

describe("BakedImage", () => {
  it("writes the newest image where the servers look for it, and plain Amazon Linux until then", async () => {
    const { one, outputs } = await build();
    const parameter = one("ssm/parameter:Parameter");
    assert.equal(outputs.imageParameter, "/imagebuilder/groundwork/prod/web-image");
    assert.equal(parameter.inputs.name, outputs.imageParameter);
    // The provider calls every parameter a secret, and a secret is wrapped.
    assert.equal(parameter.inputs.value.value, "ami-0abcdef1234567890");
    assert.deepEqual(parameter.ignoreChanges, ["value"]);
    const [region] = one("imagebuilder/distributionConfiguration:DistributionConfiguration").inputs
      .distributions;
    assert.deepEqual(region.ssmParameterConfigurations, [
      { parameterName: outputs.imageParameter, dataType: "aws:ec2:image" },
    ]);
  });

  it("bakes every Sunday when something has changed, tests what it baked, and tells why it failed", async () => {
    const { one } = await build({ logRetentionDays: 14 });
    const { inputs } = one("imagebuilder/imagePipeline:ImagePipeline");
    assert.deepEqual(inputs.schedule, {
      scheduleExpression: "cron(0 3 ? * sun *)",
      pipelineExecutionStartCondition: "EXPRESSION_MATCH_AND_DEPENDENCY_UPDATES_AVAILABLE",
    });
    assert.equal(inputs.imageTestsConfiguration.imageTestsEnabled, true);
    const log = one("cloudwatch/logGroup:LogGroup").inputs;
    assert.deepEqual([log.name, log.retentionInDays], ["/aws/imagebuilder/web-image-1234567", 14]);
  });

  it("bakes on encrypted disks, by session tokens, with nothing let in", async () => {
    const { one, all } = await build();
    const [disk] = one("imagebuilder/imageRecipe:ImageRecipe").inputs.blockDeviceMappings;
    assert.equal(disk.ebs.encrypted, "true");
    const { instanceMetadataOptions } = one(
      "imagebuilder/infrastructureConfiguration:InfrastructureConfiguration",
    ).inputs;
    assert.deepEqual(instanceMetadataOptions, { httpTokens: "required", httpPutResponseHopLimit: 1 });
    assert.deepEqual(all("vpc/securityGroupIngressRule:SecurityGroupIngressRule"), []);
  });

  it("puts in all that a server's first boot needs, and ends with SELinux enforcing", () => {
    assert.deepEqual(stepsOf(buildDocument(at)), [
      "build/Updates",
      "build/Docker",
      "build/CloudWatch",
      "build/CodeDeploy",
      "build/SELinux",
      "build/IPv4Only",
      "build/AppImage",
      "build/IntoEnforcing",
      "validate/Enforcing",
    ]);
    assert.match(buildDocument(at), new RegExp(`docker pull --quiet ${image}`));
  });

  it("hands out no image on which the app does not answer", () => {
    assert.deepEqual(stepsOf(testDocument(at)), [
      "test/Enforcing",
      "test/IPv4Only",
      "test/Services",
      "test/AppImage",
      "test/Answers",
    ]);
  });

  it("holds no pair of braces, which Image Builder would fill in", () => {
    for (const text of [buildDocument(at), testDocument(at)]) assert.doesNotMatch(text, /\{\{/);
  });

  whenThere("shellcheck", "passes shellcheck", () => {
    for (const text of [buildDocument(at), testDocument(at)])
      for (const { steps } of some((JSON.parse(text) as Document).phases))
        for (const { name, inputs } of some(steps.filter((step) => step.action === "ExecuteBash"))) {
          const input = inputs.commands!.join("\n");
          assert.equal(shellcheck({ text: input }, "--shell=bash"), "", name);
        }
  });

  it("refuses a schedule that is none", async () => {
    await assert.rejects(
      build({ schedule: "sundays" }),
      /BakedImage "web-image": schedule must be cron\(minute hour day month weekday year\) with \? for one of the days, got "sundays"/,
    );
  });
});
