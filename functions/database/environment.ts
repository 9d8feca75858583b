/** The variables that the component gives the failover function. */
export interface FailoverEnvironment {
  LEASE_TABLE: string;
  LEASE_KEY: string;
  VIRTUAL_IP: string;
  VPC_ID: string;
  /** The namespace of the metrics. */
  METRICS_NAMESPACE: string;
}
