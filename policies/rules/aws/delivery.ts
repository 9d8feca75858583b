import type { Declared } from "../../declared";
import { rawStatements } from "../statements";
import { each, label, list, ofType, Rules } from "../rule";

const PIPELINE = "aws:codepipeline/pipeline:Pipeline";
const PROJECT = "aws:codebuild/project:Project";
const DEPLOYMENT_GROUP = "aws:codedeploy/deploymentGroup:DeploymentGroup";
const LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";

interface Action {
  name: string;
  category: string;
  namespace?: string;
  runOrder?: number;
  configuration?: Record<string, string>;
  inputArtifacts?: string[];
  outputArtifacts?: string[];
}
interface Stage {
  name: string;
  actions: Action[];
}

const twice = (names: string[]) => names.filter((name, i) => names.indexOf(name) !== i);

/** What stages pass on: only later actions can use an artifact or a variable. */
function handedOn(stages: Stage[]): string[] {
  const artifacts = new Set<string>();
  const namespaces = new Set(["codepipeline", "variables"]);
  return stages.flatMap(({ actions }) => {
    const wrong: string[] = [];
    const inOrder = [...actions].sort((a, b) => (a.runOrder ?? 1) - (b.runOrder ?? 1));
    for (const {
      name,
      namespace,
      configuration = {},
      inputArtifacts = [],
      outputArtifacts = [],
    } of inOrder) {
      for (const artifact of inputArtifacts.filter((one) => !artifacts.has(one)))
        wrong.push(`${name} uses the artifact ${artifact}, which no earlier action produces`);
      for (const [key, value] of Object.entries(configuration)) {
        if (value.length < 1 || value.length > 1_000)
          wrong.push(`${name} has ${value.length} characters in ${key}`);
        for (const [, used] of value.matchAll(/#\{([^.}]+)\./g))
          if (!namespaces.has(used!))
            wrong.push(`${name} uses #{${used}}, which is the namespace of no earlier action`);
      }
      for (const artifact of outputArtifacts) artifacts.add(artifact);
      if (namespace) namespaces.add(namespace);
    }
    return wrong;
  });
}

/**
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/pipeline-requirements.html and
 * https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionDeclaration.html
 */
function pipelineFaults({ inputs }: Declared): string {
  if (!Array.isArray(inputs.stages)) return ""; // not known before the update
  const stages: Stage[] = inputs.stages;
  const actions = stages.flatMap((stage) => stage.actions);
  return [
    ...(stages.length < 2 ? ["has fewer than two stages"] : []),
    ...(inputs.pipelineType !== "V2" && inputs.executionMode && inputs.executionMode !== "SUPERSEDED"
      ? [`runs ${inputs.executionMode}, which requires the type V2`]
      : []),
    ...stages.flatMap((stage, i) =>
      stage.actions
        .filter(({ category }) => (category === "Source") !== (i === 0))
        .map(
          ({ name }) =>
            `has ${name} in ${stage.name}: the first stage must hold all sources, and nothing else`,
        ),
    ),
    ...twice(stages.map(({ name }) => name)).map((name) => `has two stages named ${name}`),
    ...stages.flatMap((stage) =>
      twice(stage.actions.map(({ name }) => name)).map((name) => `has two actions named ${name}`),
    ),
    ...twice(actions.flatMap(({ outputArtifacts = [] }) => outputArtifacts)).map(
      (name) => `produces the artifact ${name} twice`,
    ),
    ...handedOn(stages),
  ].join("; ");
}

/**
 * https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html,
 * https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html and .../build-caching.html
 */
function projectFaults({ inputs }: Declared): string {
  const { environment = {}, source, artifacts, cache, buildTimeout } = inputs;
  const ofArm = environment.type === "ARM_CONTAINER";
  const minutes = buildTimeout ?? 60;
  const modes = list<string>(cache?.modes);
  return [
    ...(/^aws\/codebuild\//.test(environment.image) && /aarch64/.test(environment.image) !== ofArm
      ? [`runs ${environment.image} on ${environment.type}`]
      : []),
    ...((source?.type === "CODEPIPELINE") !== (artifacts?.type === "CODEPIPELINE")
      ? [
          `has the source ${source?.type} and the artifacts ${artifacts?.type}: a pipeline's build needs CODEPIPELINE for both`,
        ]
      : []),
    ...(minutes < 5 || minutes > 2_160
      ? [`may last ${minutes} minutes, where CodeBuild accepts 5 to 2160`]
      : []),
    ...(modes.includes("LOCAL_DOCKER_LAYER_CACHE") && !environment.privilegedMode
      ? ["caches Docker's layers without privileged mode"]
      : []),
    ...list<{ name: string }>(environment.environmentVariables)
      .filter(({ name }) => name.startsWith("CODEBUILD_"))
      .map(({ name }) => `sets ${name}, a name that CodeBuild reserves`),
  ].join("; ");
}

/** https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeploymentGroup.html and the types that it refers to */
function groupFaults({ inputs }: Declared): string {
  const { alarmConfiguration, autoRollbackConfiguration, deploymentStyle, loadBalancerInfo } = inputs;
  const alarms = list<string>(alarmConfiguration?.alarms);
  const copies =
    inputs.blueGreenDeploymentConfig?.greenFleetProvisioningOption?.action === "COPY_AUTO_SCALING_GROUP";
  return [
    ...(alarms.length > 10 ? [`has ${alarms.length} alarms, where CodeDeploy accepts at most 10`] : []),
    ...(list<string>(autoRollbackConfiguration?.events).includes("DEPLOYMENT_STOP_ON_ALARM") &&
    !(alarmConfiguration?.enabled && alarms.length > 0)
      ? ["rolls back on an alarm, but has none"]
      : []),
    ...(deploymentStyle?.deploymentOption === "WITH_TRAFFIC_CONTROL" && !loadBalancerInfo
      ? ["controls traffic, but names no load balancer"]
      : []),
    ...(copies && list(inputs.autoscalingGroups).length !== 1
      ? ["copies its Auto Scaling group, but does not have exactly one"]
      : []),
  ].join("; ");
}

interface LifecycleRule {
  rulePriority: number;
  selection: { tagStatus: string; tagPrefixList?: string[]; tagPatternList?: string[]; countNumber: number };
}

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html */
function lifecycleFaults({ inputs }: Declared): string {
  if (typeof inputs.policy !== "string" || !inputs.policy.startsWith("{")) return "";
  const { rules } = JSON.parse(inputs.policy) as { rules: LifecycleRule[] };
  const inOrder = [...rules].sort((a, b) => a.rulePriority - b.rulePriority);
  return [
    ...twice(rules.map(({ rulePriority }) => String(rulePriority))).map(
      (one) => `has two rules of priority ${one}`,
    ),
    ...inOrder.flatMap(({ rulePriority, selection }, i) => {
      const { tagStatus, tagPrefixList = [], tagPatternList = [], countNumber } = selection;
      const lists = [tagPrefixList, tagPatternList].filter(({ length }) => length > 0).length;
      return [
        ...(tagStatus === "any" && i < inOrder.length - 1 ? ["matches any image before its last rule"] : []),
        ...(lists !== (tagStatus === "tagged" ? 1 : 0)
          ? [`names ${lists} lists of tags in rule ${rulePriority}, which matches ${tagStatus} images`]
          : []),
        ...(countNumber >= 1 ? [] : [`has the countNumber ${countNumber} in rule ${rulePriority}`]),
      ];
    }),
  ].join("; ");
}

/** The buckets that a denial of object access leaves out, by name, with Pulumi's suffix left open. */
const readable = (policy: string) =>
  rawStatements(policy)
    .filter(
      ({ Effect, Action }) => Effect === "Deny" && list<string>(Action as string).includes("s3:GetObject"),
    )
    .map(({ NotResource }) => list<string>(NotResource as string));

/** What AWS refuses about a delivery, although no plan shows it. */
export const deliveryRules: Rules = {
  "uses in a pipeline only what an earlier action produces": each([PIPELINE], pipelineFaults),
  "configures builds as CodeBuild accepts them": each([PROJECT], projectFaults),
  "configures deployments as CodeDeploy accepts them": each([DEPLOYMENT_GROUP], groupFaults),
  "expires images by rules that ECR accepts": each([LIFECYCLE], lifecycleFaults),

  // A refresh calls HeadObject for each object, which needs s3:GetObject:
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
  "lets a refresh read each object that the stack declares": (view) =>
    ofType(view, ROLE_POLICY).flatMap((policy) =>
      readable(String(policy.inputs.policy)).flatMap((buckets) =>
        ofType(view, OBJECT)
          .map(({ inputs }) => String(inputs.bucket).replace(/-id$/, "-"))
          .filter((name) => !buckets.some((bucket) => bucket.startsWith(`arn:aws:s3:::${name}`)))
          .map((name) => `${label(policy)} denies the objects of ${name}*, which the stack declares`),
      ),
    ),
};
