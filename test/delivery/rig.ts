import { CognitoIdentityProvider } from "@aws-sdk/client-cognito-identity-provider";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { ECR } from "@aws-sdk/client-ecr";
import { Lambda } from "@aws-sdk/client-lambda";
import { S3 } from "@aws-sdk/client-s3";
import * as aws from "@pulumi/aws";
import { Delivery } from "../../components/delivery/delivery";
import { UserPool } from "../../components/identity/user-pool";
import { serviceRole } from "../../components/shared/permissions";
import { ACCOUNT } from "../../sandbox/emulators/endpoints";
import { REGION, startEmulated } from "../emulated";
import { AwsStandIn, startAwsStandIn } from "./aws-stand-in";

interface Outputs {
  apiUrl: string;
  userPoolId: string;
  repositoryUrl: string;
}

/** What the components made, by the names that Pulumi gave. */
interface Names {
  bucket: string;
  claims: string;
  record: string;
  deploy: string;
  deployed: string;
}

/** The delivery area on MiniStack, made by its own components with the real zips; pipeline and deployments stand in. */
export interface Rig {
  outputs: Outputs;
  names: Names;
  aws: AwsStandIn;
  dynamodb: DynamoDB;
  s3: S3;
  ecr: ECR;
  lambda: Lambda;
  /** An id token of a new user in these groups. */
  tokenOf(...groups: string[]): Promise<string>;
  stop(): Promise<void>;
}

export async function startRig(): Promise<Rig> {
  const standIn = await startAwsStandIn();
  const emulated = await startEmulated("delivery");
  const stop = async () => {
    await emulated.stop();
    await standIn.close();
  };
  try {
    const outputs = (await emulated.make(program)) as unknown as Outputs;
    const { client } = emulated;
    const lambda = new Lambda(client);
    const s3 = new S3({ ...client, forcePathStyle: true });
    // A thousand requests at once wait for a socket, which the SDK would warn of.
    const requestHandler = { socketAcquisitionWarningTimeout: 60_000 };
    const dynamodb = new DynamoDB({ ...client, requestHandler });
    await leadToStandIn(lambda, standIn.url);
    return {
      outputs,
      names: await namesOf(lambda, s3, dynamodb),
      aws: standIn,
      dynamodb,
      s3,
      ecr: new ECR(client),
      lambda,
      tokenOf: await tokens(new CognitoIdentityProvider(client), outputs.userPoolId),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function program() {
  const web = serviceRole("web", { service: "ec2.amazonaws.com" }, {});
  const people = new UserPool("people", { keepData: false, parameterPath: "/groundwork/rig", mfa: "off" });
  const repository = new aws.ecr.Repository("web", {});
  const arn = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;
  const delivery = new Delivery("delivery", {
    web: {
      roleName: web.name,
      roleArn: web.arn,
      url: "http://localhost",
      groupName: "web",
      groupArn: arn("autoscaling", "autoScalingGroup:0:autoScalingGroupName/web"),
      targetGroupName: "web",
      targetGroupArn: arn("elasticloadbalancing", "targetgroup/web/0123456789abcdef"),
      loadBalancerArnSuffix: "app/web/0123456789abcdef",
    },
    image: {
      imageUri: repository.repositoryUrl,
      repositoryUrl: repository.repositoryUrl,
      repositoryArn: repository.arn,
    },
    repository: "example/site",
    connectionArn: arn("codeconnections", "connection/00000000-0000-0000-0000-000000000000"),
    people,
    starterGroup: "deployers",
    ratePerSecond: 1_000,
    burst: 2_000,
    keepData: false,
  });
  return {
    apiUrl: delivery.apiUrl,
    userPoolId: people.userPoolId,
    repositoryUrl: repository.repositoryUrl,
  };
}

async function namesOf(lambda: Lambda, s3: S3, dynamodb: DynamoDB): Promise<Names> {
  const functions = (await lambda.listFunctions({})).Functions!.map((one) => one.FunctionName!);
  const buckets = (await s3.listBuckets({})).Buckets!.map((one) => one.Name!);
  const tables = (await dynamodb.listTables({})).TableNames!;
  const named = (names: string[], start: string) => names.find((name) => name.startsWith(start))!;
  return {
    bucket: named(buckets, "delivery-artifacts-"),
    claims: named(tables, "delivery-api-claims-"),
    record: named(functions, "delivery-releases-record-"),
    deploy: named(functions, "delivery-deploy-"),
    deployed: named(functions, "delivery-releases-deployed-"),
  };
}

/** No emulator runs pipelines or deployments: the functions' SDK finds ours by its own variables. */
async function leadToStandIn(lambda: Lambda, url: string): Promise<void> {
  const { Functions = [] } = await lambda.listFunctions({});
  for (const { FunctionName, Environment } of Functions)
    await lambda.updateFunctionConfiguration({
      FunctionName,
      Environment: {
        Variables: {
          ...Environment?.Variables,
          AWS_ENDPOINT_URL_CODEPIPELINE: url,
          AWS_ENDPOINT_URL_CODEDEPLOY: url,
          // Whether an alarm rings belongs to the deployments that it ends.
          AWS_ENDPOINT_URL_CLOUDWATCH: url,
        },
      },
    });
}

async function tokens(cognito: CognitoIdentityProvider, UserPoolId: string) {
  const { UserPoolClient } = await cognito.createUserPoolClient({
    UserPoolId,
    ClientName: "tests",
    ExplicitAuthFlows: ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
  });
  let users = 0;
  const Password = "Correct-horse-7-battery";
  return async (...groups: string[]) => {
    const Username = `user${++users}@example.com`;
    await cognito.adminCreateUser({ UserPoolId, Username, MessageAction: "SUPPRESS" });
    await cognito.adminSetUserPassword({ UserPoolId, Username, Password, Permanent: true });
    for (const GroupName of groups) {
      await cognito.createGroup({ UserPoolId, GroupName }).catch(() => undefined); // there already
      await cognito.adminAddUserToGroup({ UserPoolId, Username, GroupName });
    }
    const { AuthenticationResult } = await cognito.adminInitiateAuth({
      UserPoolId,
      ClientId: UserPoolClient!.ClientId,
      AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: Username, PASSWORD: Password },
    });
    return AuthenticationResult!.IdToken!;
  };
}
