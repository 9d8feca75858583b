import { ignoredBy, images, sites } from "./builds";
import { Environment, kindOf } from "./catalogue";
import { Settings, StackRequest } from "./ports";
import { Project, stackNameOf } from "./project";

const flag = (value: unknown) => (value ? "true" : "false");

/** The project as CloudFormation takes it, with the changes of a running update in it. */
export function stackRequest(settings: Settings, project: Project): StackRequest {
  const now = { ...project, ...project.change };
  const kind = kindOf(now.type, now.framework)!;
  return {
    name: stackNameOf(settings.prefix, project.id),
    templateUrl: settings.templates[kind.template],
    parameters: {
      ...settings.parameters[kind.template],
      Environment: project.environment,
      Repository: now.repository,
      Branch: now.branch,
      SecretArn: now.secretArn,
      Frozen: flag(now.frozen),
      ...(kind.template === "static"
        ? {
            Host: settings.domain && `${project.host}.${settings.domain}`,
            ...siteParameters(project.framework, now.folder, kind.fallback, kind.openConnections),
          }
        : {
            HealthPath: now.healthPath ?? "/",
            ...serverParameters(settings, project.framework, project.environment, kind.engine, kind.sticky),
          }),
    },
    tags: {
      "groundwork:provisioner": settings.prefix,
      "groundwork:project": project.id,
      "groundwork:unit": project.unit,
      Name: project.name,
    },
  };
}

function siteParameters(framework: string, folder?: string, fallback?: true, openConnections?: true) {
  const { commands, folders } = sites[framework]!;
  return {
    Commands: commands,
    Folder: folder ?? folders,
    Fallback: flag(fallback),
    OpenConnections: flag(openConnections),
  };
}

function serverParameters(
  settings: Settings,
  framework: string,
  environment: Environment,
  engine = "none",
  sticky?: true,
) {
  const image = images[framework]!;
  const { dockerfile, port, environment: variables } = image;
  return {
    Dockerfile: dockerfile,
    Ignored: ignoredBy(image),
    AppPort: String(port),
    AppEnvironment: variables ?? "",
    Sticky: flag(sticky),
    Engine: engine,
    DatabaseTemplate: settings.templates.database,
    // A group in a public subnet has no other way out, and none in.
    Subnets: settings.parameters.server[environment === "dev" ? "PublicSubnets" : "PrivateSubnets"]!,
  };
}
