import * as pulumi from "@pulumi/pulumi";
import { here } from "../shared/here";
import { readyRole, Statement } from "../shared/permissions";

/**
 * The ARN of a service's role in this account, available only once its permissions exist. CodeDeploy tests them the moment its
 * group is created, and a pipeline starts its first run as soon as it is created.
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
