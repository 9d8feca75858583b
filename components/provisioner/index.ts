export { Provisioner } from "./provisioner";
export type { ProvisionerArgs } from "./args";
