/** What CodePipeline passes to a function that serves as one of its actions. */
export interface PipelineJobEvent {
  "CodePipeline.job": { id: string; data: JobData };
}

interface JobData {
  actionConfiguration: { configuration: { UserParameters?: string } };
  inputArtifacts: { location: { s3Location: { bucketName: string; objectKey: string } } }[];
  /** The token that the function returned last time, if its job continues. */
  continuationToken?: string;
}

/** The location of the action's first artifact. */
export const locationIn = ({ inputArtifacts }: JobData) => inputArtifacts[0]?.location.s3Location;

/** The parameters that the pipeline's stages pass to the action; empty if they are invalid. */
export function parametersIn({ actionConfiguration }: JobData): Record<string, string | undefined> {
  try {
    return JSON.parse(actionConfiguration.configuration.UserParameters ?? "{}");
  } catch {
    return {};
  }
}
