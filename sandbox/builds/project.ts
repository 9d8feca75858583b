import { EnvironmentVariable, Project } from "@aws-sdk/client-codebuild";
import { Use } from "../engine/clients";
import { Problem } from "../problem";

/** What a build needs of its project. */
export interface BuildProject {
  name: string;
  role: string;
  buildspec: string;
  variables: { name: string; value: string; type: string }[];
  timeoutMinutes: number;
  logGroup: string;
}

export async function buildProject(use: Use, name: string): Promise<BuildProject> {
  const codebuild = await use("codebuild");
  const { projects } = await codebuild.batchGetProjects({ names: [name] });
  const project = projects?.[0];
  if (!project) throw new Problem(`There is no build project ${name}.`);
  return {
    name,
    role: project.serviceRole!,
    buildspec: buildspecOf(project),
    variables: (project.environment?.environmentVariables ?? []).map(variable),
    timeoutMinutes: project.timeoutInMinutes ?? 60,
    logGroup: (await declaredLogGroup(use, name)) ?? `/aws/codebuild/${name}`,
  };
}

const variable = ({ name, value, type }: EnvironmentVariable) => ({
  name: name!,
  value: value ?? "",
  type: type ?? "PLAINTEXT",
});

/** The project as one build has it: a variable that it is started with takes precedence over the project's own. */
export const withVariables = (project: BuildProject, given: EnvironmentVariable[]): BuildProject => ({
  ...project,
  variables: [...project.variables, ...given.map(variable)],
});

function buildspecOf({ source, name }: Project): string {
  if (source?.type !== "NO_SOURCE" || !source.buildspec)
    throw new Problem(
      `The build project ${name} must bring its buildspec and no source: the sandbox builds no other.`,
    );
  return source.buildspec;
}

/** MiniStack forgets a project's LogsConfig, so it is read from its declaration: in the stack with the project's name. */
async function declaredLogGroup(use: Use, StackName: string): Promise<string | undefined> {
  const cloudformation = await use("cloudformation");
  const { TemplateBody = "" } = await cloudformation.getTemplate({ StackName });
  const [, LogicalResourceId] = /CloudWatchLogs:.*?GroupName: *!Ref +(\w+)/s.exec(TemplateBody) ?? [];
  if (!LogicalResourceId) return undefined;
  const { StackResources } = await cloudformation.describeStackResources({ StackName, LogicalResourceId });
  return StackResources?.[0]?.PhysicalResourceId;
}
