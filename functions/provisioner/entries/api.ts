import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
} from "@aws-sdk/client-cognito-identity-provider";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SSMClient, StartAutomationExecutionCommand } from "@aws-sdk/client-ssm";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { fromEnvironment } from "../../shared/environment";
import { apiUrlAt } from "../aws/api-url";
import { emptyBucket } from "../aws/buckets";
import { common, settings, table } from "../aws/common";
import { mailReaches } from "../aws/mail";
import { starter } from "../aws/state-machine";
import { keepHook, keepSecret, keepValues, readValues, removeSecret } from "../aws/secrets";
import { readerOf } from "../aws/stacks";
import { apiStore } from "../aws/table-api";
import { claimsIn } from "../../shared/claims";
import { answerRequest } from "../api";
import { RouteRequest } from "../context";
import type { ApiEnvironment } from "../environment";
import { takeDroppedFiles, DropEvent, DropPorts } from "../dropped-file";

const given = fromEnvironment<ApiEnvironment>;

/** Answers the API, and processes files dropped into the requests bucket. */
export const handler = (event: RouteRequest | DropEvent) =>
  "Records" in event
    ? takeDroppedFiles(ports(), settings(), event)
    : answerRequest(ports(), settings(), event);

function ports(): DropPorts {
  const { client, TableName } = table();
  const Bucket = given("REQUESTS_BUCKET");
  const prefix = given("PREFIX");
  return {
    ...common(),
    removeSecret: (arn) => removeSecret(new SecretsManagerClient(), arn),
    store: apiStore(table()),
    claims: claimsIn(client, TableName),
    start: starter(new SFNClient(), given("MACHINE_ARN")),
    stacks: readerOf(new CloudFormationClient()),
    keepSecret: (id, secrets) => keepSecret(new SecretsManagerClient(), prefix, id, secrets),
    keepValues: (id, values) => keepValues(new SecretsManagerClient(), prefix, id, values),
    readValues: (arn) => readValues(new SecretsManagerClient(), arn),
    keepHook: (id, secret) => keepHook(new SecretsManagerClient(), prefix, id, secret),
    apiUrl: apiUrlAt(new SSMClient(), given("API_URL_PARAMETER")),
    ticketForm: (ticket) =>
      createPresignedPost(new S3Client(), {
        Bucket,
        Key: `requests/${ticket}.json`,
        Expires: 900,
        Conditions: [["content-length-range", 1, 65_536]],
      }),
    mailReaches: mailReaches(new SESv2Client()),
    hasTotp: async (Username) => {
      const command = new AdminGetUserCommand({ UserPoolId: given("USER_POOL"), Username });
      const { UserMFASettingList } = await new CognitoIdentityProviderClient().send(command);
      return UserMFASettingList?.includes("SOFTWARE_TOKEN_MFA") ?? false;
    },
    runbook: async (name, id) => {
      const { AutomationExecutionId } = await new SSMClient().send(
        new StartAutomationExecutionCommand({
          DocumentName: given(`RUNBOOK_${name.toUpperCase() as Uppercase<typeof name>}`),
          Parameters: { Stack: [`${prefix}-${id}`] },
        }),
      );
      return AutomationExecutionId!;
    },
    readFile: (Key, VersionId) => textOf({ Bucket, Key, VersionId }),
    removeFile: (key) => emptyBucket(new S3Client(), Bucket, key),
  };
}

async function textOf(object: {
  Bucket: string;
  Key: string;
  VersionId?: string;
}): Promise<string | undefined> {
  try {
    const { Body } = await new S3Client().send(new GetObjectCommand(object));
    return await Body!.transformToString();
  } catch (error) {
    if (["NoSuchKey", "NoSuchVersion"].includes((error as Error).name)) return undefined;
    throw error;
  }
}
