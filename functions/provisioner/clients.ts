import {
  CognitoIdentityProviderClient,
  ListUsersInGroupCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { Route53Client } from "@aws-sdk/client-route-53";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { SFNClient } from "@aws-sdk/client-sfn";
import { CommonPorts, Guides, SecretRemover } from "./ports";
import { addressIn, answerer, mailer, namesOf, publisher, removeSecret } from "./services";
import { Table } from "./table";

/** What the component has put into a function's environment. */
const given = (name: string) => process.env[name]!;

export const settings = () => JSON.parse(given("SETTINGS"));
export const table = (): Table => ({ client: new DynamoDBClient(), TableName: given("TABLE") });

export const common = (): Omit<CommonPorts, "store"> => ({
  publish: publisher(new EventBridgeClient()),
  answer: answerer(new SFNClient()),
  mail: mailer(new SESv2Client(), given("SENDER")),
  now: () => new Date(),
});

export const guides = (): Guides => ({
  names: given("ZONE_ID") ? namesOf(new Route53Client(), given("ZONE_ID")) : undefined,
  addressOf: (group) => addressIn(new EC2Client(), group),
  admins: () => adminsIn(new CognitoIdentityProviderClient(), given("USER_POOL"), given("ADMIN_GROUP")),
});

export const secretRemover = (): SecretRemover => ({
  removeSecret: (arn) => removeSecret(new SecretsManagerClient(), arn),
});

async function adminsIn(client: CognitoIdentityProviderClient, UserPoolId: string, GroupName: string) {
  const { Users = [] } = await client.send(new ListUsersInGroupCommand({ UserPoolId, GroupName }));
  const active = Users.filter(({ Enabled }) => Enabled !== false);
  return active.flatMap((user) => user.Attributes?.find(({ Name }) => Name === "email")?.Value ?? []);
}
