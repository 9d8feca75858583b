import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow, policyDocument } from "../shared/permissions";
import { ProvisionerArgs } from "./args";

/** The parameter with the API's address. */
export const apiUrlParameter = (parameterPath: string) => `${parameterPath}/provisioner/api-url`;

/** Tells the web app the API's address. The app calls it as the signed-in user, so its own role gets no permission there. */
export function tellConsole(
  name: string,
  { parameterPath, web }: ProvisionerArgs,
  apiUrl: pulumi.Output<string>,
  parent: { parent: pulumi.Resource },
): void {
  const parameter = new aws.ssm.Parameter(
    `${name}-api-url`,
    // The name is set, because the web app and the API itself look for it there.
    { name: apiUrlParameter(parameterPath), type: "String", value: apiUrl },
    parent,
  );
  new aws.iam.RolePolicy(
    `${name}-web`,
    { role: web.roleName, policy: policyDocument([allow(["ssm:GetParameters"], parameter.arn)]) },
    parent,
  );
}
