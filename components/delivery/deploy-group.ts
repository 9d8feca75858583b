import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { here } from "../shared/here";
import { allow, policyDocument, Statement } from "../shared/permissions";
import { DeployGroupArgs, Deployment } from "./args";
import { copiedServers, deployPermissions } from "./deploy-permissions";
import { deliveryRole } from "./delivery-role";

const GROUP = "web";

/**
 * CodeDeploy for the web servers: one at a time, or with a whole new group beside the old one. Free of charge.
 * If a release fails its check on a server, or sets off an alarm, the previous one replaces it.
 */
export class DeployGroup extends pulumi.ComponentResource {
  readonly applicationName: pulumi.Output<string>;
  readonly applicationArn: pulumi.Output<string>;
  readonly deploymentGroupName: pulumi.Output<string>;
  readonly deploymentGroupArn: pulumi.Output<string>;
  readonly deploymentConfigArn: pulumi.Output<string>;

  constructor(name: string, args: DeployGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("groundwork:index:DeployGroup", name, {}, opts);
    const parent = { parent: this };
    const application = new aws.codedeploy.Application(name, { computePlatform: "Server" }, parent);
    const alarm = serverErrors(name, args, parent);
    const serviceRoleArn = deliveryRole(
      name,
      "codedeploy.amazonaws.com",
      deployPermissions(args, GROUP, here(parent)),
      parent,
    );
    if (args.deployment === "blue-green")
      new aws.iam.RolePolicy(
        `${name}-servers`,
        { role: args.web.roleName, policy: policyDocument(copiedServers(GROUP, here(parent))) },
        parent,
      );
    const config = args.deployment === "in-place" ? "OneAtATime" : "AllAtOnce";
    const group = new aws.codedeploy.DeploymentGroup(
      name,
      {
        appName: application.name,
        // The name is unique within the application, so it cannot collide.
        deploymentGroupName: GROUP,
        serviceRoleArn,
        autoscalingGroups: [args.web.groupName],
        deploymentConfigName: `CodeDeployDefault.${config}`,
        loadBalancerInfo: { targetGroupInfos: [{ name: args.web.targetGroupName }] },
        autoRollbackConfiguration: {
          enabled: true,
          events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"],
        },
        alarmConfiguration: { enabled: true, alarms: [alarm.name, ...(args.rollbackAlarmNames ?? [])] },
        outdatedInstancesStrategy: "UPDATE",
        ...styleOf(args.deployment),
      },
      parent,
    );
    this.applicationName = application.name;
    this.applicationArn = application.arn;
    this.deploymentGroupName = group.deploymentGroupName;
    this.deploymentGroupArn = group.arn;
    this.deploymentConfigArn = here(parent).arn("codedeploy", `deploymentconfig:CodeDeployDefault.${config}`);
    this.registerOutputs({
      applicationName: this.applicationName,
      applicationArn: this.applicationArn,
      deploymentGroupName: this.deploymentGroupName,
      deploymentGroupArn: this.deploymentGroupArn,
      deploymentConfigArn: this.deploymentConfigArn,
    });
  }

  /** For a function that deploys. */
  deployers(): Statement[] {
    return [
      allow(
        [
          "codedeploy:CreateDeployment",
          "codedeploy:GetDeployment",
          "codedeploy:GetDeploymentGroup",
          // AWS requires it of a caller that deploys under other alarms than the group's. Without iam:PassRole the group keeps its role.
          "codedeploy:UpdateDeploymentGroup",
        ],
        this.deploymentGroupArn,
      ),
      allow(["codedeploy:GetDeploymentConfig"], this.deploymentConfigArn),
      allow(
        ["codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision"],
        this.applicationArn,
      ),
    ];
  }
}

function styleOf(deployment: Deployment): Partial<aws.codedeploy.DeploymentGroupArgs> {
  if (deployment === "in-place")
    return { deploymentStyle: { deploymentType: "IN_PLACE", deploymentOption: "WITH_TRAFFIC_CONTROL" } };
  return {
    deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
    blueGreenDeploymentConfig: {
      deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT" },
      greenFleetProvisioningOption: { action: "COPY_AUTO_SCALING_GROUP" },
      terminateBlueInstancesOnDeploymentSuccess: {
        action: "TERMINATE",
        terminationWaitTimeInMinutes: 10,
      },
    },
  };
}

function serverErrors(
  name: string,
  args: DeployGroupArgs,
  parent: pulumi.CustomResourceOptions,
): aws.cloudwatch.MetricAlarm {
  return new aws.cloudwatch.MetricAlarm(
    `${name}-server-errors`,
    {
      alarmDescription: "The web servers answer with errors: a deployment under way is rolled back",
      namespace: "AWS/ApplicationELB",
      metricName: "HTTPCode_Target_5XX_Count",
      dimensions: { LoadBalancer: args.web.loadBalancerArnSuffix },
      statistic: "Sum",
      period: 60,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: args.rollbackAt5xxPerMinute,
      treatMissingData: "notBreaching",
    },
    parent,
  );
}
