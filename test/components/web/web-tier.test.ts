import { strict as assert } from "node:assert";
import type { WebTierArgs } from "../../../components/web/args";
import { WebTier } from "../../../components/web/web-tier";
import { run, valueOf } from "../../harness";
import { statementsIn } from "../../statements";
import { IMAGE, NETWORK } from "../around";

const web = (args: Partial<WebTierArgs> = {}) =>
  run(
    () =>
      new WebTier("web", {
        network: NETWORK,
        clientCidrs: ["198.51.100.0/24"],
        image: IMAGE,
        keepData: false,
        ...args,
      }),
  );

const rulesOf = (resources: Awaited<ReturnType<typeof web>>["all"], kind: "Ingress" | "Egress") =>
  resources(`vpc/securityGroup${kind}Rule:SecurityGroup${kind}Rule`).map(({ inputs: r }) =>
    [r.securityGroupId, r.fromPort, r.cidrIpv4 ?? r.referencedSecurityGroupId].join(" "),
  );

describe("WebTier", () => {
  it("admits the listed clients to the load balancer, and only the load balancer to the servers", async () => {
    const { all } = await web({ httpPort: 8080 });
    assert.deepEqual(rulesOf(all, "Ingress").sort(), [
      "web-id 8080 198.51.100.0/24",
      "web-servers-id 8080 web-id",
    ]);
    assert.deepEqual(rulesOf(all, "Egress").sort(), [
      "web-id 8080 web-servers-id",
      "web-servers-id 443 0.0.0.0/0",
    ]);
  });

  it("opens SSH to the bastion's group and the listed blocks only", async () => {
    const { all } = await web({
      bastion: { securityGroupId: "sg-bastion" },
      sshCidrs: ["203.0.113.7/32"],
      keyName: "k",
    });
    assert.deepEqual(
      rulesOf(all, "Ingress").filter((rule) => rule.includes(" 22 ")),
      ["web-servers-id 22 sg-bastion", "web-servers-id 22 203.0.113.7/32"],
    );
  });

  it("checks health as the reference does", async () => {
    const { inputs } = (await web()).one("lb/targetGroup:TargetGroup");
    assert.equal(inputs.deregistrationDelay, 20);
    assert.deepEqual(inputs.healthCheck, {
      path: "/health",
      matcher: "200",
      interval: 30,
      timeout: 15,
      healthyThreshold: 5,
      unhealthyThreshold: 3,
    });
  });

  it("drops invalid headers and writes access logs", async () => {
    const { inputs } = (await web()).one("lb/loadBalancer:LoadBalancer");
    assert.equal(inputs.dropInvalidHeaderFields, true);
    assert.deepEqual(inputs.accessLogs, { enabled: true, bucket: "web-logs-id" });
    assert.equal(inputs.ipAddressType, "ipv4");
  });

  it("lets load balancers write their logs below this account's prefix, and allows nothing else", async () => {
    const { policy } = (await web()).one("s3/bucketPolicy:BucketPolicy").inputs;
    assert.deepEqual(statementsIn(policy, "Allow"), [
      {
        Effect: "Allow",
        Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
        Action: ["s3:PutObject"],
        Resource: ["arn:aws:s3:::web-logs-1234567/AWSLogs/123456789012/*"],
      },
    ]);
  });

  it("serves plain HTTP without a domain", async () => {
    const { all, outputs } = await web();
    assert.deepEqual(
      all("lb/listener:Listener").map((l) => [l.inputs.port, l.inputs.protocol]),
      [[80, "HTTP"]],
    );
    assert.equal(await valueOf(outputs.url), "http://web-123456789.eu-west-1.elb.amazonaws.com");
  });

  it("serves HTTPS with a validated certificate and redirects HTTP to it, if there is a domain", async () => {
    const { all, one } = await web({ domainName: "www.example.com" });
    assert.deepEqual(
      all("lb/listener:Listener").map((l) => [
        l.inputs.port,
        l.inputs.protocol,
        l.inputs.defaultActions[0].type,
      ]),
      [
        [443, "HTTPS", "forward"],
        [80, "HTTP", "redirect"],
      ],
    );
    assert.match(one("lb/listener:Listener", "web-https").inputs.sslPolicy, /TLS13-1-2/);
    // AWS takes one listener a port: a domain comes and goes by a change of the same one.
    const plain = (await web()).one("lb/listener:Listener");
    assert.equal(plain.name, one("lb/listener:Listener", "web").name);
    assert.equal(plain.inputs.port, one("lb/listener:Listener", "web").inputs.port);
    assert.deepEqual(one("acm/certificate:Certificate").inputs.validationMethod, "DNS");
    assert.equal(
      one("acm/certificateValidation:CertificateValidation").inputs.certificateArn.includes(":acm:"),
      true,
    );
  });

  it("serves HTTPS with an existing certificate, and changes no zone", async () => {
    const certificateArn = "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b-2c3d";
    const { all, one, outputs } = await web({ domainName: "www.example.com", certificateArn });
    assert.deepEqual(
      all("lb/listener:Listener").map(({ inputs: l }) => [
        l.port,
        l.certificateArn,
        l.defaultActions[0].type,
      ]),
      [
        [443, certificateArn, "forward"],
        [80, undefined, "redirect"],
      ],
    );
    assert.match(one("lb/listener:Listener", "web-https").inputs.sslPolicy, /TLS13-1-2/);
    assert.deepEqual([...all("route53/record:Record"), ...all("acm/certificate:Certificate")], []);
    assert.equal(await valueOf(outputs.url), "https://www.example.com");
    assert.equal(await valueOf(outputs.dnsName), "web-123456789.eu-west-1.elb.amazonaws.com");
  });

  it("refuses a certificate without its name, and one beside a zone", async () => {
    const certificateArn = "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b-2c3d";
    await assert.rejects(
      web({ certificateArn }),
      /domainName must be the site's name where certificateArn is given/,
    );
    await assert.rejects(
      web({ domainName: "www.example.com", zoneName: "example.com", certificateArn }),
      /zoneName must be left out where certificateArn is given/,
    );
  });

  it("points a name within a zone to the load balancer, and the zone's own name by an alias", async () => {
    const dnsName = "web-123456789.eu-west-1.elb.amazonaws.com";
    const record = async (domainName: string) =>
      (await web({ domainName, zoneName: "example.com" })).one("route53/record:Record", "web").inputs;
    const zoneId = "Z0123456789ABC";
    assert.deepEqual(await record("www.example.com"), {
      ...{ zoneId, name: "www.example.com" },
      ...{ type: "CNAME", ttl: 60, records: [dnsName] },
    });
    assert.deepEqual(await record("example.com"), {
      ...{ zoneId, name: "example.com", type: "A" },
      aliases: [{ name: dnsName, zoneId: "Z32O12XQLNTSW2", evaluateTargetHealth: true }],
    });
  });

  it("starts servers with encrypted disks and protected credentials", async () => {
    const { inputs } = (await web()).one("ec2/launchTemplate:LaunchTemplate");
    assert.equal(
      inputs.imageId,
      "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
    );
    assert.deepEqual(inputs.metadataOptions, {
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
      httpProtocolIpv6: "disabled",
    });
    assert.equal(inputs.blockDeviceMappings[0].ebs.encrypted, "true");
    const script = Buffer.from(inputs.userData, "base64").toString();
    assert.match(script, /IMAGE=123456789012\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/web@sha256:abc/);
  });

  it("gives the app its environment in one file", async () => {
    const { inputs } = (await web({ environment: { DATABASE_HOST: "10.10.10.10" } })).one(
      "ec2/launchTemplate:LaunchTemplate",
    );
    const script = Buffer.from(inputs.userData, "base64").toString();
    assert.match(script, /web\.env\n.*\n.*\n(.*\n)*? {3}DATABASE_HOST=10\.10\.10\.10\n/);
  });

  it("replaces servers that EC2 or the load balancer reports as unhealthy, and rolls out changes one by one", async () => {
    const group = (await web()).one("autoscaling/group:Group");
    assert.equal(group.inputs.healthCheckType, "ELB");
    assert.equal(group.inputs.minSize, 2);
    assert.equal(group.inputs.maxSize, 3);
    assert.equal(group.inputs.instanceRefresh.preferences.minHealthyPercentage, 100);
    assert.equal(group.inputs.launchTemplate.version, "1");
    assert.deepEqual(group.ignoreChanges, ["desiredCapacity"]);
    assert.deepEqual(group.dependsOn, ["web", "web-https"]);
  });

  it("scales by one above 60 % and below 40 % of CPU for two minutes", async () => {
    const { all } = await web({ scaling: "steps" });
    assert.deepEqual(
      all("cloudwatch/metricAlarm:MetricAlarm").map(({ inputs: a }) => [
        a.comparisonOperator,
        a.threshold,
        a.period,
        a.evaluationPeriods,
      ]),
      [
        ["GreaterThanThreshold", 60, 60, 2],
        ["LessThanThreshold", 40, 60, 2],
      ],
    );
    assert.deepEqual(
      all("autoscaling/policy:Policy").map(({ inputs: p }) => [p.scalingAdjustment, p.cooldown]),
      [
        [1, 60],
        [-1, 60],
      ],
    );
  });

  it("tracks 30 % of CPU when told", async () => {
    const { one } = await web({ scaling: "target" });
    const { targetTrackingConfiguration } = one("autoscaling/policy:Policy").inputs;
    assert.equal(targetTrackingConfiguration.targetValue, 30);
  });

  it("protects the load balancer and keeps its logs with keepData", async () => {
    const { one } = await web({ keepData: true });
    assert.equal(one("lb/loadBalancer:LoadBalancer").inputs.enableDeletionProtection, true);
    const bucket = one("s3/bucket:Bucket");
    assert.deepEqual([bucket.protect, bucket.inputs.forceDestroy], [true, false]);
  });

  it("refuses every wrong argument in one error", async () => {
    await assert.rejects(web({ minSize: 3, maxSize: 2, targetCpuPercent: 0, sshCidrs: ["anywhere"] }), {
      message:
        'WebTier "web": targetCpuPercent must be a whole number from 1 to 99, got 0; ' +
        'sshCidrs.0 must be an IPv4 block such as 203.0.113.0/24, no bit set behind the prefix, got "anywhere"; ' +
        "maxSize must be minSize or more, got 2",
    });
  });

  it("refuses a load balancer without clients", async () => {
    await assert.rejects(web({ clientCidrs: [] }), /clientCidrs must be a list of at least 1, got \[\]/);
  });
});
