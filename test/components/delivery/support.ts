import type { DeliveryArgs } from "../../../components/delivery/args";
import { Delivery } from "../../../components/delivery/delivery";
import { run } from "../../harness";
import { IMAGE, PEOPLE, WEB } from "../around";

export const ACCOUNT = "123456789012";
export const REGION = "eu-west-1";
export const REPOSITORY = `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/web`;
export const WEB_GROUP = `arn:aws:autoscaling:${REGION}:${ACCOUNT}:autoScalingGroup:0123:autoScalingGroupName/web`;
export const TARGET_GROUP = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/web/0123456789abcdef`;
export const POOL = `arn:aws:cognito-idp:${REGION}:${ACCOUNT}:userpool/${REGION}_Example1`;

const WEB_TIER = {
  ...WEB,
  roleName: "web-role",
  roleArn: `arn:aws:iam::${ACCOUNT}:role/web-role`,
  groupName: "web",
  groupArn: WEB_GROUP,
  targetGroupName: "web-targets",
  targetGroupArn: TARGET_GROUP,
  loadBalancerArnSuffix: "app/web/0123456789abcdef",
};

export const build = (more: Partial<DeliveryArgs> = {}) =>
  run(() => {
    const delivery = new Delivery("delivery", {
      web: WEB_TIER,
      image: IMAGE,
      repository: "example/site",
      people: PEOPLE,
      keepData: false,
      ...more,
    });
    const { apiUrl, connectionArn } = delivery;
    return { apiUrl, connectionArn, monitoring: delivery.monitoring() };
  });
