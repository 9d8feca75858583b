/** The environment variables that the component sets on all of the provisioner's functions. */
export interface CommonEnvironment {
  PREFIX: string;
  TABLE: string;
  /** The sender's address of e-mails. */
  SENDER: string;
  USER_POOL: string;
  ADMIN_GROUP: string;
  /** Empty without a domain. */
  ZONE_ID: string;
  /** `FunctionSettings` as JSON. */
  SETTINGS: string;
}

export interface StepsEnvironment extends CommonEnvironment {
  PROVISIONING_ROLE: string;
}

export interface ReconcileEnvironment extends CommonEnvironment {
  MACHINE_ARN: string;
  PROVISIONING_ROLE: string;
  QUEUE_URL: string;
}

export interface PushesEnvironment extends Pick<
  CommonEnvironment,
  "PREFIX" | "TABLE" | "USER_POOL" | "SETTINGS"
> {
  MACHINE_ARN: string;
}

export interface DomainsEnvironment extends Pick<CommonEnvironment, "TABLE" | "SENDER" | "SETTINGS"> {
  MACHINE_ARN: string;
}

export interface ReadingEnvironment extends Pick<CommonEnvironment, "TABLE" | "SETTINGS"> {
  API_URL_PARAMETER: string;
}

export interface ApiEnvironment extends CommonEnvironment {
  MACHINE_ARN: string;
  REQUESTS_BUCKET: string;
  RUNBOOK_RESTART: string;
  RUNBOOK_PATCH: string;
  /** Where the API's own address is stored. */
  API_URL_PARAMETER: string;
}
