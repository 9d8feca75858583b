import {
  BatchGetBuildsCommand,
  type Build,
  type CodeBuildClient,
  ListBuildsForProjectCommand,
  StartBuildCommand,
} from "@aws-sdk/client-codebuild";
import { type CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeImagesCommand, type ECRClient } from "@aws-sdk/client-ecr";
import { named } from "../shared/is-named";
import type { ImageBuild, ImageBuilds } from "./build-image";

export interface Clients {
  builds: CodeBuildClient;
  registry: ECRClient;
  logs: CloudWatchLogsClient;
}

export interface ImageProject {
  name: string;
  repositoryName: string;
  tag: string;
}

const PAUSE_MS = 5_000;
const SHOWN_LINES = 30;

/** A CodeBuild project that builds one image, and the repository that it pushes to. */
export function codebuildImages(
  { builds, registry, logs }: Clients,
  { name, repositoryName, tag }: ImageProject,
): ImageBuilds {
  const look = async (id: string) => {
    const { builds: found = [] } = await builds.send(new BatchGetBuildsCommand({ ids: [id] }));
    if (!found[0]) throw new Error(`CodeBuild knows no build ${id}`);
    return toldOf(found[0]);
  };
  return {
    look,
    async newest() {
      const { ids = [] } = await builds.send(
        new ListBuildsForProjectCommand({ projectName: name, sortOrder: "DESCENDING" }),
      );
      return ids[0] === undefined ? undefined : look(ids[0]);
    },
    async start() {
      const { build } = await builds.send(new StartBuildCommand({ projectName: name }));
      return toldOf(build!);
    },
    async lastLines({ group, stream }) {
      const { events = [] } = await logs.send(
        new GetLogEventsCommand({
          logGroupName: group,
          logStreamName: stream,
          limit: SHOWN_LINES,
          startFromHead: false,
        }),
      );
      return events.map(({ message = "" }) => message.trimEnd()).filter((line) => line !== "");
    },
    async digest() {
      try {
        const { imageDetails = [] } = await registry.send(
          new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: tag }] }),
        );
        return imageDetails[0]?.imageDigest;
      } catch (error) {
        if (named(error, "ImageNotFoundException")) return undefined;
        throw error;
      }
    },
    pause: () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS)),
  };
}

const toldOf = ({ id, buildStatus, source, phases = [], logs }: Build): ImageBuild => ({
  id: id!,
  status: buildStatus!,
  source: source?.location ?? "",
  faults: phases.flatMap(({ phaseType, contexts = [] }) =>
    contexts
      .filter(({ message }) => message)
      .map(({ statusCode, message }) => `${phaseType}: ${statusCode ? `${statusCode}: ` : ""}${message}`),
  ),
  log: logs?.groupName && logs.streamName ? { group: logs.groupName, stream: logs.streamName } : undefined,
});
