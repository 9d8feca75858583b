export { Delivery } from "./delivery";
export { GithubOidc } from "./github-oidc";
export type { DeliveryArgs, GithubOidcArgs, ReleaseTarget } from "./args";
