// The provisioner on the emulators: its real zips, the real state machine, real CloudFormation stacks, a real user pool.
import * as aws from "@pulumi/aws";
import { ACM } from "@aws-sdk/client-acm";
import { CloudFormation } from "@aws-sdk/client-cloudformation";
import { CloudFront } from "@aws-sdk/client-cloudfront";
import { CognitoIdentityProvider } from "@aws-sdk/client-cognito-identity-provider";
import { CodeBuild } from "@aws-sdk/client-codebuild";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { ElasticLoadBalancingV2 } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ECR } from "@aws-sdk/client-ecr";
import { EC2 } from "@aws-sdk/client-ec2";
import { EventBridge } from "@aws-sdk/client-eventbridge";
import { Firehose } from "@aws-sdk/client-firehose";
import { IAM } from "@aws-sdk/client-iam";
import { Lambda } from "@aws-sdk/client-lambda";
import { Route53 } from "@aws-sdk/client-route-53";
import { S3 } from "@aws-sdk/client-s3";
import { SecretsManager } from "@aws-sdk/client-secrets-manager";
import { SESv2 } from "@aws-sdk/client-sesv2";
import { SFN } from "@aws-sdk/client-sfn";
import { SQS } from "@aws-sdk/client-sqs";
import { UserPool } from "../../components/identity/user-pool";
import { policyDocument } from "../../components/shared/permissions";
import type { NetworkLike } from "../../components/network/args";
import type { ProvisionerArgs } from "../../components/provisioner/args";
import { Provisioner } from "../../components/provisioner/provisioner";
import type { Credentials } from "../../sandbox/emulators/endpoints";
import { Emulated, startEmulated, TRUSTS_TESTS } from "../emulated";
import { listen } from "../listener";

export const DOMAIN = "projects.example.org";
export const PREFIX = "gwtest";
export const PASSWORD = "Correct-horse-battery-1";
const PARAMETERS = "/groundwork/rig";

/** What all projects of a rig answer, in place of the machines and distributions that the emulators do not have. */
export interface Sites {
  status: number;
  /** By whose name and at which path they were asked. */
  readonly asked: string[];
}

export interface Rig {
  sites: Sites;
  outputs: Record<
    "apiUrl" | "tableName" | "stateMachineArn" | "manualQueueUrl" | "userPoolId" | "zoneId" | "webRoleArn",
    string
  >;
  endpoint: string;
  credentials: Credentials;
  aws: Clients;
  /** The id token of a user, made when first asked for. */
  token(user: User): Promise<string>;
  /** What the web app runs with: the rights of the web servers' role and no others. */
  webEnvironment(): Promise<Record<string, string>>;
  stop(): Promise<void>;
}

export interface User {
  email: string;
  unit?: string;
  /** In US dollars a month. */
  quota?: number;
  admin?: boolean;
}

export type Clients = ReturnType<typeof clientsOf>;

export async function startRig(options: Partial<ProvisionerArgs> = {}): Promise<Rig> {
  // What the state machine waits between two tries is a tenth here: seconds that prove nothing.
  const emulated = await startEmulated("provisioner", { settings: { SFN_WAIT_SCALE: "0.1" } });
  try {
    const clients = clientsOf(emulated.client, emulated.endpoints.moto);
    const network = await makeNetwork(clients.ec2);
    const outputs = (await emulated.make(() => program({ network, ...options }))) as Rig["outputs"];
    const sites: Sites = { status: 200, asked: [] };
    const listener = await listen((request, response) => {
      sites.asked.push(`${request.headers.host}${request.url}`);
      response.writeHead(sites.status).end();
    });
    await prepare(clients, emulated.client.endpoint, listener.url, outputs);
    return {
      sites,
      outputs,
      endpoint: emulated.client.endpoint,
      credentials: emulated.client.credentials,
      aws: clients,
      token: tokens(clients.cognito, outputs.userPoolId),
      webEnvironment: async () => ({
        ...(await emulated.environmentAs(outputs.webRoleArn)),
        PARAMETER_PATH: PARAMETERS,
        PROVISIONER_PARAMETER: `${PARAMETERS}/provisioner/api-url`,
      }),
      stop: async () => {
        await listener.close();
        await emulated.stop();
      },
    };
  } catch (error) {
    await emulated.stop();
    throw error;
  }
}

/** MiniStack's CloudFormation knows MiniStack's network only. */
async function makeNetwork(ec2: EC2): Promise<NetworkLike> {
  const { Vpc } = await ec2.createVpc({ CidrBlock: "10.0.0.0/16" });
  const subnet = async (index: number) => {
    const zone = { AvailabilityZone: `eu-west-1${"ab"[index % 2]}`, CidrBlock: `10.0.${index}.0/24` };
    return (await ec2.createSubnet({ VpcId: Vpc!.VpcId!, ...zone })).Subnet!.SubnetId!;
  };
  const ids = [await subnet(0), await subnet(1), await subnet(2), await subnet(3)];
  return {
    vpcId: Vpc!.VpcId!,
    cidrBlock: Vpc!.CidrBlock!,
    publicSubnetIds: ids.slice(0, 2),
    privateSubnetIds: ids.slice(2),
  };
}

function program({ network, ...options }: Partial<ProvisionerArgs> & { network: NetworkLike }) {
  const web = new aws.iam.Role("web", { assumeRolePolicy: policyDocument([TRUSTS_TESTS]) });
  const servers = { roleName: web.name, roleArn: web.arn, url: "https://www.example.org" };
  const siemKey = new aws.secretsmanager.Secret("siem", {});
  const people = new UserPool("people", { keepData: false, parameterPath: PARAMETERS, web: servers });
  const zone = new aws.route53.Zone("projects", { name: DOMAIN });
  const provisioner = new Provisioner("provisioner", {
    keepData: false,
    prefix: PREFIX,
    people,
    web: servers,
    parameterPath: PARAMETERS,
    domainName: DOMAIN,
    zoneId: zone.zoneId,
    sender: "platform@example.org",
    consoleUrl: "https://www.example.org",
    totpForProd: false,
    siem: { url: "https://siem.example.org", secretArn: siemKey.arn },
    retrySeconds: 1,
    ratePerSecond: 1_000,
    network,
    ...options,
  });
  return {
    apiUrl: provisioner.apiUrl,
    tableName: provisioner.tableName,
    stateMachineArn: provisioner.stateMachineArn,
    manualQueueUrl: provisioner.manualQueueUrl,
    userPoolId: people.userPoolId,
    zoneId: zone.zoneId,
    webRoleArn: web.arn,
  };
}

function clientsOf(client: Emulated["client"], moto: string) {
  return {
    // The regions of a server's certificates and of CloudFront's.
    acm: {
      here: new ACM({ ...client, endpoint: moto }),
      cloudfront: new ACM({ ...client, endpoint: moto, region: "us-east-1" }),
    },
    cloudformation: new CloudFormation(client),
    cloudfront: new CloudFront(client),
    cognito: new CognitoIdentityProvider(client),
    // Two hundred requests at once wait for a socket, which the SDK would warn of.
    codebuild: new CodeBuild(client),
    dynamodb: new DynamoDB({ ...client, requestHandler: { socketAcquisitionWarningTimeout: 60_000 } }),
    ec2: new EC2(client),
    ecr: new ECR(client),
    elb: new ElasticLoadBalancingV2(client),
    events: new EventBridge(client),
    firehose: new Firehose(client),
    iam: new IAM(client),
    lambda: new Lambda(client),
    logs: new CloudWatchLogs(client),
    route53: new Route53(client),
    s3: new S3({ ...client, forcePathStyle: true }),
    secrets: new SecretsManager(client),
    ses: new SESv2(client),
    sfn: new SFN(client),
    sqs: new SQS(client),
  };
}

/** What an operator does once, and what the emulators need beside: CloudFormation's groups are MiniStack's, and the sites ours. */
async function prepare(
  clients: Clients,
  endpoint: string,
  sites: string,
  { userPoolId }: Rig["outputs"],
): Promise<void> {
  await clients.ses.createEmailIdentity({ EmailIdentity: "platform@example.org" });
  for (const role of ["steps", "reconcile", "pushes"]) {
    const FunctionName = await functionOf(clients, role);
    const { Environment } = await clients.lambda.getFunctionConfiguration({ FunctionName });
    const Variables = {
      ...Environment!.Variables,
      AWS_ENDPOINT_URL_EC2: endpoint,
      AWS_ENDPOINT_URL_AUTO_SCALING: endpoint,
      PROBE_BASE: sites,
      GITHUB_BASE: sites,
    };
    await clients.lambda.updateFunctionConfiguration({ FunctionName, Environment: { Variables } });
  }
  await clients.cognito.createUserPoolClient({
    UserPoolId: userPoolId,
    ClientName: "rig",
    ExplicitAuthFlows: ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
  });
}

/** Adds a statement to the role of one of the provisioner's functions; the next one of that name takes its place. */
export async function grant(
  clients: Clients,
  role: string,
  statement: object,
  PolicyName: string,
): Promise<void> {
  const RoleName = await roleOf(clients, role);
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  await clients.iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument });
}

export async function revoke(clients: Clients, role: string, PolicyName: string): Promise<void> {
  await clients.iam.deleteRolePolicy({ RoleName: await roleOf(clients, role), PolicyName });
}

async function roleOf(clients: Clients, role: string): Promise<string> {
  const FunctionName = await functionOf(clients, role);
  const { Role } = await clients.lambda.getFunctionConfiguration({ FunctionName });
  return Role!.split("/").at(-1)!;
}

const functionNames = new WeakMap<Clients, Promise<string[]>>();

async function functionOf(clients: Clients, role: string): Promise<string> {
  if (!functionNames.has(clients))
    functionNames.set(
      clients,
      clients.lambda
        .listFunctions({})
        .then(({ Functions = [] }) => Functions.map((one) => one.FunctionName!)),
    );
  const names = await functionNames.get(clients)!;
  return names.find((name) => name.startsWith(`provisioner-${role}`))!;
}

/** The name of one of the provisioner's functions as it was made. */
export const functionNamed = (rig: Rig, role: "api" | "steps" | "reconcile" | "domains") =>
  functionOf(rig.aws, role);

function tokens(cognito: CognitoIdentityProvider, UserPoolId: string): Rig["token"] {
  const known = new Map<string, Promise<string>>();
  const make = async ({ email, unit, quota, admin }: User) => {
    const attributes = { email, email_verified: "true", "custom:BusinessUnit": unit, "custom:Quota": quota };
    const UserAttributes = Object.entries(attributes)
      .filter(([, value]) => value !== undefined)
      .map(([Name, value]) => ({ Name, Value: String(value) }));
    await cognito.adminCreateUser({ UserPoolId, Username: email, UserAttributes, MessageAction: "SUPPRESS" });
    await cognito.adminSetUserPassword({ UserPoolId, Username: email, Password: PASSWORD, Permanent: true });
    if (admin) await cognito.adminAddUserToGroup({ UserPoolId, Username: email, GroupName: "admin" });
    const { UserPoolClients } = await cognito.listUserPoolClients({ UserPoolId, MaxResults: 20 });
    const { AuthenticationResult } = await cognito.adminInitiateAuth({
      UserPoolId,
      ClientId: UserPoolClients!.find((one) => one.ClientName === "rig")!.ClientId!,
      AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: email, PASSWORD },
    });
    return AuthenticationResult!.IdToken!;
  };
  return (user) => {
    if (!known.has(user.email)) known.set(user.email, make(user));
    return known.get(user.email)!;
  };
}
