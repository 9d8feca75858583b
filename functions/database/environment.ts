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

/** The variables that the component gives the function that makes the app's user. */
export interface AppUserEnvironment {
  DATABASE_HOST: string;
  DATABASE_PORT: string;
  DATABASE_NAME: string;
  /** RDS's own secret of the master. */
  MASTER_SECRET_ARN: string;
  APP_USER: string;
}
