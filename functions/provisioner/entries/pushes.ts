import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
} from "@aws-sdk/client-cognito-identity-provider";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SFNClient } from "@aws-sdk/client-sfn";
import { claimsIn } from "../../shared/claims";
import { fromEnvironment } from "../../shared/environment";
import { named } from "../../shared/is-named";
import { settings, table } from "../aws/common";
import { publisher } from "../aws/events";
import { commitsOn } from "../aws/github";
import { keepSecret, keepValues, read, readHook, readValues, removeSecret } from "../aws/secrets";
import { starter } from "../aws/state-machine";
import { pushStore } from "../aws/table-pushes";
import type { PushPorts } from "../build-push";
import type { RouteRequest } from "../context";
import type { PushesEnvironment } from "../environment";
import { quotaIn } from "../project";
import { answerPush } from "../pushes";

const given = fromEnvironment<PushesEnvironment>;

/** Takes the Git hosts' reports of pushes. */
export const handler = (request: RouteRequest) => answerPush(ports(), settings(), request);

function ports(): PushPorts {
  const { client, TableName } = table();
  const secrets = new SecretsManagerClient();
  const prefix = given("PREFIX");
  return {
    store: pushStore(table()),
    claims: claimsIn(client, TableName),
    publish: publisher(new EventBridgeClient()),
    now: () => new Date(),
    start: starter(new SFNClient(), given("MACHINE_ARN")),
    keepSecret: (id, content) => keepSecret(secrets, prefix, id, content),
    keepValues: (id, values) => keepValues(secrets, prefix, id, values),
    readValues: (arn) => readValues(secrets, arn),
    readSecrets: (arn) => read(secrets, arn),
    readHook: (arn) => readHook(secrets, arn),
    removeSecret: (arn) => removeSecret(secrets, arn),
    // Unset on AWS.
    showCommit: commitsOn(secrets, process.env["GITHUB_BASE"]),
    personOf,
  };
}

async function personOf(sub: string) {
  const command = new AdminGetUserCommand({ UserPoolId: given("USER_POOL"), Username: sub });
  try {
    const { UserAttributes = [], Enabled } = await new CognitoIdentityProviderClient().send(command);
    const attribute = (name: string) => UserAttributes.find(({ Name }) => Name === name)?.Value;
    if (Enabled === false) return undefined;
    return {
      unit: attribute("custom:BusinessUnit") ?? "",
      quotaCents: quotaIn(attribute("custom:Quota")),
    };
  } catch (error) {
    if (named(error, "UserNotFoundException")) return undefined;
    throw error;
  }
}
