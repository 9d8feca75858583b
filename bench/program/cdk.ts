/* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/no-explicit-any -- the peer's packages are no dependency of ours */
// The network and the web tier of Pulumi.prod.yaml as one would write them with aws-cdk-lib, synthesised in a process of its own.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { report } from "./report";

const peers = path.join(__dirname, "peers/node_modules");
const from = (name: string) => require(path.join(peers, name));
const { App, Aws, CfnOutput, Duration, RemovalPolicy, Stack } = from("aws-cdk-lib");
const autoscaling = from("aws-cdk-lib/aws-autoscaling");
const acm = from("aws-cdk-lib/aws-certificatemanager");
const ec2 = from("aws-cdk-lib/aws-ec2");
const ecr = from("aws-cdk-lib/aws-ecr");
const elb = from("aws-cdk-lib/aws-elasticloadbalancingv2");
const iam = from("aws-cdk-lib/aws-iam");
const logs = from("aws-cdk-lib/aws-logs");
const route53 = from("aws-cdk-lib/aws-route53");
const targets = from("aws-cdk-lib/aws-route53-targets");
const s3 = from("aws-cdk-lib/aws-s3");

function network(stack: any) {
  const vpc = new ec2.Vpc(stack, "Network", {
    ipAddresses: ec2.IpAddresses.cidr("10.0.0.0/16"),
    availabilityZones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
    natGateways: 3,
    subnetConfiguration: [
      { name: "public", subnetType: ec2.SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
      { name: "private", subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 24 },
    ],
    gatewayEndpoints: {
      s3: { service: ec2.GatewayVpcEndpointAwsService.S3 },
      dynamodb: { service: ec2.GatewayVpcEndpointAwsService.DYNAMODB },
    },
  });
  vpc.addFlowLog("Flows", {
    destination: ec2.FlowLogDestination.toCloudWatchLogs(
      new logs.LogGroup(stack, "FlowLog", { retention: logs.RetentionDays.ONE_YEAR }),
    ),
  });
  return vpc;
}

function servers(stack: any, vpc: any) {
  const repository = new ecr.Repository(stack, "Images", {
    imageScanOnPush: true,
    lifecycleRules: [{ maxImageCount: 20 }],
  });
  const log = new logs.LogGroup(stack, "WebLog", { retention: logs.RetentionDays.ONE_YEAR });
  const role = new iam.Role(stack, "WebRole", { assumedBy: new iam.ServicePrincipal("ec2.amazonaws.com") });
  repository.grantPull(role);
  log.grantWrite(role);
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: ["cloudwatch:PutMetricData"],
      resources: ["*"],
      conditions: { StringEquals: { "cloudwatch:namespace": "Groundwork/Web" } },
    }),
  );
  const group = new ec2.SecurityGroup(stack, "Servers", { vpc, allowAllOutbound: false });
  group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), "AWS, the image and updates");
  const userData = ec2.UserData.forLinux();
  userData.addCommands("dnf install -y docker", `docker run ${repository.repositoryUri}:latest`);
  const template = new ec2.LaunchTemplate(stack, "Template", {
    machineImage: ec2.MachineImage.latestAmazonLinux2023({ cpuType: ec2.AmazonLinuxCpuType.ARM_64 }),
    instanceType: new ec2.InstanceType("t4g.small"),
    securityGroup: group,
    role,
    userData,
    requireImdsv2: true,
    detailedMonitoring: true,
    blockDevices: [
      {
        deviceName: "/dev/xvda",
        volume: ec2.BlockDeviceVolume.ebs(10, { encrypted: true, volumeType: ec2.EbsDeviceVolumeType.GP3 }),
      },
    ],
  });
  const scaling = new autoscaling.AutoScalingGroup(stack, "Web", {
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    launchTemplate: template,
    minCapacity: 2,
    maxCapacity: 3,
    healthChecks: autoscaling.HealthChecks.withAdditionalChecks({
      additionalTypes: [autoscaling.AdditionalHealthCheckType.ELB],
      gracePeriod: Duration.seconds(60),
    }),
    updatePolicy: autoscaling.UpdatePolicy.rollingUpdate(),
  });
  scaling.scaleOnCpuUtilization("Cpu", { targetUtilizationPercent: 30 });
  return scaling;
}

function balancer(stack: any, vpc: any, scaling: any) {
  const accessLogs = new s3.Bucket(stack, "AccessLogs", {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    encryption: s3.BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    versioned: true,
    removalPolicy: RemovalPolicy.RETAIN,
    lifecycleRules: [
      { expiration: Duration.days(90), abortIncompleteMultipartUploadAfter: Duration.days(7) },
    ],
  });
  const balancer = new elb.ApplicationLoadBalancer(stack, "Balancer", {
    vpc,
    internetFacing: true,
    dropInvalidHeaderFields: true,
    deletionProtection: true,
  });
  balancer.logAccessLogs(accessLogs);
  const zone = route53.HostedZone.fromHostedZoneAttributes(stack, "Zone", {
    hostedZoneId: "Z0123456789ABC",
    zoneName: "example.com",
  });
  const certificate = new acm.Certificate(stack, "Certificate", {
    domainName: "www.example.com",
    validation: acm.CertificateValidation.fromDns(zone),
  });
  balancer.addRedirect();
  balancer
    .addListener("Https", {
      port: 443,
      certificates: [certificate],
      sslPolicy: elb.SslPolicy.RECOMMENDED_TLS,
    })
    .addTargets("Servers", {
      port: 8080,
      protocol: elb.ApplicationProtocol.HTTP,
      targets: [scaling],
      deregistrationDelay: Duration.seconds(20),
      healthCheck: { path: "/health", healthyHttpCodes: "200", interval: Duration.seconds(30) },
    });
  new route53.ARecord(stack, "Name", {
    zone,
    recordName: "www",
    target: route53.RecordTarget.fromAlias(new targets.LoadBalancerTarget(balancer)),
  });
  new CfnOutput(stack, "Url", { value: "https://www.example.com", exportName: `${Aws.STACK_NAME}-url` });
}

const outdir = fs.mkdtempSync(path.join(os.tmpdir(), "groundwork-cdk-"));
const app = new App({ outdir, analyticsReporting: false });
const stack = new Stack(app, "Platform", { env: { account: "123456789012", region: "eu-west-1" } });
const vpc = network(stack);
balancer(stack, vpc, servers(stack, vpc));
const { template } = app.synth().getStackByName("Platform");
fs.rmSync(outdir, { recursive: true });
report(Object.keys(template.Resources).length);
