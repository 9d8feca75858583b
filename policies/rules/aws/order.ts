import type { Declared, StackView } from "../../declared";
import { each, label, list, ofType, Rules } from "../rule";
import { isMeant } from "./rights";

const PERMISSIONS = ["aws:iam/rolePolicy:RolePolicy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"];
const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const PERMISSION = "aws:lambda/permission:Permission";

/** Everything that exists before a resource is created: what it needs, and what those need in turn. */
function before(resource: Declared, view: StackView): ReadonlySet<string> {
  const byLabel = new Map(view.resources.map((one) => [label(one), one]));
  const found = new Set<string>();
  const open = [...resource.needs];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (found.has(one)) continue;
    found.add(one);
    open.push(...(byLabel.get(one)?.needs ?? []));
  }
  return found;
}

/** Of the resources that must exist before this one, those that may come after it. */
function late(resource: Declared, view: StackView, wanted: Declared[]): string | false {
  if (wanted.length === 0) return false;
  const there = before(resource, view);
  const missing = wanted.filter((one) => !there.has(label(one)));
  return missing.length > 0 && `does not wait for ${missing.map(label).join(", ")}`;
}

const find = (view: StackView, type: string, reference: unknown) =>
  ofType(view, type).find((one) => isMeant(reference, one));

/** The policies that give a role of the stack its permissions. */
const permissionsOf = (view: StackView, reference: unknown): Declared[] => {
  const role = find(view, "aws:iam/role:Role", reference);
  return role ? ofType(view, ...PERMISSIONS).filter(({ inputs }) => isMeant(inputs.role, role)) : [];
};

const functionOf = (view: StackView, reference: unknown) =>
  find(view, "aws:lambda/function:Function", reference);

/** The roles that AWS tests or reads while it creates a resource of these types. */
const TRIED: Record<string, (resource: Declared, view: StackView) => unknown> = {
  "aws:apigateway/account:Account": ({ inputs }) => inputs.cloudwatchRoleArn,
  "aws:cloudtrail/trail:Trail": ({ inputs }) => inputs.cloudWatchLogsRoleArn,
  "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": ({ inputs }) => inputs.roleArn,
  "aws:codebuild/project:Project": ({ inputs }) => inputs.vpcConfig && inputs.serviceRole,
  "aws:codedeploy/deploymentGroup:DeploymentGroup": ({ inputs }) => inputs.serviceRoleArn,
  "aws:guardduty/malwareProtectionPlan:MalwareProtectionPlan": ({ inputs }) => inputs.role,
  "aws:lambda/eventSourceMapping:EventSourceMapping": ({ inputs }, view) =>
    functionOf(view, inputs.functionName)?.inputs.role,
  "aws:lambda/function:Function": ({ inputs }) =>
    (inputs.vpcConfig || inputs.deadLetterConfig) && inputs.role,
  "aws:rds/instance:Instance": ({ inputs }) => inputs.monitoringRoleArn,
  "aws:sfn/stateMachine:StateMachine": ({ inputs }) => inputs.loggingConfiguration && inputs.roleArn,
};

/** The buckets in which AWS writes a test file while it creates a resource of these types. */
const WRITTEN: Record<string, (resource: Declared) => unknown> = {
  "aws:cloudtrail/trail:Trail": ({ inputs }) => inputs.s3BucketName,
  "aws:lb/loadBalancer:LoadBalancer": ({ inputs }) => inputs.accessLogs?.bucket,
};

/** The permissions that let a bucket's events reach their targets. */
function letsEventsIn({ inputs }: Declared, view: StackView): Declared[] {
  const functions = list<{ lambdaFunctionArn: unknown }>(inputs.lambdaFunctions).map((one) =>
    functionOf(view, one.lambdaFunctionArn),
  );
  const [queues, topics] = [
    list<{ queueArn: unknown }>(inputs.queues),
    list<{ topicArn: unknown }>(inputs.topics),
  ];
  return [
    ...ofType(view, PERMISSION).filter(
      ({ inputs }) =>
        inputs.principal === "s3.amazonaws.com" &&
        functions.some((named) => named && isMeant(inputs.function, named)),
    ),
    ...queues.flatMap(({ queueArn }) =>
      policiesOf(view, "sqs/queue", "sqs/queuePolicy", "queueUrl", queueArn),
    ),
    ...topics.flatMap(({ topicArn }) => policiesOf(view, "sns/topic", "sns/topicPolicy", "arn", topicArn)),
  ];
}

function policiesOf(
  view: StackView,
  of: string,
  policy: string,
  field: string,
  reference: unknown,
): Declared[] {
  const named = find(view, tokenOf(of), reference);
  return named
    ? ofType(view, tokenOf(policy)).filter(
        ({ inputs }) => isMeant(inputs[field], named) || inputs[field] === named.outputs.url,
      )
    : [];
}

/** Turns `sqs/queuePolicy` into a type token. */
function tokenOf(short: string): string {
  const kind = short.split("/")[1]!;
  return `aws:${short}:${kind[0]!.toUpperCase()}${kind.slice(1)}`;
}

/** The subnets of a resource's machines. */
const subnetsOf = ({ inputs }: Declared): unknown[] =>
  list<unknown>(inputs.subnets ?? inputs.vpcZoneIdentifiers ?? inputs.subnetId);

/** What gives a subnet internet access: its route table association, the table's routes, and the gateways of its VPC. */
function waysOut(view: StackView, subnet: unknown): Declared[] {
  const found = find(view, "aws:ec2/subnet:Subnet", subnet);
  const places = ofType(view, "aws:ec2/routeTableAssociation:RouteTableAssociation").filter(
    ({ inputs }) => found && isMeant(inputs.subnetId, found),
  );
  const tables = new Set(places.map(({ inputs }) => inputs.routeTableId));
  return [
    ...places,
    ...ofType(view, "aws:ec2/route:Route").filter(({ inputs }) => tables.has(inputs.routeTableId)),
    ...ofType(view, "aws:ec2/internetGateway:InternetGateway").filter(
      ({ inputs }) => found && inputs.vpcId === found.inputs.vpcId,
    ),
  ];
}

/** The security groups of what a resource starts: machines, or a function in a VPC. */
function groupsOf({ inputs }: Declared, view: StackView): unknown[] {
  const called = functionOf(view, inputs.functionName);
  if (called) return list<unknown>(called.inputs.vpcConfig?.securityGroupIds);
  const template = find(view, "aws:ec2/launchTemplate:LaunchTemplate", inputs.launchTemplate?.id);
  const { vpcSecurityGroupIds, networkInterfaces } = template?.inputs ?? inputs;
  const interfaces = list<{ securityGroups?: unknown }>(networkInterfaces);
  return [vpcSecurityGroupIds, ...interfaces.map((one) => one.securityGroups)].flatMap((one) =>
    list<unknown>(one),
  );
}

const SSH = 22;

/** The rules that let a group's members call others: their own egress, and ingress elsewhere that names their group. SSH is for people, later. */
const opensFor = (view: StackView, group: unknown): Declared[] => [
  ...ofType(view, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule").filter(
    ({ inputs }) => inputs.securityGroupId === group,
  ),
  ...ofType(view, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").filter(
    ({ inputs }) => inputs.referencedSecurityGroupId === group && inputs.fromPort !== SSH,
  ),
];

/** What AWS looks for when it creates a resource. It must exist by then, however the program is written. */
export const orderRules: Rules = {
  // Each of these services uses the role, or asks IAM for its permissions, before it answers.
  "gives a role its permissions before AWS tries them": each(Object.keys(TRIED), (resource, view) =>
    late(resource, view, permissionsOf(view, TRIED[resource.type]!(resource, view))),
  ),

  "lets AWS write to a bucket before it tries to": each(Object.keys(WRITTEN), (resource, view) => {
    const bucket = find(view, "aws:s3/bucket:Bucket", WRITTEN[resource.type]!(resource));
    const policies = ofType(view, BUCKET_POLICY).filter(
      ({ inputs }) => bucket && isMeant(inputs.bucket, bucket),
    );
    return late(resource, view, policies);
  }),

  "lets S3 send a bucket's events before it is told to": each(
    ["aws:s3/bucketNotification:BucketNotification"],
    (resource, view) => late(resource, view, letsEventsIn(resource, view)),
  ),

  // AWS refuses an internet-facing load balancer without a gateway. Machines without internet access fail at their first start.
  "opens a network's way out before anything that needs it starts": each(
    [
      ...["aws:lb/loadBalancer:LoadBalancer", "aws:autoscaling/group:Group"],
      ...["aws:ec2/natGateway:NatGateway", "aws:ec2/instance:Instance"],
    ],
    (resource, view) => {
      if (resource.inputs.internal === true) return false;
      const wanted = new Set(subnetsOf(resource).flatMap((subnet) => waysOut(view, subnet)));
      return late(resource, view, [...wanted]);
    },
  ),

  // Machines call other services as soon as they start, and may not repeat a call that failed.
  "opens security groups before anything that sends through them starts": each(
    ["aws:autoscaling/group:Group", "aws:ec2/instance:Instance", "aws:lambda/invocation:Invocation"],
    (resource, view) =>
      late(
        resource,
        view,
        groupsOf(resource, view).flatMap((group) => opensFor(view, group)),
      ),
  ),

  "publishes an API only once its methods exist": each(
    ["aws:apigateway/deployment:Deployment"],
    (resource, view) =>
      late(
        resource,
        view,
        ofType(view, "aws:apigateway/method:Method", "aws:apigateway/integration:Integration").filter(
          ({ inputs }) => inputs.restApi === resource.inputs.restApi,
        ),
      ),
  ),

  "uses a certificate only once it is issued": each(["aws:lb/listener:Listener"], (resource, view) => {
    const certificate = find(view, "aws:acm/certificate:Certificate", resource.inputs.certificateArn);
    const issued = ofType(view, "aws:acm/certificateValidation:CertificateValidation").filter(
      ({ inputs }) => certificate && isMeant(inputs.certificateArn, certificate),
    );
    return late(resource, view, issued);
  }),
};
