import * as pulumi from "@pulumi/pulumi";

export interface StagesArgs {
  connectionArn: pulumi.Input<string>;
  /** `owner/name` on GitHub. */
  repository: string;
  branch: string;
  startOn: "request" | "push";
  testProject?: pulumi.Input<string>;
  imageProject: pulumi.Input<string>;
  approval: boolean;
  recordFunction: pulumi.Input<string>;
  deployFunction: pulumi.Input<string>;
}

interface Action {
  name: string;
  category: string;
  provider: string;
  owner: string;
  version: string;
  namespace?: string;
  runOrder?: number;
  configuration: Record<string, pulumi.Input<string>>;
  inputArtifacts?: string[];
  outputArtifacts?: string[];
}

export interface Stage {
  name: string;
  actions: Action[];
}

const action = (
  category: string,
  provider: string,
  rest: Omit<Action, "category" | "provider" | "owner" | "version">,
) => ({
  category,
  provider,
  owner: "AWS",
  version: "1",
  ...rest,
});

/** Source, test, image, approval, release: the pipeline as a table. */
export function pipelineStages(args: StagesArgs): Stage[] {
  return [
    { name: "Source", actions: [source(args)] },
    ...(args.testProject ? [{ name: "Test", actions: [test(args.testProject)] }] : []),
    { name: "Build", actions: [image(args.imageProject)] },
    ...(args.approval ? [{ name: "Approve", actions: [approval] }] : []),
    { name: "Release", actions: [record(args.recordFunction), deploy(args.deployFunction)] },
  ];
}

const source = ({ connectionArn, repository, branch, startOn }: StagesArgs) =>
  action("Source", "CodeStarSourceConnection", {
    name: "GitHub",
    namespace: "Source",
    configuration: {
      ConnectionArn: connectionArn,
      FullRepositoryId: repository,
      BranchName: branch,
      DetectChanges: String(startOn === "push"),
      OutputArtifactFormat: "CODE_ZIP",
    },
    outputArtifacts: ["Source"],
  });

const test = (project: pulumi.Input<string>) =>
  action("Test", "CodeBuild", {
    name: "Test",
    configuration: { ProjectName: project },
    inputArtifacts: ["Source"],
  });

const image = (project: pulumi.Input<string>) =>
  action("Build", "CodeBuild", {
    name: "Image",
    namespace: "Image",
    configuration: {
      ProjectName: project,
      EnvironmentVariables: JSON.stringify([
        { name: "COMMIT", value: "#{Source.CommitId}", type: "PLAINTEXT" },
      ]),
    },
    inputArtifacts: ["Source"],
    outputArtifacts: ["Bundle"],
  });

const approval = action("Approval", "Manual", {
  name: "Approve",
  configuration: { CustomData: "Release commit #{Source.CommitId}?" },
});

/** Records the release before the deployment, so that nothing runs without a record. */
const record = (functionName: pulumi.Input<string>) =>
  action("Invoke", "Lambda", {
    name: "Record",
    runOrder: 1,
    configuration: {
      FunctionName: functionName,
      UserParameters: JSON.stringify({
        execution: "#{codepipeline.PipelineExecutionId}",
        commit: "#{Source.CommitId}",
        image: "#{Image.IMAGE}",
      }),
    },
    inputArtifacts: ["Bundle"],
  });

/** A function of ours, because CodePipeline's own action deploys under every alarm of the group, even one that was already ringing. */
const deploy = (functionName: pulumi.Input<string>) =>
  action("Invoke", "Lambda", {
    name: "Deploy",
    runOrder: 2,
    configuration: {
      FunctionName: functionName,
      UserParameters: JSON.stringify({
        execution: "#{codepipeline.PipelineExecutionId}",
        commit: "#{Source.CommitId}",
      }),
    },
    inputArtifacts: ["Bundle"],
  });
