import { mayDo, trusts } from "./rights";
import { inUse, kept, Rule, taken } from "./rule";

const REPOSITORY = "ecr/repository:Repository";
const PROJECT = "codebuild/project:Project";
const PIPELINE = "codepipeline/pipeline:Pipeline";
const APPLICATION = "codedeploy/application:Application";
const DEPLOY_GROUP = "codedeploy/deploymentGroup:DeploymentGroup";
const CODE_DEPLOY = "https://docs.aws.amazon.com/codedeploy/latest/APIReference";
const BUILDER = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference";

/** What Image Builder keeps while something else is made of it. */
const MADE_OF = [
  ["component:Component", ["imageRecipe:ImageRecipe"]],
  ["imageRecipe:ImageRecipe", ["imagePipeline:ImagePipeline"]],
  ["infrastructureConfiguration:InfrastructureConfiguration", ["imagePipeline:ImagePipeline"]],
  ["distributionConfiguration:DistributionConfiguration", ["imagePipeline:ImagePipeline"]],
] as const;

export const delivering: Rule[] = [
  taken(
    {
      name: "a repository's name is unique",
      code: "RepositoryAlreadyExistsException",
      call: "ECR: CreateRepository",
      source: "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html",
    },
    [REPOSITORY],
    ({ name }) => name as unknown,
    (name) => `The repository with name '${name}' already exists in the registry with id '123456789012'`,
  ),
  kept(
    {
      name: "a repository with images stays",
      code: "RepositoryNotEmptyException",
      call: "ECR: DeleteRepository",
      source: "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html",
    },
    [REPOSITORY],
    ({ inputs }) => inputs.forceDelete !== true,
    ({ inputs }) =>
      `The repository with name '${String(inputs.name)}' in registry with id '123456789012' cannot be deleted because it still contains images`,
  ),
  taken(
    {
      name: "a build project's name is unique",
      code: "ResourceAlreadyExistsException",
      call: "CodeBuild: CreateProject",
      source: "https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html",
    },
    [PROJECT],
    ({ name }) => name as unknown,
    (name) => `Project already exists: arn:aws:codebuild:eu-west-1:123456789012:project/${name}`,
  ),
  trusts(
    {
      code: "InvalidInputException",
      call: "CodeBuild: CreateProject",
      source: "https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html",
      message: "CodeBuild is not authorized to perform: sts:AssumeRole on service role",
    },
    PROJECT,
    ({ serviceRole }) => serviceRole as unknown,
    "codebuild.amazonaws.com",
  ),
  taken(
    {
      name: "a pipeline's name is unique",
      code: "PipelineNameInUseException",
      call: "CodePipeline: CreatePipeline",
      source: "https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_CreatePipeline.html",
    },
    [PIPELINE],
    ({ name }) => name as unknown,
    (name) => `A pipeline with the name '${name}' already exists in account '123456789012'`,
  ),
  trusts(
    {
      code: "InvalidStructureException",
      call: "CodePipeline: CreatePipeline",
      source: "https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_CreatePipeline.html",
      message: "CodePipeline is not authorized to perform AssumeRole on role",
    },
    PIPELINE,
    ({ roleArn }) => roleArn as unknown,
    "codepipeline.amazonaws.com",
  ),
  taken(
    {
      name: "an application's name is unique",
      code: "ApplicationAlreadyExistsException",
      call: "CodeDeploy: CreateApplication",
      source: `${CODE_DEPLOY}/API_CreateApplication.html`,
    },
    [APPLICATION],
    ({ name }) => name as unknown,
    (name) => `Application already exists with the name ${name}`,
  ),
  taken(
    {
      name: "a deployment group's name is unique",
      code: "DeploymentGroupAlreadyExistsException",
      call: "CodeDeploy: CreateDeploymentGroup",
      source: `${CODE_DEPLOY}/API_CreateDeploymentGroup.html`,
    },
    [DEPLOY_GROUP],
    ({ appName, deploymentGroupName }) => `${String(appName)} ${String(deploymentGroupName)}`,
    (key) => `Deployment group name already exists for the specified application: ${key.split(" ")[1]}`,
  ),
  trusts(
    {
      code: "InvalidRoleException",
      call: "CodeDeploy: CreateDeploymentGroup",
      source: `${CODE_DEPLOY}/API_CreateDeploymentGroup.html`,
      message: "AWS CodeDeploy does not have the permissions required to assume the role",
    },
    DEPLOY_GROUP,
    ({ serviceRoleArn }) => serviceRoleArn as unknown,
    "codedeploy.amazonaws.com",
  ),
  mayDo(
    {
      name: "a deployment group's role may add hooks to its servers' group",
      code: "InvalidRoleException",
      call: "CodeDeploy: CreateDeploymentGroup",
      source: "https://docs.aws.amazon.com/codedeploy/latest/userguide/integrations-aws-auto-scaling.html",
      message:
        "AWS CodeDeploy does not have the permissions required to perform autoscaling calls for this role",
    },
    DEPLOY_GROUP,
    ({ serviceRoleArn }) => serviceRoleArn as unknown,
    ({ autoscalingGroups = [] }) =>
      (autoscalingGroups as unknown[]).length > 0
        ? [
            ["autoscaling:DescribeAutoScalingGroups"],
            [
              "autoscaling:PutLifecycleHook",
              `arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:0123:autoScalingGroupName/${String(autoscalingGroups[0])}`,
            ],
          ]
        : [],
  ),
  ...MADE_OF.map(([type, users]) =>
    inUse(
      {
        name: `a part of an image stays: ${type.split(":")[1]}`,
        code: "ResourceDependencyException",
        call: `Image Builder: Delete${type.split(":")[1]}`,
        source: `${BUILDER}/API_Operations.html`,
      },
      [`imagebuilder/${type}`],
      ({ outputs }) => outputs.arn as unknown,
      users.map((one) => `imagebuilder/${one}`),
      ({ outputs }) =>
        `Resource dependency error: The resource ARN '${String(outputs.arn)}' has other resources depended on it.`,
    ),
  ),
  ...[
    "component:Component",
    "imageRecipe:ImageRecipe",
    "imagePipeline:ImagePipeline",
    "infrastructureConfiguration:InfrastructureConfiguration",
    "distributionConfiguration:DistributionConfiguration",
  ].map((type) =>
    taken(
      {
        name: `a name is unique in Image Builder: ${type.split(":")[1]}`,
        code: "ResourceAlreadyExistsException",
        call: `Image Builder: Create${type.split(":")[1]}`,
        source: `${BUILDER}/API_Operations.html`,
      },
      [`imagebuilder/${type}`],
      ({ name, version }) => `${String(name)} ${String(version)}`,
      (key) => `Resource already exists: ${key}`,
    ),
  ),
];
