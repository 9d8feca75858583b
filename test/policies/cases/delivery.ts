import { allows, Cases, made, named, refuses } from "./case";

const act = (name: string, category: string, more: object = {}) => ({ name, category, ...more });
const source = act("GitHub", "Source", { namespace: "Source", outputArtifacts: ["Source"] });
const build = act("Image", "Build", {
  inputArtifacts: ["Source"],
  configuration: { Commit: "#{Source.CommitId}" },
});
const stage = (name: string, ...actions: object[]) => ({ name, actions });
const pipeline = (stages: unknown, more: object = {}) =>
  made("aws:codepipeline/pipeline:Pipeline", {
    stages,
    pipelineType: "V2",
    executionMode: "QUEUED",
    ...more,
  });
const stages = (...others: object[]) => [stage("Source", source), stage("Build", build), ...others];

const project = (environment: object, more: object = {}) =>
  made("aws:codebuild/project:Project", {
    environment: {
      type: "ARM_CONTAINER",
      image: "aws/codebuild/amazonlinux-aarch64-standard:3.0",
      environmentVariables: [{ name: "COMMIT" }],
      ...environment,
    },
    source: { type: "CODEPIPELINE" },
    artifacts: { type: "CODEPIPELINE" },
    buildTimeout: 30,
    ...more,
  });

const group = (more: object = {}) =>
  made("aws:codedeploy/deploymentGroup:DeploymentGroup", {
    autoscalingGroups: ["web"],
    alarmConfiguration: { enabled: true, alarms: ["errors"] },
    autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"] },
    deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
    loadBalancerInfo: { targetGroupInfos: [{ name: "web" }] },
    blueGreenDeploymentConfig: { greenFleetProvisioningOption: { action: "COPY_AUTO_SCALING_GROUP" } },
    ...more,
  });

const tagged = { tagStatus: "tagged", tagPrefixList: ["live"], countNumber: 1 };
const any = { tagStatus: "any", countNumber: 20 };
const lifecycle = (...rules: [priority: number, selection: object][]) =>
  made("aws:ecr/lifecyclePolicy:LifecyclePolicy", {
    policy: JSON.stringify({
      rules: rules.map(([rulePriority, selection]) => ({ rulePriority, selection })),
    }),
  });

const denies = (NotResource?: string | string[]) =>
  made("aws:iam/rolePolicy:RolePolicy", {
    policy: JSON.stringify({
      Statement: [
        { Effect: "Allow", Action: "s3:GetObject", Resource: "a" },
        { Effect: "Deny", Action: ["s3:GetObject"], ...(NotResource ? { NotResource } : { Resource: "*" }) },
      ],
    }),
  });
const object = named("file", "aws:s3/bucketObjectv2:BucketObjectv2", { bucket: "templates-id" });

export const deliveryCases: Cases = {
  "uses in a pipeline only what an earlier action produces": [
    allows(
      "artifacts and variables of earlier actions",
      pipeline(
        stages(
          stage(
            "Release",
            act("Second", "Deploy", { runOrder: 2, configuration: { Id: "#{First.Id} #{codepipeline.Id}" } }),
            act("First", "Invoke", { namespace: "First", configuration: { Version: "#{variables.v}" } }),
          ),
        ),
      ),
    ),
    allows("stages that are not known yet", pipeline("later")),
    allows("a plain V1", pipeline(stages(), { pipelineType: "V1", executionMode: "SUPERSEDED" })),
    refuses("one stage", [pipeline([stage("Source", source)])], "has fewer than two stages"),
    refuses(
      "a queue of V1",
      [pipeline(stages(), { pipelineType: undefined })],
      "runs QUEUED, which requires the type V2",
    ),
    refuses(
      "a source that comes late",
      [pipeline(stages(stage("Late", act("Again", "Source"))))],
      "has Again in Late: the first stage must hold all sources, and nothing else",
    ),
    refuses(
      "a build among the sources",
      [pipeline([stage("Source", source, act("Early", "Build")), stage("Build", build)])],
      "has Early in Source",
    ),
    refuses(
      "a name twice",
      [pipeline(stages(stage("Build", act("A", "Test"), act("A", "Test"))))],
      "has two stages named Build; has two actions named A",
    ),
    refuses(
      "an artifact that is made twice",
      [pipeline(stages(stage("More", act("A", "Build", { outputArtifacts: ["Source"] }))))],
      "produces the artifact Source twice",
    ),
    refuses(
      "what nobody made before",
      [
        pipeline([
          stage("Source", source),
          stage(
            "Build",
            act("A", "Build", { inputArtifacts: ["Bundle"], configuration: { Id: "#{Image.X}" } }),
          ),
        ]),
      ],
      "A uses the artifact Bundle, which no earlier action produces; A uses #{Image}, which is the namespace of no earlier action",
    ),
    refuses(
      "a setting of no length, or of too much",
      [
        pipeline(
          stages(stage("More", act("A", "Test", { configuration: { Short: "", Long: "a".repeat(1_001) } }))),
        ),
      ],
      "A has 0 characters in Short; A has 1001 characters in Long",
    ),
    allows(
      "a setting as long as it may be",
      pipeline(stages(stage("More", act("A", "Test", { configuration: { Long: "a".repeat(1_000) } })))),
    ),
  ],
  "configures builds as CodeBuild accepts them": [
    allows(
      "arm64 on ARM, for 5 and 2160 minutes",
      project({}, { buildTimeout: 5 }),
      project({}, { buildTimeout: 2_160 }),
    ),
    allows(
      "x86 elsewhere",
      project({ type: "LINUX_CONTAINER", image: "aws/codebuild/amazonlinux-x86_64-standard:5.0" }),
    ),
    allows("an image of one's own", project({ type: "LINUX_CONTAINER", image: "example/aarch64:1" })),
    allows(
      "Docker's layers with its privileges",
      project({ privilegedMode: true }, { cache: { modes: ["LOCAL_DOCKER_LAYER_CACHE"] } }),
    ),
    refuses(
      "arm64 on x86",
      [project({ type: "LINUX_CONTAINER" })],
      "runs aws/codebuild/amazonlinux-aarch64-standard:3.0 on LINUX_CONTAINER",
    ),
    refuses(
      "half a pipeline",
      [project({}, { artifacts: { type: "NO_ARTIFACTS" } })],
      "has the source CODEPIPELINE and the artifacts NO_ARTIFACTS",
    ),
    refuses("four minutes", [project({}, { buildTimeout: 4 })], "may last 4 minutes"),
    refuses("more than a day and a half", [project({}, { buildTimeout: 2_161 })], "may last 2161 minutes"),
    refuses(
      "Docker's layers without its privileges",
      [project({}, { cache: { modes: ["LOCAL_DOCKER_LAYER_CACHE"] } })],
      "caches Docker's layers",
    ),
    refuses(
      "a name of CodeBuild's",
      [project({ environmentVariables: [{ name: "CODEBUILD_ID" }] })],
      "sets CODEBUILD_ID",
    ),
  ],
  "configures deployments as CodeDeploy accepts them": [
    allows(
      "ten alarms and one group",
      group({ alarmConfiguration: { enabled: true, alarms: Array(10).fill("a") } }),
    ),
    allows(
      "several groups in place",
      group({ blueGreenDeploymentConfig: undefined, autoscalingGroups: ["a", "b"] }),
    ),
    allows(
      "no alarm where none is gone back on",
      group({ alarmConfiguration: undefined, autoRollbackConfiguration: undefined }),
    ),
    allows("no load balancer", group({ deploymentStyle: undefined, loadBalancerInfo: undefined })),
    refuses(
      "eleven alarms",
      [group({ alarmConfiguration: { enabled: true, alarms: Array(11).fill("a") } })],
      "has 11 alarms, where CodeDeploy accepts at most 10",
    ),
    ...[undefined, { enabled: false, alarms: ["a"] }, { enabled: true, alarms: [] }].map(
      (alarmConfiguration) =>
        refuses(
          `going back on an alarm with ${JSON.stringify(alarmConfiguration)}`,
          [group({ alarmConfiguration })],
          "rolls back on an alarm, but has none",
        ),
    ),
    refuses(
      "traffic held back nowhere",
      [group({ loadBalancerInfo: undefined })],
      "controls traffic, but names no load balancer",
    ),
    refuses(
      "a copy of two groups",
      [group({ autoscalingGroups: ["a", "b"] })],
      "copies its Auto Scaling group, but does not have exactly one",
    ),
  ],
  "expires images by rules that ECR accepts": [
    allows("tags first and any image last, however they are written", lifecycle([2, any], [1, tagged])),
    allows("untagged images", lifecycle([1, { tagStatus: "untagged", countNumber: 1 }])),
    allows(
      "a policy that is not known yet",
      made("aws:ecr/lifecyclePolicy:LifecyclePolicy", { policy: "later" }),
    ),
    refuses("a priority twice", [lifecycle([1, tagged], [1, any])], "has two rules of priority 1"),
    refuses("any image first", [lifecycle([1, any], [2, tagged])], "matches any image before its last rule"),
    refuses(
      "tagged images without a tag",
      [lifecycle([1, { tagStatus: "tagged", countNumber: 1 }])],
      "names 0 lists of tags in rule 1",
    ),
    refuses(
      "prefixes beside patterns",
      [lifecycle([1, { ...tagged, tagPatternList: ["*"] }])],
      "names 2 lists of tags in rule 1",
    ),
    refuses(
      "tags of any image",
      [lifecycle([1, { ...tagged, tagStatus: "any" }])],
      "names 1 lists of tags in rule 1, which matches any images",
    ),
    refuses(
      "a count of nothing",
      [lifecycle([1, { ...any, countNumber: 0 }])],
      "has the countNumber 0 in rule 1",
    ),
  ],
  "lets a refresh read each object that the stack declares": [
    allows(
      "a denial of all but these",
      denies(["arn:aws:s3:::state/*", "arn:aws:s3:::templates-*/*"]),
      object,
    ),
    allows("a denial where the stack declares none", denies()),
    allows("no denial", object),
    refuses(
      "a denial of all",
      [denies(), object],
      "it denies the objects of templates-*, which the stack declares",
    ),
    refuses(
      "a denial of all but others",
      [denies("arn:aws:s3:::state/*"), object],
      "it denies the objects of templates-*",
    ),
  ],
};
