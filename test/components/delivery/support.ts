import { Delivery, DeliveryArgs } from "../../../components/delivery/delivery";
import type { Declared } from "../../../policies/declared";
import { run } from "../../harness";

export const ACCOUNT = "123456789012";
export const REGION = "eu-west-1";
export const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:alarms`;
export const REPOSITORY = `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/web`;
export const WEB_GROUP = `arn:aws:autoscaling:${REGION}:${ACCOUNT}:autoScalingGroup:0123:autoScalingGroupName/web`;
export const TARGET_GROUP = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/web/0123456789abcdef`;
export const POOL = `arn:aws:cognito-idp:${REGION}:${ACCOUNT}:userpool/${REGION}_Example1`;

export const build = (more: Partial<DeliveryArgs> = {}) =>
  run(
    () =>
      new Delivery("delivery", {
        groupName: "web",
        groupArn: WEB_GROUP,
        targetGroupName: "web-targets",
        targetGroupArn: TARGET_GROUP,
        loadBalancerArnSuffix: "app/web/0123456789abcdef",
        webRoleName: "web-role",
        webRoleArn: `arn:aws:iam::${ACCOUNT}:role/web-role`,
        repositoryUrl: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/web`,
        repositoryArn: REPOSITORY,
        repository: "example/site",
        userPoolArn: POOL,
        keepData: false,
        ...more,
      }),
  );

/** The statements of a role's policy. */
export const statementsOf = ({ inputs }: Declared): any[] => JSON.parse(inputs.policy).Statement; // eslint-disable-line @typescript-eslint/no-explicit-any -- a policy is free text
