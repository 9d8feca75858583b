/** The account that everything lives in: unsigned calls (Cognito, API Gateway) only find MiniStack's default one. */
export const ACCOUNT = "123456789012";

/** Root's keys on both emulators. */
export const CREDENTIALS = { accessKeyId: ACCOUNT, secretAccessKey: "test" };

/** What moto carries better than MiniStack: our name of the client, and the suffix of the SDK's own endpoint variable. */
export const ON_MOTO: Record<string, string> = {
  acm: "ACM",
  autoscaling: "AUTO_SCALING",
  budgets: "BUDGETS",
  codebuild: "CODEBUILD",
  codedeploy: "CODEDEPLOY",
  codepipeline: "CODEPIPELINE",
  ec2: "EC2",
  efs: "EFS",
  elb: "ELASTIC_LOAD_BALANCING_V2",
  guardduty: "GUARDDUTY",
  rds: "RDS",
  wafv2: "WAFV2",
};

export interface Endpoints {
  ministack: string;
  moto: string;
  region: string;
}

/** The variables by which any AWS SDK finds the emulators, and nothing else of this machine's AWS settings. */
export function awsEnvironment({ ministack, moto, region }: Endpoints): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: ministack,
    ...Object.fromEntries(Object.values(ON_MOTO).map((suffix) => [`AWS_ENDPOINT_URL_${suffix}`, moto])),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  };
}
