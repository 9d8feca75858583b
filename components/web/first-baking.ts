import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow, serviceRole } from "../shared/permissions";

/** By then, everything else in the stack exists, and EventBridge knows the rule. */
const MINUTES = 10;

/**
 * Starts a new pipeline once, soon after its creation: its servers would otherwise start from plain Amazon Linux until its schedule is
 * due. `up` itself does not start it, because it would wait half an hour for the image and fail with it.
 */
export function firstBaking(
  name: string,
  pipelineArn: pulumi.Output<string>,
  opts: { parent: pulumi.Resource },
): void {
  const role = serviceRole(
    name,
    {
      service: "events.amazonaws.com",
      permissions: [allow(["imagebuilder:StartImagePipelineExecution"], pipelineArn)],
    },
    opts,
  );
  const rule = new aws.cloudwatch.EventRule(
    name,
    {
      description: "Bakes the first machine image, once",
      scheduleExpression: pipelineArn.apply(() => onceIn(MINUTES, new Date())),
    },
    { ...opts, ignoreChanges: ["scheduleExpression"] },
  );
  new aws.cloudwatch.EventTarget(name, { rule: rule.name, arn: pipelineArn, roleArn: role.arn }, opts);
}

/** An EventBridge schedule that runs once, this many minutes from now. */
export function onceIn(minutes: number, now: Date): string {
  const then = new Date(now.getTime() + minutes * 60_000);
  const [minute, hour, day, month] = [
    then.getUTCMinutes(),
    then.getUTCHours(),
    then.getUTCDate(),
    then.getUTCMonth() + 1,
  ];
  return `cron(${minute} ${hour} ${day} ${month} ? ${then.getUTCFullYear()})`;
}
