import { strict as assert } from "node:assert";
import type { BakedImageArgs } from "../../../components/web/args";
import { BakedImage } from "../../../components/web/baked-image";
import { buildDocument, testDocument } from "../../../components/web/baked-image-script";
import { onceIn } from "../../../components/web/first-baking";
import { run } from "../../harness";
import { statementsIn } from "../../statements";
import { shellcheck, whenThere } from "../../tools";
import { IMAGE, NETWORK } from "../around";
import { some } from "../../some";

const image = `123456789012.dkr.ecr.eu-west-1.amazonaws.com/web@sha256:${"0".repeat(64)}`;
const at = { region: "eu-west-1", appParameter: "/imagebuilder/groundwork/prod/web-image-app" };

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
    const parameter = one("ssm/parameter:Parameter", "web-image");
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

  it("bakes every Sunday, tests the image, and logs why a bake failed", async () => {
    const { one } = await build({ logRetentionDays: 14 });
    const { inputs } = one("imagebuilder/imagePipeline:ImagePipeline");
    assert.deepEqual(inputs.schedule, {
      scheduleExpression: "cron(0 3 ? * sun *)",
      pipelineExecutionStartCondition: "EXPRESSION_MATCH_ONLY",
    });
    assert.equal(inputs.imageTestsConfiguration.imageTestsEnabled, true);
    assert.equal(inputs.enhancedImageMetadataEnabled, false);
    const log = one("cloudwatch/logGroup:LogGroup", "web-image").inputs;
    assert.deepEqual([log.name, log.retentionInDays], ["/aws/imagebuilder/groundwork/prod/web-image", 14]);
    assert.deepEqual(inputs.loggingConfiguration, {
      imageLogGroupName: log.name,
      pipelineLogGroupName: log.name,
    });
  });

  it("bakes once soon after its creation, and no update repeats that", async () => {
    const { one } = await build();
    const rule = one("cloudwatch/eventRule:EventRule", "web-image-first");
    assert.match(rule.inputs.scheduleExpression, /^cron\(\d+ \d+ \d+ \d+ \? \d{4}\)$/);
    assert.deepEqual(rule.ignoreChanges, ["scheduleExpression"]);
    const { arn, roleArn } = one("cloudwatch/eventTarget:EventTarget", "web-image-first").inputs;
    assert.equal(arn, one("imagebuilder/imagePipeline:ImagePipeline").outputs.arn);
    assert.match(roleArn, /role\/web-image-first/);
    const [allowed] = statementsIn(
      one("iam/rolePolicy:RolePolicy", "web-image-first").inputs.policy,
      "Allow",
    );
    assert.deepEqual(allowed!.Action, ["imagebuilder:StartImagePipelineExecution"]);
  });

  it("computes the first time in UTC, across the end of a year", () => {
    assert.equal(onceIn(10, new Date("2026-11-26T20:05:59Z")), "cron(15 20 26 11 ? 2026)");
    assert.equal(onceIn(10, new Date("2026-12-31T23:55:00Z")), "cron(5 0 1 1 ? 2027)");
  });

  it("deletes old images when a new one exists, and all of them when it is deleted", async () => {
    const { one, outputs } = await build();
    const pattern = JSON.parse(one("cloudwatch/eventRule:EventRule", "web-image-old").inputs.eventPattern);
    assert.deepEqual(pattern.detail, { state: { status: ["AVAILABLE"] } });
    const call = one("lambda/invocation:Invocation");
    assert.deepEqual([call.inputs.lifecycleScope, call.inputs.input], ["CRUD", "{}"]);
    assert.deepEqual(call.dependsOn, ["web-image-old"]);
    const { variables } = one("lambda/function:Function").inputs.environment;
    assert.deepEqual(variables, {
      TAG: "groundwork:machine-image",
      VALUE: outputs.imageParameter,
      KEPT: "3",
    });
    const [region] = one("imagebuilder/distributionConfiguration:DistributionConfiguration").inputs
      .distributions;
    assert.deepEqual(region.amiDistributionConfiguration, {
      name: "prod-web-image-{{ imagebuilder:buildDate }}",
      amiTags: { Name: "web-image", "groundwork:machine-image": outputs.imageParameter },
    });
  });

  it("needs no new recipe for a release, because the build instance looks up the app's image", async () => {
    const documents = async (imageUri: string) =>
      (await build({ image: { ...IMAGE, imageUri } }))
        .all("imagebuilder/component:Component")
        .map(({ inputs }) => inputs.data);
    assert.deepEqual(await documents(image), await documents(image.replace("0", "1")));
    const { one } = await build();
    assert.equal(one("ssm/parameter:Parameter", "web-image-app").inputs.value.value, image);
  });

  it("bakes on encrypted disks, with session tokens and no open port", async () => {
    const { one, all } = await build();
    const [disk] = one("imagebuilder/imageRecipe:ImageRecipe").inputs.blockDeviceMappings;
    assert.equal(disk.ebs.encrypted, "true");
    const { instanceMetadataOptions } = one(
      "imagebuilder/infrastructureConfiguration:InfrastructureConfiguration",
    ).inputs;
    assert.deepEqual(instanceMetadataOptions, { httpTokens: "required", httpPutResponseHopLimit: 1 });
    assert.deepEqual(all("vpc/securityGroupIngressRule:SecurityGroupIngressRule"), []);
  });

  it("includes everything that a server's first boot needs, and ends with SELinux enforcing", () => {
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
    assert.match(buildDocument(at), /--name \/imagebuilder\/groundwork\/prod\/web-image-app /);
  });

  it("publishes no image on which the app does not answer", () => {
    assert.deepEqual(stepsOf(testDocument(at)), [
      "test/Enforcing",
      "test/IPv4Only",
      "test/Services",
      "test/AppImage",
      "test/Answers",
    ]);
  });

  it("contains no pair of braces, which Image Builder would replace", () => {
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

  it("refuses an invalid schedule", async () => {
    await assert.rejects(
      build({ schedule: "sundays" }),
      /BakedImage "web-image": schedule must be cron\(minute hour day month weekday year\) with \? for one of the days, got "sundays"/,
    );
  });
});
