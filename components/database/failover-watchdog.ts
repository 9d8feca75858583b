import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import * as pulumi from "@pulumi/pulumi";
import type { FailoverEnvironment } from "../../functions/database/environment";
import { failover } from "../../functions/database/failover";
import { failoverPorts, musterPorts } from "../../functions/database/failover-ports";
import { muster } from "../../functions/database/muster";
import { fromEnvironment } from "../../functions/shared/environment";
import { here } from "../shared/here";
import { InputsOf, Lambda } from "../shared/lambda";
import { lambdaRule } from "../shared/lambda-rule";
import { allow, allowKey, Conditions } from "../shared/permissions";
import { NAMESPACE } from "./metrics";
import { LEASE_KEY } from "./node-script";

export interface FailoverWatchdogArgs {
  vpcId: pulumi.Input<string>;
  virtualIp: string;
  /** The name of the node group, without the suffix that Pulumi adds. */
  groupName: string;
  /** The route tables tagged `database=true`. */
  routeTableIds: pulumi.Input<string>[];
  tableName: pulumi.Input<string>;
  tableArn: pulumi.Input<string>;
  kmsKeyArn: pulumi.Input<string>;
  /** The tag of the nodes and their group. The function may stop only such instances, and complete only their launches. */
  sameDatabase: Conditions;
  logRetentionDays: number;
}

/** Holds a new node back until it reports that it is ready. */
export const LAUNCH_HOOK = "node-ready";

/** Short enough to end before the next run begins. */
export const TIMEOUT_SECONDS = 50;

/** The part of the function that touches AWS. The decisions are in functions/. */
export const watchRoute = async () => {
  const given = fromEnvironment<FailoverEnvironment>;
  const virtualIp = given("VIRTUAL_IP");
  // Throttled calls are worth retrying, since the next run is a minute away. A call that gets no answer is not.
  const patience = {
    maxAttempts: 8,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
  };
  const [ec2, dynamo] = [new EC2Client(patience), new DynamoDBClient(patience)];
  const settings = {
    table: given("LEASE_TABLE"),
    key: given("LEASE_KEY"),
    virtualIp,
    vpc: given("VPC_ID"),
    namespace: given("METRICS_NAMESPACE"),
    launchHook: given("LAUNCH_HOOK"),
  };
  // A failover must not wait for the count of the nodes, nor for Auto Scaling.
  const counted = muster(musterPorts(ec2, dynamo, new AutoScalingClient(patience), settings)).catch(
    (error: Error) => console.log(`The nodes were not counted: ${error.message}`),
  );
  const result = await failover(failoverPorts(ec2, dynamo, settings), virtualIp);
  await counted;
  return result;
};

/**
 * Checks every minute, and whenever an instance changes its state, that the virtual IP points to the active node, and stops
 * former holders that a new one waits for. Costs about 0.15 USD a month, at a second per check. While it is down, nothing changes:
 * the nodes do both themselves.
 */
export class FailoverWatchdog extends pulumi.ComponentResource {
  readonly functionName: pulumi.Output<string>;

  constructor(name: string, args: FailoverWatchdogArgs, opts?: pulumi.ComponentResourceOptions) {
    super("groundwork:index:FailoverWatchdog", name, {}, opts);
    const parent = { parent: this };
    const lambda = new Lambda(
      name,
      {
        callback: watchRoute,
        environment: {
          LEASE_TABLE: args.tableName,
          LEASE_KEY,
          VIRTUAL_IP: args.virtualIp,
          VPC_ID: args.vpcId,
          LAUNCH_HOOK,
          METRICS_NAMESPACE: NAMESPACE,
        } satisfies InputsOf<FailoverEnvironment>,
        permissions: [
          allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], args.tableArn),
          allowKey(["kms:Decrypt"], args.kmsKeyArn, ["dynamodb"]),
          // * because EC2's describe calls have no resource-level permission
          allow(["ec2:DescribeInstances", "ec2:DescribeInstanceStatus", "ec2:DescribeRouteTables"], "*"),
          allow(["ec2:CreateRoute", "ec2:ReplaceRoute"], routeTableArns(args.routeTableIds, parent)),
          // * because Auto Scaling's describe calls have no resource-level permission
          allow(["autoscaling:DescribeAutoScalingInstances"], "*"),
          // The group's id is not known here: the group exists only when its nodes are ready, and for that they need this function.
          allow(
            ["autoscaling:CompleteLifecycleAction"],
            here(parent).arn("autoscaling", `autoScalingGroup:*:autoScalingGroupName/${args.groupName}-*`),
            args.sameDatabase,
          ),
          allow(["ec2:StopInstances"], here(parent).arn("ec2", "instance/*"), args.sameDatabase),
        ],
        timeoutSeconds: TIMEOUT_SECONDS,
        logRetentionDays: args.logRetentionDays,
      },
      parent,
    );
    const description = "Looks after the route of the database's virtual IP";
    const scheduleExpression = "rate(1 minute)";
    lambdaRule(`${name}-each-minute`, lambda, { description, scheduleExpression }, parent);
    const pattern = { source: ["aws.ec2"], "detail-type": ["EC2 Instance State-change Notification"] };
    const eventPattern = JSON.stringify(pattern);
    lambdaRule(`${name}-state-change`, lambda, { description, eventPattern }, parent);
    this.functionName = lambda.functionName;
    this.registerOutputs({ functionName: this.functionName });
  }
}

/** The ARNs of route tables, for a role that may change their routes. */
export const routeTableArns = (ids: pulumi.Input<string>[], opts: { parent: pulumi.Resource }) =>
  ids.map((id) => here(opts).arn("ec2", pulumi.interpolate`route-table/${id}`));
