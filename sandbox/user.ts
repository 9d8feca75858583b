import { Use } from "./engine/clients";
import { ReadyUser } from "./state";

/** Signs a confirmed user up in the program's user pool, so that nobody has to wait for a mail; none without a pool. */
export async function readyUser(use: Use, pools: string[]): Promise<ReadyUser | undefined> {
  const [UserPoolId] = pools;
  if (!UserPoolId) return undefined;
  const user = { email: "ada@example.com", password: "Ready-to-use-1!" };
  const cognito = await use("cognito");
  await cognito.adminCreateUser({
    UserPoolId,
    Username: user.email,
    MessageAction: "SUPPRESS",
    UserAttributes: [
      { Name: "email", Value: user.email },
      { Name: "email_verified", Value: "true" },
    ],
  });
  await cognito.adminSetUserPassword({
    UserPoolId,
    Username: user.email,
    Password: user.password,
    Permanent: true,
  });
  return user;
}
