import type * as pulumi from "@pulumi/pulumi";

const REGION = "eu-west-1";
const ACCOUNT = "123456789012";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a provider's inputs have no common type
export type Inputs = Record<string, any>;

/** The physical name in AWS: the program's name, and the suffix that Pulumi adds. */
export const physicalName = (name: string): string => `${name}-1234567`;

/** The properties that AWS would compute for a resource. Only those that a program may read. */
export function computedOutputs({ type, name, inputs }: pulumi.runtime.MockResourceArgs): Inputs {
  const service = type.split(":")[1]!.split("/")[0]!;
  // EC2's ARNs spell their kinds as `network-interface`.
  const kind = type
    .split(":")
    .pop()!
    .replace(/(?<=[a-z])(?=[A-Z])/g, service === "ec2" ? "-" : "")
    .toLowerCase();
  return {
    arn: inputs.arn ?? `arn:aws:${service}:${REGION}:${ACCOUNT}:${kind}/${name}`,
    name: inputs.name ?? physicalName(name),
    ...special[type]?.(name, inputs),
  };
}

const iamArn = (kind: string, name: string) => ({
  arn: `arn:aws:iam::${ACCOUNT}:${kind}/${physicalName(name)}`,
});

const special: Record<string, (name: string, inputs: Inputs) => Inputs> = {
  "aws:iam/role:Role": (name) => ({ ...iamArn("role", name), uniqueId: "AROA1234567890EXAMPLE" }),
  "aws:iam/policy:Policy": (name) => iamArn("policy", name),
  "aws:iam/instanceProfile:InstanceProfile": (name) => iamArn("instance-profile", name),
  "aws:s3/bucket:Bucket": (name) => ({
    arn: `arn:aws:s3:::${physicalName(name)}`,
    bucket: physicalName(name),
    id: physicalName(name),
    bucketDomainName: `${physicalName(name)}.s3.amazonaws.com`,
    bucketRegionalDomainName: `${physicalName(name)}.s3.${REGION}.amazonaws.com`,
  }),
  "aws:ec2/eip:Eip": (name) => ({ allocationId: `eipalloc-${name}`, publicIp: "198.51.100.7" }),
  "aws:lb/loadBalancer:LoadBalancer": (name) => ({
    arn: `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/app/${name}/0123456789abcdef`,
    arnSuffix: `app/${name}/0123456789abcdef`,
    dnsName: `${physicalName(name)}89.${REGION}.elb.amazonaws.com`,
    zoneId: "Z32O12XQLNTSW2",
  }),
  "aws:lb/targetGroup:TargetGroup": (name) => ({
    arn: `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/${name}/0123456789abcdef`,
    arnSuffix: `targetgroup/${name}/0123456789abcdef`,
  }),
  "aws:ec2/launchTemplate:LaunchTemplate": () => ({ latestVersion: 1, defaultVersion: 1 }),
  "aws:ec2/instance:Instance": (name) => ({
    primaryNetworkInterfaceId: `eni-${name}`,
    privateIp: "10.0.0.10",
    publicIp: "203.0.113.10",
  }),
  "aws:lambda/function:Function": (name) => ({
    arn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${physicalName(name)}`,
    invokeArn: `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/arn:aws:lambda:${REGION}:${ACCOUNT}:function:${physicalName(name)}/invocations`,
    codeSha256: `sha256-of-${name}`,
  }),
  // Programs read only one result: the one of the function that has an image built.
  "aws:lambda/invocation:Invocation": () => ({
    result: JSON.stringify({ digest: `sha256:${"0".repeat(64)}` }),
  }),
  "aws:cloudwatch/logGroup:LogGroup": (name, inputs) => ({
    arn: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${inputs.name ?? physicalName(name)}`,
  }),
  "aws:cloudwatch/eventRule:EventRule": (name) => ({
    arn: `arn:aws:events:${REGION}:${ACCOUNT}:rule/${physicalName(name)}`,
  }),
  "aws:autoscaling/group:Group": (name) => ({
    arn: `arn:aws:autoscaling:${REGION}:${ACCOUNT}:autoScalingGroup:0123:autoScalingGroupName/${physicalName(name)}`,
  }),
  "aws:kms/key:Key": (name) => ({
    arn: `arn:aws:kms:${REGION}:${ACCOUNT}:key/${name}-id`,
    keyId: `${name}-id`,
  }),
  "aws:sqs/queue:Queue": (name) => ({
    arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${physicalName(name)}`,
    url: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${physicalName(name)}`,
    id: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${physicalName(name)}`,
  }),
  "aws:sns/topic:Topic": (name) => ({ arn: `arn:aws:sns:${REGION}:${ACCOUNT}:${physicalName(name)}` }),
  "aws:secretsmanager/secret:Secret": (name) => ({
    arn: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${physicalName(name)}-AbCdEf`,
  }),
  "aws:dynamodb/table:Table": (name) => ({
    arn: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${physicalName(name)}`,
  }),
  "aws:ssm/parameter:Parameter": (name, inputs) => ({
    arn: `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter${String(inputs.name ?? `/${name}`)}`,
  }),
  "aws:cognito/userPool:UserPool": (name) => ({
    arn: `arn:aws:cognito-idp:${REGION}:${ACCOUNT}:userpool/${REGION}_Example1`,
    endpoint: `cognito-idp.${REGION}.amazonaws.com/${REGION}_Example1`,
    id: `${REGION}_Example1`,
    name,
  }),
  "aws:cognito/userPoolClient:UserPoolClient": (name) => ({ clientSecret: `${name}-client-secret` }),
  "aws:apigateway/restApi:RestApi": (name) => ({
    arn: `arn:aws:apigateway:${REGION}::/restapis/${name}-id`,
    executionArn: `arn:aws:execute-api:${REGION}:${ACCOUNT}:${name}-id`,
    rootResourceId: `${name}-root`,
  }),
  "aws:apigateway/stage:Stage": (name, inputs) => ({
    arn: `arn:aws:apigateway:${REGION}::/restapis/api/stages/${String(inputs.stageName)}`,
    invokeUrl: `https://${name}.execute-api.${REGION}.amazonaws.com/${String(inputs.stageName)}`,
  }),
  "aws:sfn/stateMachine:StateMachine": (name) => ({
    arn: `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${physicalName(name)}`,
  }),
  "aws:efs/fileSystem:FileSystem": (name) => ({
    arn: `arn:aws:elasticfilesystem:${REGION}:${ACCOUNT}:file-system/fs-0123456789abcdef0`,
    dnsName: `${name}.efs.${REGION}.amazonaws.com`,
  }),
  "aws:rds/instance:Instance": (name) => ({
    arn: `arn:aws:rds:${REGION}:${ACCOUNT}:db:${name}`,
    identifier: name,
    resourceId: `db-${name}`,
    address: `${name}.abc.${REGION}.rds.amazonaws.com`,
    endpoint: `${name}.abc.${REGION}.rds.amazonaws.com:5432`,
    masterUserSecrets: [
      { secretArn: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:rds!db-${name}-AbCdEf` },
    ],
  }),
  "aws:rds/cluster:Cluster": (name) => ({
    arn: `arn:aws:rds:${REGION}:${ACCOUNT}:cluster:${name}`,
    clusterIdentifier: name,
    clusterMembers: [1, 2, 3].map((one) => `${name}-instance-${one}`),
    clusterResourceId: `cluster-${name}`,
    endpoint: `${name}.cluster-abc.${REGION}.rds.amazonaws.com`,
    readerEndpoint: `${name}.cluster-ro-abc.${REGION}.rds.amazonaws.com`,
    masterUserSecrets: [
      { secretArn: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:rds!cluster-${name}-AbCdEf` },
    ],
  }),
  "aws:route53/record:Record": (_name, inputs) => ({ fqdn: inputs.name }),
  "aws:acm/certificate:Certificate": (name) => ({
    arn: `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/${name}`,
    domainValidationOptions: [
      {
        domainName: "x",
        resourceRecordName: "_x.example.com",
        resourceRecordType: "CNAME",
        resourceRecordValue: "_y.acm",
      },
    ],
  }),
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": (name) => ({
    arn: `arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/${physicalName(name)}`,
  }),
  "aws:cloudwatch/metricAlarm:MetricAlarm": (name) => ({
    arn: `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${physicalName(name)}`,
  }),
  "aws:imagebuilder/component:Component": (name) => ({
    arn: `arn:aws:imagebuilder:${REGION}:${ACCOUNT}:component/${physicalName(name)}/1.0.0/1`,
  }),
  "aws:imagebuilder/imagePipeline:ImagePipeline": (name) => ({
    arn: `arn:aws:imagebuilder:${REGION}:${ACCOUNT}:image-pipeline/${name}-1234567`,
  }),
  "aws:codebuild/project:Project": (name) => ({
    arn: `arn:aws:codebuild:${REGION}:${ACCOUNT}:project/${physicalName(name)}`,
  }),
  "aws:codedeploy/application:Application": (name) => ({
    arn: `arn:aws:codedeploy:${REGION}:${ACCOUNT}:application:${physicalName(name)}`,
  }),
  "aws:codedeploy/deploymentGroup:DeploymentGroup": (_, { appName, deploymentGroupName }) => ({
    arn: `arn:aws:codedeploy:${REGION}:${ACCOUNT}:deploymentgroup:${String(appName)}/${String(deploymentGroupName)}`,
  }),
  "aws:codestarconnections/connection:Connection": () => ({
    arn: `arn:aws:codestar-connections:${REGION}:${ACCOUNT}:connection/01234567-89ab-cdef-0123-456789abcdef`,
  }),
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": (_, { url }) => ({
    arn: `arn:aws:iam::${ACCOUNT}:oidc-provider/${String(url).replace("https://", "")}`,
  }),
  "aws:backup/vault:Vault": (name) => ({
    arn: `arn:aws:backup:${REGION}:${ACCOUNT}:backup-vault:${physicalName(name)}`,
  }),
  "aws:codepipeline/pipeline:Pipeline": (name) => ({
    arn: `arn:aws:codepipeline:${REGION}:${ACCOUNT}:${physicalName(name)}`,
  }),
  "awsx:ecr:Repository": (name) => ({
    url: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${physicalName(name)}`,
    repository: { arn: `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${physicalName(name)}` },
  }),
  "awsx:ecr:Image": (name) => ({
    imageUri: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${physicalName(name)}@sha256:${"0".repeat(64)}`,
  }),
};

const calls: Record<string, (inputs: Inputs) => Inputs> = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": () => ({
    id: REGION,
    names: ["a", "b", "c"].map((zone) => REGION + zone),
    zoneIds: ["euw1-az1", "euw1-az2", "euw1-az3"],
  }),
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    accountId: ACCOUNT,
    arn: `arn:aws:iam::${ACCOUNT}:user/somebody`,
    userId: "somebody",
    id: ACCOUNT,
  }),
  "aws:index/getRegion:getRegion": () => ({ id: REGION, name: REGION, region: REGION }),
  "aws:index/getPartition:getPartition": () => ({ partition: "aws", dnsSuffix: "amazonaws.com", id: "aws" }),
  "aws:ssm/getParameter:getParameter": (inputs) => ({
    id: inputs.name,
    name: inputs.name,
    value: "ami-0abcdef1234567890",
    arn: `arn:aws:ssm:${REGION}::parameter${String(inputs.name)}`,
    type: "String",
  }),
  // The answer of an account that no stack has claimed yet.
  "aws:ssm/getParametersByPath:getParametersByPath": ({ path }) => ({
    id: path,
    path,
    arns: [],
    names: [],
    types: [],
    values: [],
  }),
  "aws:route53/getZone:getZone": (inputs) => ({
    id: "Z0123456789ABC",
    zoneId: "Z0123456789ABC",
    name: inputs.name,
    arn: "arn:aws:route53:::hostedzone/Z0123456789ABC",
  }),
};

/** Answers a provider's function. An unknown function is an error, never an echo. */
export function answerCall(
  { token, inputs }: pulumi.runtime.MockCallArgs,
  taught: Record<string, (inputs: Inputs) => Inputs> = {},
): Inputs {
  const answer = taught[token] ?? calls[token];
  if (!answer) {
    const message = `The option calls must have an answer to ${token}, got ${Object.keys(taught).join(", ") || "none"}.`;
    // Pulumi shows the program the details of a gRPC error besides its message.
    throw Object.assign(new Error(message), { details: message });
  }
  return answer(inputs);
}
