import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { trustService } from "./permissions";

/** The account's permission for API Gateway to write logs: our `ApiAccount`. */
export interface ApiAccountLike {
  /** Until then, API Gateway refuses a stage that logs. */
  readonly ready: pulumi.Resource[];
}

/**
 * Lets API Gateway write to CloudWatch Logs, for every REST API of the account in this region. Costs nothing.
 * This setting exists once per account and region: of several stacks in an account, only one may hold this component. When that stack is
 * destroyed, the setting and its role stay in the account, because the APIs of other programs also log with them.
 */
export class ApiAccount extends pulumi.ComponentResource implements ApiAccountLike {
  readonly ready: pulumi.Resource[];

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
      // AWS's own policy for this purpose, because API Gateway refuses a role that grants less than all of it.
      {
        role: role.name,
        policyArn: "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
      },
      parent,
    );
    const account = new aws.apigateway.Account(
      name,
      { cloudwatchRoleArn: role.arn },
      { ...parent, dependsOn: [rights] },
    );
    this.ready = [account];
    this.registerOutputs({});
  }
}
