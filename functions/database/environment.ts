/** The failover function's environment variables, set by the component. */
export interface FailoverEnvironment {
  LEASE_TABLE: string;
  LEASE_KEY: string;
  VIRTUAL_IP: string;
  VPC_ID: string;
  /** The group's lifecycle hook that holds a new node back until it is ready. */
  LAUNCH_HOOK: string;
  /** The namespace of the metrics. */
  METRICS_NAMESPACE: string;
}

/** The environment variables, set by the component, of the function that creates the app's user. */
export interface AppUserEnvironment {
  DATABASE_HOST: string;
  DATABASE_PORT: string;
  DATABASE_NAME: string;
  /** The master's secret that RDS manages. */
  MASTER_SECRET_ARN: string;
  APP_USER: string;
}
