export type Emulator = "ministack" | "moto";

export interface Carried {
  on: Emulator;
  /** The SDKs' name of the service in its endpoint variable. */
  variable: string;
  /** The AWS CLI's name. */
  commands: string[];
  /** Its name in signatures. @default the AWS CLI's first name */
  signed?: string;
  /** Whether its calls reach the emulator's own proxy. @default true */
  proxied?: boolean;
}

/** The name of a service in its callers' signatures. */
export const signedAs = ({ signed, commands }: Carried): string => signed ?? commands[0]!;

const ministack = (variable: string, ...commands: string[]): Carried => ({
  on: "ministack",
  variable,
  commands,
});
/** Services that moto supports better than MiniStack. */
const moto = (variable: string, ...commands: string[]): Carried => ({ on: "moto", variable, commands });

/** Every service that a client, a server, a function or a command of the sandbox may call, by our name of its client. */
export const SERVICES = {
  acm: moto("ACM", "acm"),
  apigateway: ministack("API_GATEWAY", "apigateway"),
  autoscaling: moto("AUTO_SCALING", "autoscaling"),
  backup: ministack("BACKUP", "backup"),
  budgets: moto("BUDGETS", "budgets"),
  cloudformation: ministack("CLOUDFORMATION", "cloudformation"),
  cloudfront: ministack("CLOUDFRONT", "cloudfront"),
  cloudtrail: ministack("CLOUDTRAIL", "cloudtrail"),
  cloudwatch: { ...ministack("CLOUDWATCH", "cloudwatch"), signed: "monitoring" },
  codebuild: moto("CODEBUILD", "codebuild"),
  // Both are parts of the sandbox itself: delivery/.
  codedeploy: { ...moto("CODEDEPLOY", "deploy"), signed: "codedeploy", proxied: false },
  codepipeline: { ...moto("CODEPIPELINE", "codepipeline"), proxied: false },
  cognito: ministack("COGNITO_IDENTITY_PROVIDER", "cognito-idp"),
  dynamodb: ministack("DYNAMODB", "dynamodb"),
  ec2: moto("EC2", "ec2"),
  ecr: ministack("ECR", "ecr"),
  efs: { ...moto("EFS", "efs"), signed: "elasticfilesystem" },
  elb: { ...moto("ELASTIC_LOAD_BALANCING_V2", "elbv2"), signed: "elasticloadbalancing" },
  events: ministack("EVENTBRIDGE", "events"),
  firehose: ministack("FIREHOSE", "firehose"),
  guardduty: moto("GUARDDUTY", "guardduty"),
  iam: ministack("IAM", "iam"),
  kms: ministack("KMS", "kms"),
  lambda: ministack("LAMBDA", "lambda"),
  logs: ministack("CLOUDWATCH_LOGS", "logs"),
  rds: moto("RDS", "rds"),
  route53: ministack("ROUTE_53", "route53"),
  s3: ministack("S3", "s3", "s3api"),
  scheduler: ministack("SCHEDULER", "scheduler"),
  secretsmanager: ministack("SECRETS_MANAGER", "secretsmanager"),
  ses: { ...ministack("SESV2", "sesv2"), signed: "ses" },
  sesv1: ministack("SES", "ses"),
  sfn: { ...ministack("SFN", "stepfunctions"), signed: "states" },
  sns: ministack("SNS", "sns"),
  sqs: ministack("SQS", "sqs"),
  ssm: ministack("SSM", "ssm"),
  sts: ministack("STS", "sts"),
  wafv2: moto("WAFV2", "wafv2"),
} satisfies Record<string, Carried>;
