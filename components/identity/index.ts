export { UserPool } from "./user-pool";
export type { UserPoolArgs, UserPoolLike } from "./args";
