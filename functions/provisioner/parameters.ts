import { ignoredBy, images, sites } from "./builds";
import { Kind, kindOf } from "./catalogue";
import { Settings, StackRequest } from "./ports";
import { Project, stackNameOf } from "./project";

const flag = (value: unknown) => (value ? "true" : "false");

/** Where a project's servers and its database run: AWS cannot move them, so a project stays in the network where it was created. */
const NETWORK = ["VpcId", "VpcBlock", "Subnets", "PublicSubnets", "PrivateSubnets"];

/** The project as parameters for CloudFormation, with the changes of a running update applied. */
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
      Domain: now.ownName?.domain ?? "",
      ...(now.ownName && { CertificateArn: now.ownName.certificateArn }),
      ...(kind.template === "static"
        ? {
            Host: settings.domain && `${project.host}.${settings.domain}`,
            ...siteParameters(project.framework, now.folder, kind.fallback, kind.openConnections),
          }
        : { HealthPath: now.healthPath ?? "/", ...serverParameters(settings, now, kind) }),
    },
    keeps: kind.template === "server" ? NETWORK : [],
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

function serverParameters(settings: Settings, project: Project, { engine, sticky, needs, uploads }: Kind) {
  const image = images[project.framework]!;
  const host = settings.domain && `${project.host}.${settings.domain}`;
  return {
    Host: host,
    Dockerfile: image.dockerfile,
    Ignored: ignoredBy(image),
    AppPort: String(project.port ?? image.port),
    AppEnvironment: JSON.stringify(image.environment ?? {}),
    ValuesArn: project.valuesArn ?? "",
    Uploads: uploads?.folder ?? "",
    UploadsOwner: String(uploads?.owner ?? 0),
    ReleaseCommand: project.releaseCommand ?? "",
    MongoDb: flag(needs?.secret === "MONGODB_URI"),
    Sticky: flag(sticky),
    Engine: engine ?? "none",
    DatabaseTemplate: settings.templates.database,
    // A group in a public subnet has no other way out, and none in.
    Subnets: settings.parameters.server[project.environment === "dev" ? "PublicSubnets" : "PrivateSubnets"]!,
  };
}
