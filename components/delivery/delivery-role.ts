import * as pulumi from "@pulumi/pulumi";
import { here } from "../shared/here";
import { readyRole, Statement } from "../shared/permissions";

/**
 * The ARN of a service's role in this account, there only once its permissions are: CodeDeploy tries them in the moment its
 * group is made, and a pipeline's first run starts with its creation.
 */
export function deliveryRole(
  name: string,
  service: string,
  permissions: Statement[],
  opts: { parent: pulumi.Resource },
): pulumi.Output<string> {
  const trustCondition = { StringEquals: { "aws:SourceAccount": here(opts).accountId } };
  return readyRole(name, { service, permissions, trustCondition }, opts).arn;
}
