import { randomBytes } from "node:crypto";
import { CognitoIdentityProvider } from "@aws-sdk/client-cognito-identity-provider";
import { WRITTEN_BY_ADMINS } from "../../../sandbox/program";
import type { Stage } from "../stage";

const ADMINS = "admin";

/** Creates an admin in a new stack's pool, who may ask for projects. It is deleted with the pool. */
export async function firstPerson({ outputs, region }: Stage, email: string): Promise<string> {
  const cognito = new CognitoIdentityProvider({ region });
  const whose = { UserPoolId: outputs["userPoolId"]!, Username: email };
  const { UserPool } = await cognito.describeUserPool({ UserPoolId: whose.UserPoolId });
  const known = (UserPool?.SchemaAttributes ?? []).map(({ Name }) => Name!);
  const written = Object.entries(WRITTEN_BY_ADMINS).filter(([name]) => known.includes(name));
  const attributes = [["email", email], ["email_verified", "true"], ...written];
  const Password = `Verify-${randomBytes(12).toString("hex")}!`;
  await cognito.adminCreateUser({
    ...{ ...whose, MessageAction: "SUPPRESS" },
    UserAttributes: attributes.map(([Name, Value]) => ({ Name, Value })),
  });
  await cognito.adminSetUserPassword({ ...whose, Password, Permanent: true });
  const { Groups = [] } = await cognito.listGroups({ UserPoolId: whose.UserPoolId });
  if (Groups.some(({ GroupName }) => GroupName === ADMINS))
    await cognito.adminAddUserToGroup({ ...whose, GroupName: ADMINS });
  return Password;
}
