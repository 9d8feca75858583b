import type { Endpoints } from "./emulators/endpoints";
import type { OfBoth } from "./engine/clients";
import { BuildRunner } from "./builds/runner";
import { codebuildProxy } from "./builds/codebuild-proxy";
import { Images } from "./builds/images";
import { Starters } from "./builds/starters";
import { judgeBy } from "./delivery/rights";
import type { Docker } from "./docker/docker";
import { EmulatorProxy } from "./emulator-proxy";
import { MirrorNetwork } from "./mirror/network";
import type { Paths } from "./paths";
import type { Processes } from "./processes";
import { ProjectDatabases } from "./sites/databases";
import { runCommand } from "./sites/run-command";
import { ProjectServers } from "./sites/servers";
import { Sites } from "./sites/sites";
import type { Keep } from "./stopping";

/** What builds projects and serves them. */
export interface Projects {
  network: MirrorNetwork;
  images: Images;
  builds: BuildRunner;
  servers: ProjectServers;
  /** The port at which each project's site answers by its name. */
  port: number;
  /** The starters' repositories. */
  repositories: string;
  /** Where functions find CloudFormation and CodeBuild: their calls are carried out here. */
  cloudformation: string;
  codebuild: string;
}

interface Options {
  both: OfBoth;
  endpoints: Endpoints;
  paths: Paths;
  processes: Processes;
  docker: Docker | undefined;
  /** The folder of the emulators' Python packages, which the builds' AWS CLI shares. */
  packages: string;
  note: (line: string) => void;
}

/** Starts it before the emulators, whose functions are told where it is. */
export async function startProjects(options: Options, keep: Keep): Promise<Projects> {
  const { both, endpoints, paths, processes, docker, packages, note } = options;
  const network = new MirrorNetwork(both);
  // The mirror is the only network of what the functions declare.
  const cloudformation = keep(
    new EmulatorProxy(
      endpoints.ministack,
      async (call, { pass }) => pass(await network.translate(call)),
      note,
    ),
  );
  if (docker) keep(docker);
  const images = new Images(both.ministack, paths);
  const elsewhere: Record<string, string> = {};
  const builds = new BuildRunner({
    ...{ use: both.ministack, endpoints, paths, images, docker, packages, elsewhere, note },
  });
  const codebuild = keep(codebuildProxy(endpoints.ministack, builds, note));
  keep(builds);
  const starters = keep(new Starters(paths, note));
  const databases = keep(new ProjectDatabases(processes, paths));
  const servers = keep(
    new ProjectServers({
      ...{ use: both.ministack, images, databases, docker, note },
      hidden: [paths.run, ...(docker ? [docker.engine.socket] : [])],
      folder: paths.images,
    }),
  );
  const commands = keep(
    new EmulatorProxy(
      endpoints.ministack,
      runCommand({ moto: both.moto, builds, images, servers, endpoints, judge: judgeBy(endpoints) }),
      note,
    ),
  );
  elsewhere["ssm"] = await commands.start();
  // Only the mirrors of projects' groups have machines.
  elsewhere["autoscaling describe-auto-scaling-groups"] = endpoints.moto;
  const sites = keep(new Sites(both, servers, note));
  servers.sitesPort = await sites.start();
  return {
    ...{ network, images, builds, servers, port: servers.sitesPort },
    repositories: await starters.start(),
    cloudformation: await cloudformation.start(),
    codebuild: await codebuild.start(),
  };
}
