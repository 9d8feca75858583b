import { locationIn, parametersIn, PipelineJobEvent } from "./pipeline-job";
import { Bundle, isImage, Releases } from "./releases";

export interface RecordPorts {
  releases: Pick<Releases, "put">;
  bundles: { stamp(bucket: string, key: string): Promise<Bundle> };
  job: { succeed(id: string): Promise<void>; fail(id: string, message: string): Promise<void> };
  now(): string;
}

/** Records what is about to be deployed; the pipeline continues only after that. */
export async function recordRelease(event: PipelineJobEvent, ports: RecordPorts): Promise<void> {
  const { id, data } = event["CodePipeline.job"];
  const location = locationIn(data);
  const { execution, commit, image } = parametersIn(data);
  if (!execution || !commit || !image || !isImage(image) || !location)
    return ports.job.fail(id, `The build named no release: commit ${commit || "?"}, image ${image || "?"}.`);
  try {
    const bundle = await ports.bundles.stamp(location.bucketName, location.objectKey);
    await ports.releases.put({ id: execution, commit, image, bundle, recordedAt: ports.now() });
  } catch (error) {
    return ports.job.fail(id, `The release was not recorded: ${(error as Error).name}.`);
  }
  await ports.job.succeed(id);
}
