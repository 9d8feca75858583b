import { Bundle, isImage, Releases } from "./releases";

/** What CodePipeline hands to a function that is one of its actions. */
export interface PipelineJobEvent {
  "CodePipeline.job": {
    id: string;
    data: {
      actionConfiguration: { configuration: { UserParameters?: string } };
      inputArtifacts: { location: { s3Location: { bucketName: string; objectKey: string } } }[];
    };
  };
}

export interface RecordPorts {
  releases: Pick<Releases, "put">;
  bundles: { stamp(bucket: string, key: string): Promise<Bundle> };
  job: { succeed(id: string): Promise<void>; fail(id: string, message: string): Promise<void> };
  now(): string;
}

/** Writes down what is about to be deployed; the pipeline goes on only when that is done. */
export async function recordRelease(event: PipelineJobEvent, ports: RecordPorts): Promise<void> {
  const { id, data } = event["CodePipeline.job"];
  const location = data.inputArtifacts[0]?.location.s3Location;
  const { execution, commit, image } = parametersOf(data.actionConfiguration.configuration.UserParameters);
  if (!execution || !commit || !image || !isImage(image) || !location)
    return ports.job.fail(id, `The build named no release: commit ${commit || "?"}, image ${image || "?"}.`);
  try {
    const bundle = await ports.bundles.stamp(location.bucketName, location.objectKey);
    await ports.releases.put({ id: execution, commit, image, bundle, recordedAt: ports.now() });
  } catch (error) {
    return ports.job.fail(
      id,
      `The release was not recorded: ${error instanceof Error ? error.name : "unknown"}.`,
    );
  }
  await ports.job.succeed(id);
}

function parametersOf(text: string | undefined): Record<string, string | undefined> {
  try {
    return JSON.parse(text ?? "{}");
  } catch {
    return {};
  }
}
