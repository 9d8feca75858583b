import type { Counterpart } from "./counterpart";

export const delivery: Record<string, Counterpart> = {
  "aws:codebuild/project:Project": {
    service: "codebuild",
    at: ["CreateProject"],
    cloudFormation: "AWS::CodeBuild::Project",
    renamed: {
      buildTimeout: "timeoutInMinutes",
      queuedTimeout: "queuedTimeoutInMinutes",
      "logsConfig.cloudwatchLogs": "cloudWatchLogs",
    },
  },
  "aws:codedeploy/application:Application": {
    service: "codedeploy",
    at: ["CreateApplication"],
    cloudFormation: "AWS::CodeDeploy::Application",
    renamed: { name: "applicationName" },
  },
  "aws:codedeploy/deploymentGroup:DeploymentGroup": {
    service: "codedeploy",
    at: ["CreateDeploymentGroup"],
    cloudFormation: "AWS::CodeDeploy::DeploymentGroup",
    renamed: {
      appName: "applicationName",
      blueGreenDeploymentConfig: "blueGreenDeploymentConfiguration",
      autoscalingGroups: "autoScalingGroups",
      alarmConfiguration: "alarmConfiguration",
      "alarmConfiguration.alarms": "-",
      triggerConfigurations: "triggerConfigurations",
      "loadBalancerInfo.targetGroupInfos": "targetGroupInfoList",
      "loadBalancerInfo.targetGroupPairInfo": "targetGroupPairInfoList",
      "loadBalancerInfo.elbInfos": "elbInfoList",
      "blueGreenDeploymentConfig.terminateBlueInstancesOnDeploymentSuccess":
        "terminateBlueInstancesOnDeploymentSuccess",
    },
  },
  "aws:codepipeline/pipeline:Pipeline": {
    service: "codepipeline",
    at: ["CreatePipeline/pipeline", "CreatePipeline"],
    cloudFormation: "AWS::CodePipeline::Pipeline",
    renamed: {
      "stages.actions.category": "actionTypeId/category",
      "stages.actions.owner": "actionTypeId/owner",
      "stages.actions.provider": "actionTypeId/provider",
      "stages.actions.version": "actionTypeId/version",
      "stages.actions.inputArtifacts": "inputArtifacts/name",
      "stages.actions.outputArtifacts": "outputArtifacts/name",
      artifactStores: "artifactStore",
      triggers: "triggers",
    },
  },
  "aws:codestarconnections/connection:Connection": {
    service: "codestar-connections",
    at: ["CreateConnection"],
    cloudFormation: "AWS::CodeStarConnections::Connection",
    renamed: { name: "ConnectionName" },
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
    service: "ecr",
    at: ["PutLifecyclePolicy"],
    renamed: { repository: "repositoryName", policy: "lifecyclePolicyText" },
  },
  "aws:ecr/repository:Repository": {
    service: "ecr",
    at: ["CreateRepository"],
    cloudFormation: "AWS::ECR::Repository",
    renamed: { name: "repositoryName" },
  },
  "aws:ecr/repositoryPolicy:RepositoryPolicy": {
    service: "ecr",
    at: ["SetRepositoryPolicy"],
    renamed: { repository: "repositoryName", policy: "policyText" },
  },
  "aws:imagebuilder/component:Component": {
    service: "imagebuilder",
    at: ["CreateComponent"],
    cloudFormation: "AWS::ImageBuilder::Component",
    renamed: { version: "semanticVersion" },
  },
  "aws:imagebuilder/distributionConfiguration:DistributionConfiguration": {
    service: "imagebuilder",
    at: ["CreateDistributionConfiguration"],
    cloudFormation: "AWS::ImageBuilder::DistributionConfiguration",
  },
  "aws:imagebuilder/imagePipeline:ImagePipeline": {
    service: "imagebuilder",
    at: ["CreateImagePipeline"],
    cloudFormation: "AWS::ImageBuilder::ImagePipeline",
  },
  "aws:imagebuilder/imageRecipe:ImageRecipe": {
    service: "imagebuilder",
    at: ["CreateImageRecipe"],
    cloudFormation: "AWS::ImageBuilder::ImageRecipe",
    renamed: {
      version: "semanticVersion",
      "components.parameters.value": "value",
      systemsManagerAgent: "additionalInstanceConfiguration/systemsManagerAgent",
      userDataBase64: "additionalInstanceConfiguration/userDataOverride",
    },
  },
  "aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration": {
    service: "imagebuilder",
    at: ["CreateInfrastructureConfiguration"],
    cloudFormation: "AWS::ImageBuilder::InfrastructureConfiguration",
  },
  "aws:ssm/document:Document": {
    service: "ssm",
    at: ["CreateDocument"],
    cloudFormation: "AWS::SSM::Document",
    renamed: { attachmentsSources: "Attachments" },
  },
  "aws:ssm/parameter:Parameter": {
    service: "ssm",
    at: ["PutParameter"],
    cloudFormation: "AWS::SSM::Parameter",
    renamed: { insecureValue: "Value", arn: "-" },
  },
};
