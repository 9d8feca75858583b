import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { here } from "../shared/here";
import { policyDocument, serviceRole, Statement } from "../shared/permissions";

/**
 * The ARN of a service's role in this account, there only once its permissions are: CodeDeploy tries them in the moment its
 * group is made, and a pipeline's first run starts with its creation.
 */
export function readyRole(
  name: string,
  service: string,
  permissions: Statement[],
  opts: { parent: pulumi.Resource },
): pulumi.Output<string> {
  const { accountId } = here(opts);
  const role = serviceRole(
    name,
    { service, trustCondition: { StringEquals: { "aws:SourceAccount": accountId } } },
    opts,
  );
  const policy = new aws.iam.RolePolicy(name, { role: role.name, policy: policyDocument(permissions) }, opts);
  return pulumi.all([role.arn, policy.id]).apply(([arn]) => arn);
}
