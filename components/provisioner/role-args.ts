import * as pulumi from "@pulumi/pulumi";

/** The path of the projects' own roles. */
export const ROLE_PATH = "/groundwork-projects/";

export interface RolesArgs {
  prefix: string;
  templatesArn: pulumi.Input<string>;
  /** The bucket in which CloudFront logs visits. */
  visitsArn: pulumi.Input<string>;
  /** The SSM document with which builds run their project's release command on the servers. */
  releaseDocumentName: pulumi.Input<string>;
  siem?: { roleArn: pulumi.Input<string> };
}
