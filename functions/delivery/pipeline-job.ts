/** What CodePipeline hands to a function that is one of its actions. */
export interface PipelineJobEvent {
  "CodePipeline.job": { id: string; data: JobData };
}

interface JobData {
  actionConfiguration: { configuration: { UserParameters?: string } };
  inputArtifacts: { location: { s3Location: { bucketName: string; objectKey: string } } }[];
  /** What the function said last time, when its job goes on. */
  continuationToken?: string;
}

/** Where the action's first artifact is. */
export const locationIn = ({ inputArtifacts }: JobData) => inputArtifacts[0]?.location.s3Location;

/** What the pipeline's stages tell the action; nothing when it makes no sense. */
export function parametersIn({ actionConfiguration }: JobData): Record<string, string | undefined> {
  try {
    return JSON.parse(actionConfiguration.configuration.UserParameters ?? "{}");
  } catch {
    return {};
  }
}
