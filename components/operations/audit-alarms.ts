import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { MetricAlarm, Monitoring } from "../shared/monitoring";

/** What to look for in an audit trail's log: a filter on its events, and why somebody should look. */
interface Watched {
  pattern: string;
  why: string;
  /** How many within five minutes are worth an e-mail. @default 1 */
  times?: number;
}

const NAMESPACE = "Groundwork/Audit";

const anyOf = (...terms: string[]) => `{ ${terms.map((term) => `(${term})`).join(" || ")} }`;
const calls = (...names: string[]) => anyOf(...names.map((name) => `$.eventName = ${name}`));
const callsOf = (service: string, ...names: string[]) =>
  `{ ($.eventSource = ${service}.amazonaws.com) && (${names.map((name) => `($.eventName = ${name})`).join(" || ")}) }`;

/** The fifteen events that section 5 of the CIS AWS Foundations Benchmark requires to be monitored, in its order. */
export const WATCHED: Record<string, Watched> = {
  "unauthorized-calls": {
    pattern: anyOf(`$.errorCode = "*UnauthorizedOperation"`, `$.errorCode = "AccessDenied*"`),
    why: "Many calls were refused: a role lacks a permission, or somebody is probing",
    times: 20,
  },
  "sign-in-without-mfa": {
    pattern: `{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }`,
    why: "Somebody signed in to the console with a password alone",
  },
  "root-used": {
    pattern: `{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }`,
    why: "The account's root user was used",
  },
  "iam-changed": {
    pattern: calls(
      ...["DeleteGroupPolicy", "DeleteRolePolicy", "DeleteUserPolicy"],
      ...["PutGroupPolicy", "PutRolePolicy", "PutUserPolicy"],
      ...["CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion"],
      ...["AttachRolePolicy", "DetachRolePolicy", "AttachUserPolicy", "DetachUserPolicy"],
      ...["AttachGroupPolicy", "DetachGroupPolicy"],
    ),
    why: "Somebody's rights were changed",
  },
  "trail-changed": {
    pattern: calls("CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"),
    why: "The audit trail itself was changed",
  },
  "sign-in-failed": {
    pattern: `{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }`,
    why: "Sign-ins to the console keep failing",
    times: 5,
  },
  "key-disabled": {
    pattern: callsOf("kms", "DisableKey", "ScheduleKeyDeletion"),
    why: "An encryption key was disabled or is about to be deleted, and what it encrypts with it",
  },
  "bucket-policy-changed": {
    pattern: callsOf(
      "s3",
      ...["PutBucketAcl", "PutBucketPolicy", "PutBucketCors", "PutBucketLifecycle", "PutBucketReplication"],
      ...["DeleteBucketPolicy", "DeleteBucketCors", "DeleteBucketLifecycle", "DeleteBucketReplication"],
    ),
    why: "A bucket's policy or rules were changed",
  },
  "config-changed": {
    pattern: callsOf(
      "config",
      ...["StopConfigurationRecorder", "DeleteDeliveryChannel"],
      ...["PutDeliveryChannel", "PutConfigurationRecorder"],
    ),
    why: "AWS Config was changed or stopped",
  },
  "security-group-changed": {
    pattern: calls(
      ...["AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress"],
      ...["RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress"],
      ...["CreateSecurityGroup", "DeleteSecurityGroup"],
    ),
    why: "A security group was changed",
  },
  "network-acl-changed": {
    pattern: calls(
      ...["CreateNetworkAcl", "CreateNetworkAclEntry", "DeleteNetworkAcl", "DeleteNetworkAclEntry"],
      ...["ReplaceNetworkAclEntry", "ReplaceNetworkAclAssociation"],
    ),
    why: "A network ACL was changed",
  },
  "gateway-changed": {
    pattern: calls(
      ...["CreateCustomerGateway", "DeleteCustomerGateway", "AttachInternetGateway"],
      ...["CreateInternetGateway", "DeleteInternetGateway", "DetachInternetGateway"],
    ),
    why: "A way in or out of the network was changed",
  },
  "routes-changed": {
    pattern: callsOf(
      "ec2",
      ...["CreateRoute", "CreateRouteTable", "ReplaceRoute", "ReplaceRouteTableAssociation"],
      ...["DeleteRouteTable", "DeleteRoute", "DisassociateRouteTable"],
    ),
    why: "Routes were changed; the database's failover changes them too",
  },
  "vpc-changed": {
    pattern: calls(
      ...["CreateVpc", "DeleteVpc", "ModifyVpcAttribute", "AcceptVpcPeeringConnection"],
      ...["CreateVpcPeeringConnection", "DeleteVpcPeeringConnection", "RejectVpcPeeringConnection"],
      ...["AttachClassicLinkVpc", "DetachClassicLinkVpc", "DisableVpcClassicLink", "EnableVpcClassicLink"],
    ),
    why: "A VPC or a peering was changed",
  },
  "organization-changed": {
    pattern: callsOf(
      "organizations",
      ...[
        "AcceptHandshake",
        "AttachPolicy",
        "CancelHandshake",
        "CreateAccount",
        "CreateOrganization",
        "CreateOrganizationalUnit",
        "CreatePolicy",
      ],
      ...["DeclineHandshake", "DeleteOrganization", "DeleteOrganizationalUnit", "DeletePolicy"],
      ...[
        "DetachPolicy",
        "DisablePolicyType",
        "EnableAllFeatures",
        "EnablePolicyType",
        "InviteAccountToOrganization",
      ],
      ...["LeaveOrganization", "MoveAccount", "RemoveAccountFromOrganization"],
      ...["UpdatePolicy", "UpdateOrganizationalUnit"],
    ),
    why: "The organization that the account belongs to was changed",
  },
};

/** Counts each of these events in the trail's log, and raises an alarm when one occurs. */
export function auditMonitoring(
  name: string,
  logGroup: aws.cloudwatch.LogGroup,
  opts: pulumi.CustomResourceOptions,
): Monitoring {
  const alarms = Object.entries(WATCHED).map(([key, { pattern, why, times = 1 }]) => {
    const metricName = `${name}-${key}`;
    new aws.cloudwatch.LogMetricFilter(
      metricName,
      {
        logGroupName: logGroup.name,
        pattern,
        metricTransformation: { namespace: NAMESPACE, name: metricName, value: "1" },
      },
      opts,
    );
    const alarm: MetricAlarm = {
      description: `${why}: search the audit trail's log group for the call`,
      namespace: NAMESPACE,
      metricName,
      statistic: "Sum",
      periodSeconds: 300,
      comparison: "above",
      threshold: times - 1,
    };
    return [`audit-${key}`, alarm] as const;
  });
  return { alarms: Object.fromEntries(alarms) };
}
