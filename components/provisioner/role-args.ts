import * as pulumi from "@pulumi/pulumi";

/** The path of the projects' own roles. */
export const ROLE_PATH = "/groundwork-projects/";

export interface RolesArgs {
  prefix: string;
  templatesArn: pulumi.Input<string>;
  /** Where CloudFront writes who visited. */
  visitsArn: pulumi.Input<string>;
  /** By which builds have servers run their project's release command. */
  releaseDocumentName: pulumi.Input<string>;
  siem?: { roleArn: pulumi.Input<string> };
}
