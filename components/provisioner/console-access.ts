import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow, policyDocument } from "../shared/permissions";

export interface ConsoleArgs {
  /** The SSM parameter that the web app reads the API's address from, such as `/groundwork/dev/provisioner/api-url`. */
  parameterName: string;
  /** The role of the web servers. */
  webRole: { name: pulumi.Input<string> };
}

/** Tells the web app where the API is. What it does there it does as the person who is signed in: its role may do nothing there. */
export function tellConsole(
  name: string,
  { parameterName, webRole }: ConsoleArgs,
  apiUrl: pulumi.Output<string>,
  parent: { parent: pulumi.Resource },
): void {
  const parameter = new aws.ssm.Parameter(
    `${name}-api-url`,
    // The name is set, because the web app looks for it there.
    { name: parameterName, type: "String", value: apiUrl },
    parent,
  );
  new aws.iam.RolePolicy(
    `${name}-web`,
    { role: webRole.name, policy: policyDocument([allow(["ssm:GetParameters"], parameter.arn)]) },
    parent,
  );
}
