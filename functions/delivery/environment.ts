/** The environment variables that the component sets on each of delivery's functions. */
export interface StartEnvironment {
  CLAIMS_TABLE: string;
  PIPELINE: string;
  /** Empty: anybody who is signed in may start. */
  STARTER_GROUP: string;
  /** "refuse" or "queue". */
  WHILE_RUNNING: string;
}

export interface StateEnvironment {
  PIPELINE: string;
  RELEASES_TABLE: string;
}

export interface RollbackEnvironment {
  CLAIMS_TABLE: string;
  RELEASES_TABLE: string;
  PIPELINE: string;
  APPLICATION: string;
  DEPLOYMENT_GROUP: string;
  ADMIN_GROUP: string;
}

export interface RecordEnvironment {
  RELEASES_TABLE: string;
  KEPT_DAYS: string;
}

export interface DeployEnvironment {
  APPLICATION: string;
  DEPLOYMENT_GROUP: string;
}

export interface DeployedEnvironment extends RecordEnvironment, DeployEnvironment {}
