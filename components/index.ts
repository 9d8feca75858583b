// The library's public face: everything that another Pulumi program may build with, an area a paragraph.
export { Network, type NetworkArgs } from "./network/network";
export { Bastion, type BastionArgs } from "./network/bastion";
export { type Egress } from "./network/egress";

export { WebTier, type WebTierArgs } from "./web/web-tier";
export { LoadBalancer, type LoadBalancerArgs } from "./web/load-balancer";
export { WebImage, type WebImageArgs } from "./web/image";

export { UserPool, type UserPoolArgs } from "./identity/user-pool";
export { FileUploads, type FileUploadsArgs } from "./uploads/file-uploads";
export { Mover, type MoverArgs } from "./uploads/mover";

export { Lambda, type LambdaArgs } from "./lambda";
export { PrivateBucket, type PrivateBucketArgs } from "./private-bucket";
export { allow, denyPlainHttp, policyDocument, serviceRole, type Statement } from "./policy";
