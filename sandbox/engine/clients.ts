import { createRequire } from "node:module";
import { Credentials, Endpoints } from "../emulators/endpoints";
import { SERVICES } from "../emulators/services";

// Not import(): it reads every file a second time to find its exports.
const load = createRequire(__filename);

// Printed once per process on Node 20, in the middle of the sandbox's output.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

export interface ClientOptions {
  region: string;
  credentials: Credentials & { sessionToken?: string };
  endpoint?: string;
}

// Each is loaded on first use: all of them together take seconds and a hundred megabytes.
export const CLIENTS = {
  acm: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-acm") as typeof import("@aws-sdk/client-acm")).ACM(o),
  apigateway: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-api-gateway") as typeof import("@aws-sdk/client-api-gateway")).APIGateway(o),
  autoscaling: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-auto-scaling") as typeof import("@aws-sdk/client-auto-scaling")).AutoScaling(
      o,
    ),
  backup: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-backup") as typeof import("@aws-sdk/client-backup")).Backup(o),
  budgets: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-budgets") as typeof import("@aws-sdk/client-budgets")).Budgets(o),
  cloudformation: async (o: ClientOptions) =>
    new (
      load("@aws-sdk/client-cloudformation") as typeof import("@aws-sdk/client-cloudformation")
    ).CloudFormation(o),
  cloudfront: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-cloudfront") as typeof import("@aws-sdk/client-cloudfront")).CloudFront(o),
  cloudtrail: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-cloudtrail") as typeof import("@aws-sdk/client-cloudtrail")).CloudTrail(o),
  cloudwatch: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-cloudwatch") as typeof import("@aws-sdk/client-cloudwatch")).CloudWatch(o),
  codebuild: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-codebuild") as typeof import("@aws-sdk/client-codebuild")).CodeBuild(o),
  codedeploy: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-codedeploy") as typeof import("@aws-sdk/client-codedeploy")).CodeDeploy(o),
  codepipeline: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-codepipeline") as typeof import("@aws-sdk/client-codepipeline")).CodePipeline(
      o,
    ),
  cognito: async (o: ClientOptions) =>
    new (
      load(
        "@aws-sdk/client-cognito-identity-provider",
      ) as typeof import("@aws-sdk/client-cognito-identity-provider")
    ).CognitoIdentityProvider(o),
  dynamodb: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-dynamodb") as typeof import("@aws-sdk/client-dynamodb")).DynamoDB(o),
  ec2: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-ec2") as typeof import("@aws-sdk/client-ec2")).EC2(o),
  ecr: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-ecr") as typeof import("@aws-sdk/client-ecr")).ECR(o),
  efs: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-efs") as typeof import("@aws-sdk/client-efs")).EFS(o),
  elb: async (o: ClientOptions) =>
    new (
      load(
        "@aws-sdk/client-elastic-load-balancing-v2",
      ) as typeof import("@aws-sdk/client-elastic-load-balancing-v2")
    ).ElasticLoadBalancingV2(o),
  events: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-eventbridge") as typeof import("@aws-sdk/client-eventbridge")).EventBridge(o),
  firehose: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-firehose") as typeof import("@aws-sdk/client-firehose")).Firehose(o),
  iam: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-iam") as typeof import("@aws-sdk/client-iam")).IAM(o),
  kms: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-kms") as typeof import("@aws-sdk/client-kms")).KMS(o),
  lambda: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-lambda") as typeof import("@aws-sdk/client-lambda")).Lambda(o),
  logs: async (o: ClientOptions) =>
    new (
      load("@aws-sdk/client-cloudwatch-logs") as typeof import("@aws-sdk/client-cloudwatch-logs")
    ).CloudWatchLogs(o),
  rds: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-rds") as typeof import("@aws-sdk/client-rds")).RDS(o),
  route53: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-route-53") as typeof import("@aws-sdk/client-route-53")).Route53(o),
  s3: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-s3") as typeof import("@aws-sdk/client-s3")).S3({
      ...o,
      forcePathStyle: true,
    }),
  secretsmanager: async (o: ClientOptions) =>
    new (
      load("@aws-sdk/client-secrets-manager") as typeof import("@aws-sdk/client-secrets-manager")
    ).SecretsManager(o),
  ses: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-sesv2") as typeof import("@aws-sdk/client-sesv2")).SESv2(o),
  sfn: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-sfn") as typeof import("@aws-sdk/client-sfn")).SFN(o),
  sns: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-sns") as typeof import("@aws-sdk/client-sns")).SNS(o),
  sqs: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-sqs") as typeof import("@aws-sdk/client-sqs")).SQS(o),
  ssm: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-ssm") as typeof import("@aws-sdk/client-ssm")).SSM(o),
  sts: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-sts") as typeof import("@aws-sdk/client-sts")).STS(o),
  wafv2: async (o: ClientOptions) =>
    new (load("@aws-sdk/client-wafv2") as typeof import("@aws-sdk/client-wafv2")).WAFV2(o),
};

type Services = typeof CLIENTS;
export type Service = keyof Services;

/** Returns the client of a service. */
export type Use = <S extends Service>(service: S) => ReturnType<Services[S]>;

/** Runs before each call of a client: passes it on, or answers it directly. */
export type Before = (
  service: Service,
  command: string,
  input: object,
  ask: () => Promise<object>,
) => Promise<object>;

/** Clients of one region and account, each created once; the AWS_ENDPOINT_URL variables say where the services are. */
export function clientsOf(options: ClientOptions, before?: Before): Use {
  const made = new Map<Service, unknown>();
  const make = async (service: Service) => {
    const client = await CLIENTS[service](options);
    if (before) standBefore(client as unknown as Client, service, before);
    return client;
  };
  return <S extends Service>(service: S) => {
    if (!made.has(service)) made.set(service, make(service));
    return made.get(service) as ReturnType<Services[S]>;
  };
}

type Handler = (call: { input: object }) => Promise<{ output: object }>;
/** What all clients have in common; their own types differ by service. */
interface Client {
  middlewareStack: {
    add(middleware: (next: Handler, context: { commandName?: string }) => Handler, options: object): void;
  };
}

function standBefore({ middlewareStack }: Client, service: Service, before: Before): void {
  middlewareStack.add(
    (next, { commandName }) =>
      async (call) => {
        const ask = async () => (await next(call)).output;
        return { output: await before(service, commandName!, call.input, ask) };
      },
    { step: "initialize", name: "before" },
  );
}

export interface OfBoth {
  ministack: Use;
  moto: Use;
}

/** Clients with root's keys for each emulator, whichever offers a service. */
export function rootClientsOfBoth(
  { ministack, moto, region, credentials }: Endpoints,
  before?: Before,
): OfBoth {
  const at = (endpoint: string) => clientsOf({ region, credentials, endpoint }, before);
  return { ministack: at(ministack), moto: at(moto) };
}

/** Clients with root's keys for the emulators at these addresses, whatever the environment says. */
export function rootClients(endpoints: Endpoints, before?: Before): Use {
  const both = rootClientsOfBoth(endpoints, before);
  return (service) => both[SERVICES[service].on](service);
}
