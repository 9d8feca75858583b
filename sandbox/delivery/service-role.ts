import type { LaunchTemplateSpecification } from "@aws-sdk/client-auto-scaling";
import type { DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";
import type { Credentials } from "../builds/environment";
import { ACCOUNT, Endpoints } from "../emulators/endpoints";
import { rootClients, Service, Use } from "../engine/clients";
import { requirePermission } from "../fleet/resource-policy";
import { Problem } from "../problem";
import type { Deployment } from "./deployment";
import type { May, Right } from "./rights";

const SERVICE = "codedeploy.amazonaws.com";
/** A role's keys are valid for an hour. */
const KEYS_MS = 30 * 60_000;

/** CodeDeploy's names of the services that it calls: those of AWS's SDK for Java. */
const NAMES: Partial<Record<Service, string>> = {
  autoscaling: "AmazonAutoScaling",
  cloudwatch: "AmazonCloudWatch",
  elb: "AmazonElasticLoadBalancing",
};

/** The role lacks a right that CodeDeploy needs. */
export interface Refusal {
  code: "IAM_ROLE_MISSING" | "IAM_ROLE_PERMISSIONS";
  /** In the deployment's words. */
  message: string;
  /** The called service's message. */
  reason: string;
}

/** Whether a deployment ends because of its role. */
export const isOfRole = ({ code }: { code: string }): boolean => code.startsWith("IAM_ROLE_");

export class RoleRefused extends Problem {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

export interface ServiceRoleOptions {
  endpoints: Endpoints;
  /** Keys of a role. */
  assume: (role: string, session: string) => Promise<Credentials>;
  may: May;
  arnOf: (application: string, group: string) => string;
}

/** A deployment group as it is requested, or as it is. */
export interface OfApplication extends DeploymentGroupInfo {
  applicationName: string;
}

/** The roles of the deployment groups. */
export class ServiceRoles {
  private readonly known = new WeakMap<Deployment, ServiceRole>();

  constructor(private readonly options: ServiceRoleOptions) {}

  ofGroup(group: OfApplication, refused?: (refusal: Refusal) => void): ServiceRole {
    const { applicationName, deploymentGroupName, serviceRoleArn } = group;
    const source = this.options.arnOf(applicationName, deploymentGroupName!);
    return new ServiceRole(serviceRoleArn!, source, this.options, refused);
  }

  /** The one of a deployment, which ends with the first call that it may not make. */
  of(deployment: Deployment): ServiceRole {
    const known = this.known.get(deployment);
    if (known) return known;
    const group = { ...deployment.group, applicationName: deployment.application };
    const role = this.ofGroup(group, ({ code, message, reason }) => {
      deployment.say(reason);
      deployment.stops ??= { code, message };
    });
    this.known.set(deployment, role);
    return role;
  }
}

/** CodeDeploy's own role, as a deployment group names it: the role's policies decide about CodeDeploy's calls to other services. */
export class ServiceRole {
  /** Both emulators, with the role's rights. */
  readonly use: Use;
  private readonly root: Use;
  private keys?: { id: string; until: number };

  constructor(
    private readonly arn: string,
    /** The deployment group, which the role's trust policy may name. */
    private readonly source: string,
    private readonly options: ServiceRoleOptions,
    /** Called with a missing right, before the caller gets the error. */
    private readonly refused: (refusal: Refusal) => void = () => {},
  ) {
    this.root = rootClients(options.endpoints);
    this.use = rootClients(options.endpoints, async (service, command, input, ask) => {
      await this.must(service, command.replace(/Command$/, ""), input);
      return ask();
    });
  }

  /** Refuses a call that the role may not make. */
  async must(service: Service, operation: string, input: object): Promise<void> {
    const rightsOf = CALLS[`${service}.${operation}`];
    if (!rightsOf) throw new Problem(`The sandbox does not know what a role needs for ${operation}.`);
    const { region } = this.options.endpoints;
    const here = (of: string, resource: string) => `arn:aws:${of}:${region}:${ACCOUNT}:${resource}`;
    const reason = await this.options.may(await this.key(), await rightsOf(input, here, this.root));
    if (reason === undefined) return;
    throw this.refusal({
      code: "IAM_ROLE_PERMISSIONS",
      message: `The IAM role ${this.arn} does not give you permission to perform operations in the following AWS service: ${NAMES[service]}. Contact your AWS administrator if you need help. If you are an AWS administrator, you can grant permissions to your users or groups by creating IAM policies.`,
      reason,
    });
  }

  private refusal(refusal: Refusal): RoleRefused {
    this.refused(refusal);
    return new RoleRefused(refusal);
  }

  private async key(): Promise<string> {
    if (!this.keys || this.keys.until < Date.now())
      this.keys = { id: await this.assumed(), until: Date.now() + KEYS_MS };
    return this.keys.id;
  }

  /** MiniStack lets root assume any service's role; this checks whether it is CodeDeploy's. */
  private async assumed(): Promise<string> {
    try {
      const RoleName = this.arn.split("/").at(-1);
      const { Role } = await (await this.root("iam")).getRole({ RoleName });
      await requirePermission(decodeURIComponent(Role!.AssumeRolePolicyDocument!), {
        ...{ service: SERVICE, action: "sts:AssumeRole", resource: this.arn, account: ACCOUNT },
        source: this.source,
      });
      return (await this.options.assume(this.arn, "codedeploy")).accessKeyId;
    } catch (error) {
      throw this.refusal({
        code: "IAM_ROLE_MISSING",
        message: `AWS CodeDeploy does not have the permissions required to assume the role ${this.arn}.`,
        reason: (error as Error).message,
      });
    }
  }
}

type Here = (service: string, resource: string) => string;
/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- a service's inputs have no common type */
type RightsOf = (input: any, here: Here, root: Use) => Right[] | Promise<Right[]>;

const ofAll = (action: string) => (): Right[] => [{ action, resource: "*" }];

const group = (here: Here, name: string) =>
  here("autoscaling", `autoScalingGroup:${name}:autoScalingGroupName/${name}`);
const ofGroup =
  (action: string): RightsOf =>
  ({ AutoScalingGroupName: name }, here) => [
    { action: `autoscaling:${action}`, resource: group(here, name) },
  ];

const ofTargetGroup =
  (action: string): RightsOf =>
  ({ TargetGroupArn: resource }) => [{ action: `elasticloadbalancing:${action}`, resource }];

/** The rights that a role needs for each of CodeDeploy's calls to other services. */
export const CALLS: Record<string, RightsOf> = {
  "autoscaling.AttachLoadBalancerTargetGroups": ofGroup("AttachLoadBalancerTargetGroups"),
  "autoscaling.CompleteLifecycleAction": ofGroup("CompleteLifecycleAction"),
  "autoscaling.CreateAutoScalingGroup": async (input, here, root) => [
    ...(await ofGroup("CreateAutoScalingGroup")(input, here, root)),
    ...(await ofLaunch(input.LaunchTemplate, here, root)),
  ],
  "autoscaling.DeleteAutoScalingGroup": ofGroup("DeleteAutoScalingGroup"),
  "autoscaling.DescribeAutoScalingGroups": ofAll("autoscaling:DescribeAutoScalingGroups"),
  "autoscaling.DescribeLifecycleHooks": ofAll("autoscaling:DescribeLifecycleHooks"),
  "autoscaling.DescribePolicies": ofAll("autoscaling:DescribePolicies"),
  "autoscaling.PutLifecycleHook": ofGroup("PutLifecycleHook"),
  "autoscaling.PutScalingPolicy": ofGroup("PutScalingPolicy"),
  "autoscaling.UpdateAutoScalingGroup": ofGroup("UpdateAutoScalingGroup"),
  // A call that names several alarms is about all of them.
  "cloudwatch.DescribeAlarms": (_input, here) => [
    { action: "cloudwatch:DescribeAlarms", resource: here("cloudwatch", "alarm:*") },
  ],
  "cloudwatch.PutMetricAlarm": ({ AlarmName }, here) => [
    { action: "cloudwatch:PutMetricAlarm", resource: here("cloudwatch", `alarm:${AlarmName}`) },
  ],
  "elb.DeregisterTargets": ofTargetGroup("DeregisterTargets"),
  "elb.DescribeTargetGroups": ofAll("elasticloadbalancing:DescribeTargetGroups"),
  "elb.DescribeTargetHealth": ofAll("elasticloadbalancing:DescribeTargetHealth"),
  "elb.RegisterTargets": ofTargetGroup("RegisterTargets"),
};

/**
 * A group with a launch template is created with its creator's rights:
 * https://docs.aws.amazon.com/codedeploy/latest/userguide/getting-started-create-service-role.html
 */
async function ofLaunch(
  template: LaunchTemplateSpecification | undefined,
  here: Here,
  root: Use,
): Promise<Right[]> {
  if (!template) return [];
  const { LaunchTemplateId, Version = "$Default" } = template;
  const { LaunchTemplateVersions } = await (
    await root("ec2")
  ).describeLaunchTemplateVersions({ LaunchTemplateId, Versions: [Version] });
  const profile = LaunchTemplateVersions?.[0]?.LaunchTemplateData?.IamInstanceProfile;
  const InstanceProfileName = profile?.Name ?? profile?.Arn?.split("/").at(-1);
  const roles = InstanceProfileName
    ? (await (await root("iam")).getInstanceProfile({ InstanceProfileName })).InstanceProfile!.Roles!
    : [];
  return [
    { action: "ec2:RunInstances", resource: here("ec2", "instance/*") },
    { action: "ec2:RunInstances", resource: here("ec2", `launch-template/${LaunchTemplateId}`) },
    { action: "ec2:CreateTags", resource: here("ec2", "instance/*") },
    ...roles.map(({ Arn }) => ({
      ...{ action: "iam:PassRole", resource: Arn! },
      keys: { "iam:PassedToService": "ec2.amazonaws.com" },
    })),
  ];
}
