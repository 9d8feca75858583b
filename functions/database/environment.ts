/** The variables that the component gives the failover function. */
export interface FailoverEnvironment {
  LEASE_TABLE: string;
  LEASE_KEY: string;
  VIRTUAL_IP: string;
  VPC_ID: string;
  /** The group's hook that holds a new node back until it is ready. */
  LAUNCH_HOOK: string;
  /** The namespace of the metrics. */
  METRICS_NAMESPACE: string;
}
