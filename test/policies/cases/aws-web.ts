import { allows, Cases, made, named, refuses } from "./case";

const GROUP = "aws:autoscaling/group:Group";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const LISTENER = "aws:lb/listener:Listener";
const TARGETS = "aws:lb/targetGroup:TargetGroup";

const balanced = (preferences: object | undefined, healthCheckType?: string) =>
  made(GROUP, {
    targetGroupArns: ["targets"],
    healthCheckType,
    instanceRefresh: preferences && { strategy: "Rolling", preferences },
  });
const refresh = (preferences: object) => made(GROUP, { instanceRefresh: { preferences } });
const listener = (protocol: string, more: object = {}) => made(LISTENER, { protocol, ...more });
const at = (region: string) => `arn:aws:elasticloadbalancing:${region}:123456789012:loadbalancer/app/web/1`;
const certificate = (region: string) => `arn:aws:acm:${region}:123456789012:certificate/1`;
const check = (healthCheck?: object) => made(TARGETS, { healthCheck });
const logging = made(BALANCER, { accessLogs: { enabled: true, bucket: "logs" } });
const WRITER = "logdelivery.elasticloadbalancing.amazonaws.com";
const admitting = (Service: string, Effect = "Allow", bucket = "logs") =>
  named("policy", "aws:s3/bucketPolicy:BucketPolicy", {
    bucket,
    policy: JSON.stringify({
      Statement: [{ Effect, Principal: { Service }, Action: "s3:PutObject", Resource: "*" }],
    }),
  });
const encrypted = (sseAlgorithm: string, bucket = "logs") =>
  named(
    "encryption",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    { bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm } }] },
  );
const from = (instanceType: string, image: string) =>
  made(TEMPLATE, { instanceType, imageId: `resolve:ssm:/${image}` });

export const awsWebCases: Cases = {
  "keeps old servers until new ones are healthy at the load balancer": [
    refuses("a group that takes AWS's own shares", [balanced({}, "ELB")], "removes old servers"),
    refuses("a group without a refresh", [balanced(undefined, "ELB")], "removes old servers"),
    refuses("fewer than all", [balanced({ minHealthyPercentage: 99, maxHealthyPercentage: 199 }, "ELB")]),
    refuses("no more than all", [balanced({ minHealthyPercentage: 100, maxHealthyPercentage: 100 }, "ELB")]),
    refuses(
      "a group that asks EC2 alone",
      [balanced({ minHealthyPercentage: 100, maxHealthyPercentage: 200 }, "EC2")],
      "does not ask the load balancer",
    ),
    allows("new before old", balanced({ minHealthyPercentage: 100, maxHealthyPercentage: 110 }, "ELB")),
    allows("a group behind no load balancer", made(GROUP, { targetGroupArns: [] }), made(GROUP)),
  ],
  "configures instance refreshes as AWS accepts them": [
    refuses("a most without a least", [refresh({ maxHealthyPercentage: 150 })], "without a minHealthy"),
    refuses(
      "shares too far apart",
      [refresh({ minHealthyPercentage: 99, maxHealthyPercentage: 200 })],
      "from 99 to 200 %",
    ),
    refuses("a wait after no checkpoint", [refresh({ checkpointDelay: "60" })], "but no checkpoints"),
    refuses("checkpoints that fall", [refresh({ checkpointPercentages: [50, 20, 100] })], "do not increase"),
    refuses("checkpoints that stay", [refresh({ checkpointPercentages: [50, 50] })], "do not increase"),
    allows(
      "what AWS takes",
      refresh({ minHealthyPercentage: 100, maxHealthyPercentage: 200 }),
      refresh({ minHealthyPercentage: 0 }),
      refresh({ checkpointPercentages: [20, 100], checkpointDelay: "60" }),
      made(GROUP),
    ),
  ],
  "gives a certificate to each TLS listener, and to no other": [
    refuses("HTTPS without one", [listener("HTTPS")], "listens for HTTPS without a certificate"),
    refuses(
      "TLS without one",
      [listener("TLS", { sslPolicy: "a" })],
      "listens for TLS without a certificate",
    ),
    refuses(
      "plain HTTP with one",
      [listener("HTTP", { certificateArn: "a", sslPolicy: "b" })],
      "has a certificateArn and sslPolicy, but listens for HTTP",
    ),
    allows("each as it should be", listener("HTTPS", { certificateArn: "a" }), listener("HTTP")),
  ],
  "uses certificates of its own region": [
    refuses(
      "one of another",
      [listener("HTTPS", { loadBalancerArn: at("eu-west-1"), certificateArn: certificate("us-east-1") })],
      "serves in eu-west-1 with a certificate of us-east-1",
    ),
    allows(
      "its own, and what is not known yet",
      listener("HTTPS", { loadBalancerArn: at("eu-west-1"), certificateArn: certificate("eu-west-1") }),
      listener("HTTPS", { loadBalancerArn: "later", certificateArn: certificate("us-east-1") }),
      listener("HTTPS", { loadBalancerArn: at("eu-west-1"), certificateArn: "later" }),
      listener("HTTP", { loadBalancerArn: at("eu-west-1") }),
    ),
  ],
  "ends each health check before the next one begins": [
    refuses(
      "as long",
      [check({ interval: 10, timeout: 10 })],
      "waits 10 s for an answer, but checks every 10 s",
    ),
    refuses("AWS's own wait in a short time", [check({ interval: 5 })], "waits 5 s"),
    refuses("longer than AWS's own time", [check({ timeout: 31 })], "every 30 s"),
    allows("less", check({ interval: 10, timeout: 9 }), check({}), check()),
  ],
  "puts each application load balancer into at least two zones": [
    refuses("one subnet", [made(BALANCER, { subnets: ["a"] })]),
    refuses("none", [made(BALANCER, { loadBalancerType: "application" })]),
    allows(
      "two, or one of another kind",
      made(BALANCER, { subnets: ["a", "b"] }),
      made(BALANCER, { subnetMappings: [{}, {}] }),
      made(BALANCER, { loadBalancerType: "network", subnets: ["a"] }),
    ),
  ],
  "names a launch template's security groups in one place": [
    refuses("groups of both", [made(TEMPLATE, { networkInterfaces: [{}], vpcSecurityGroupIds: ["a"] })]),
    refuses("names beside them", [made(TEMPLATE, { networkInterfaces: [{}], securityGroupNames: ["a"] })]),
    allows(
      "one place",
      made(TEMPLATE, { networkInterfaces: [{ securityGroups: ["a"] }], vpcSecurityGroupIds: [] }),
      made(TEMPLATE, { vpcSecurityGroupIds: ["a"] }),
    ),
  ],
  "starts instances from images of their own architecture": [
    refuses("arm64 on x86", [from("t3.small", "al2023-arm64")], "starts a t3.small from an image for arm64"),
    refuses(
      "x86 on arm64",
      [from("m7gd.large", "al2023-x86_64")],
      "starts a m7gd.large from an image for x86_64",
    ),
    refuses("arm64 on a machine with graphics", [from("g4dn.xlarge", "al2023-arm64")]),
    allows(
      "what fits, and what says nothing",
      from("t4g.small", "al2023-arm64"),
      from("a1.medium", "al2023-arm64"),
      from("t3.small", "al2023-x86_64"),
      from("t3.small", "ours"),
      made(TEMPLATE, { imageId: "al2023-arm64" }),
    ),
  ],
  "writes access logs to a bucket that accepts them": [
    refuses("one for another writer", [logging, admitting("delivery.logs.amazonaws.com")], WRITER),
    refuses("one that denies it", [logging, admitting(WRITER, "Deny")], WRITER),
    refuses(
      "one under a key",
      [logging, admitting(WRITER), encrypted("aws:kms")],
      "encrypted with a KMS key",
    ),
    allows(
      "one that takes them",
      logging,
      admitting(WRITER),
      encrypted("AES256"),
      encrypted("aws:kms", "other"),
    ),
    allows(
      "a policy that is known only after the update",
      logging,
      named("policy", "aws:s3/bucketPolicy:BucketPolicy", {
        bucket: "logs",
        policy: "(known after the update)",
      }),
    ),
    allows("a bucket of somebody else's", logging, admitting("other", "Allow", "other")),
    allows(
      "no log",
      made(BALANCER, { accessLogs: { enabled: false, bucket: "logs" } }),
      made(BALANCER),
      admitting("other"),
    ),
  ],
};
