import { Use } from "./engine/clients";
import { everyPage } from "./engine/pages";
import { Configuration } from "./engine/config";
import { PEOPLE, Person, settingOf, WRITTEN_BY_ADMINS } from "./program";

/**
 * People in the program's user pool who can sign in at once, without waiting for an e-mail: one who asks for projects, and an admin
 * who may grant them. Nobody without a pool.
 */
export async function readyPeople(use: Use, pools: string[]): Promise<Person[]> {
  const [UserPoolId] = pools;
  if (!UserPoolId) return [];
  const cognito = await use("cognito");
  const [{ UserPool }, groups] = await Promise.all([
    cognito.describeUserPool({ UserPoolId }),
    everyPage(
      (from) => cognito.listGroups({ UserPoolId, ...from }),
      (page) => page.Groups,
    ),
  ]);
  const known = (UserPool!.SchemaAttributes ?? []).map(({ Name }) => Name);
  const written = Object.entries(WRITTEN_BY_ADMINS).filter(([name]) => known.includes(name));
  for (const { email: Username, password: Password, group: GroupName } of PEOPLE) {
    const attributes = [["email", Username], ["email_verified", "true"], ...written];
    await cognito.adminCreateUser({
      UserPoolId,
      Username,
      MessageAction: "SUPPRESS",
      UserAttributes: attributes.map(([Name, Value]) => ({ Name, Value })),
    });
    await cognito.adminSetUserPassword({ UserPoolId, Username, Password, Permanent: true });
    if (groups.some((one) => one.GroupName === GroupName))
      await cognito.adminAddUserToGroup({ UserPoolId, Username, GroupName });
  }
  return PEOPLE;
}

/** Registers the sender of the projects' e-mails with SES, as an operator does once on AWS. */
export async function readySender(use: Use, { values }: Configuration): Promise<void> {
  const sender = settingOf("provisioner", values)?.sender;
  if (sender) await (await use("ses")).createEmailIdentity({ EmailIdentity: sender });
}
