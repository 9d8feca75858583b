// A load balancer with HTTPS in front of your own server.
import * as aws from "@pulumi/aws";
import { LoadBalancer, Network } from "@groundwork-platform/components";

const network = new Network("network", { egress: "gateway" });

const balancer = new LoadBalancer("front", {
  network,
  appPort: 3000,
  domainName: "shop.example.com",
  keepData: false,
});

const group = new aws.ec2.SecurityGroup("server", { vpcId: network.vpcId, description: "The shop" });
balancer.reach("server", group.id, 3000);

const server = new aws.ec2.Instance(
  "server",
  {
    ami: "ami-0a1b2c3d4e5f60718",
    instanceType: "t4g.small",
    subnetId: network.privateSubnetIds[0],
    vpcSecurityGroupIds: [group.id],
  },
  { dependsOn: network.ready }, // otherwise it starts before it has internet access
);
new aws.lb.TargetGroupAttachment("server", {
  targetGroupArn: balancer.targetGroup.arn,
  targetId: server.id,
});

export const url = balancer.url;
