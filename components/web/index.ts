export { WebTier } from "./web-tier";
export { LoadBalancer } from "./load-balancer";
export { WebImage } from "./image";
export { BakedImage } from "./baked-image";
export type {
  BakedImageArgs,
  BakedImageLike,
  ImageLike,
  LoadBalancerArgs,
  WebImageArgs,
  WebLike,
  WebTierArgs,
} from "./args";
