import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { trustService } from "./permissions";

/**
 * Lets API Gateway write to CloudWatch Logs, for every REST API of the account in this region. Costs nothing.
 * There is one such setting an account and region: of several stacks in one, only one may hold this component. When that goes, the
 * setting and its role stay in the account, because the APIs of other programs log by them, too.
 */
export class ApiAccount extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("groundwork:index:ApiAccount", name, {}, opts);
    const parent = { parent: this, retainOnDelete: true, dependsOn: opts?.dependsOn };
    const role = new aws.iam.Role(
      name,
      { assumeRolePolicy: trustService("apigateway.amazonaws.com") },
      parent,
    );
    const rights = new aws.iam.RolePolicyAttachment(
      name,
      // AWS's own policy for just this, because API Gateway refuses a role that grants less than all of it.
      {
        role: role.name,
        policyArn: "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
      },
      parent,
    );
    new aws.apigateway.Account(name, { cloudwatchRoleArn: role.arn }, { ...parent, dependsOn: [rights] });
    this.registerOutputs({});
  }
}
