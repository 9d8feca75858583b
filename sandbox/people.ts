import { Use } from "./engine/clients";
import { everyPage } from "./engine/pages";
import { Configuration } from "./engine/config";
import { Person } from "./state";

const PEOPLE: Person[] = [
  { email: "ada@example.com", password: "Ready-to-use-1!", group: "member" },
  { email: "admin@example.com", password: "Ready-to-use-1!", group: "admin" },
];
/** What admins write of everybody: the unit, and its quota in US dollars a month. */
const WRITTEN = { "custom:BusinessUnit": "engines", "custom:Quota": "200" };

/**
 * People in the program's user pool who can sign in at once, so that nobody has to wait for a mail: one who asks for things, and an
 * admin who may grant them. Nobody without a pool.
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
  const written = Object.entries(WRITTEN).filter(([name]) => known.includes(name));
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

/** SES knows who sends the projects' e-mails, as an operator sees to it once on AWS. */
export async function readySender(use: Use, { values }: Configuration): Promise<void> {
  const { sender } = JSON.parse(values["groundwork:provisioner"] ?? "{}") as { sender?: string };
  if (sender) await (await use("ses")).createEmailIdentity({ EmailIdentity: sender });
}
