// What components stand on, as tests give it to them.
import type { UserPoolLike } from "../../components/identity/args";
import type { ImageLike, WebLike } from "../../components/web/args";

export const NETWORK = {
  vpcId: "vpc-1",
  cidrBlock: "10.0.0.0/16",
  publicSubnetIds: ["subnet-1", "subnet-2"],
  privateSubnetIds: ["subnet-3", "subnet-4"],
  virtualIpRouteTableIds: ["rtb-1"],
};

export const IMAGE: ImageLike = {
  imageUri: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web@sha256:abc",
  repositoryUrl: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web",
  repositoryArn: "arn:aws:ecr:eu-west-1:123456789012:repository/web",
};

export const WEB: WebLike = {
  roleName: "web",
  roleArn: "arn:aws:iam::123456789012:role/web",
  url: "https://www.example.com",
};

export const PEOPLE: UserPoolLike = {
  userPoolId: "eu-west-1_Example1",
  userPoolArn: "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Example1",
};
