import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Lambda } from "./lambda";

/** Makes EventBridge call a function: for each event that matches a pattern, or on a schedule. */
export function lambdaRule<E, R>(
  name: string,
  lambda: Lambda<E, R>,
  when: aws.cloudwatch.EventRuleArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const rule = new aws.cloudwatch.EventRule(name, when, opts);
  const permission = new aws.lambda.Permission(
    name,
    {
      function: lambda.functionName,
      action: "lambda:InvokeFunction",
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    },
    opts,
  );
  new aws.cloudwatch.EventTarget(
    name,
    { rule: rule.name, arn: lambda.functionArn },
    // Events that arrive before the permission exists would be lost.
    { ...opts, dependsOn: permission },
  );
}
