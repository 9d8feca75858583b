// Web servers behind a load balancer, in an existing VPC and with an existing database. Neither is changed.
import { ExistingNetwork, ExternalDatabase, WebTier } from "@groundwork-platform/components";

const network = new ExistingNetwork("network", {
  vpcId: "vpc-0a1b2c3d4e5f60718",
  cidrBlock: "172.16.0.0/16",
  publicSubnetIds: ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"],
  // These subnets need internet access, because the servers download Docker and the image when they start.
  privateSubnetIds: ["subnet-0a1b2c3d4e5f60721", "subnet-0a1b2c3d4e5f60722"],
});

const database = new ExternalDatabase("database", {
  network,
  secretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-AbCdEf",
  cidrBlocks: ["172.20.0.0/16"],
});

const repository = "shop";
const registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
const web = new WebTier("web", {
  network,
  database,
  // An image that you built, by digest. It must serve HTTP on port 8080 and answer 200 at /health.
  image: {
    imageUri: `${registry}/${repository}@sha256:${"0".repeat(64)}`,
    repositoryUrl: `${registry}/${repository}`,
    repositoryArn: `arn:aws:ecr:eu-west-1:123456789012:repository/${repository}`,
  },
  subnets: "private",
  clientCidrs: ["203.0.113.0/24"],
  codeDeploy: false,
  keepData: false,
});

export const url = web.url;
