import { SharedSandbox } from "./shared";

/** An id token of the ready-made admin. */
export async function tokenOf({ state, use }: Pick<SharedSandbox, "state" | "use">): Promise<string> {
  const cognito = await use("cognito");
  const { UserPools } = await cognito.listUserPools({ MaxResults: 10 });
  const UserPoolId = UserPools![0]!.Id;
  const { UserPoolClient } = await cognito.createUserPoolClient({
    UserPoolId,
    ClientName: "api-token",
    ExplicitAuthFlows: ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
  });
  const { ClientId } = UserPoolClient!;
  const { email, password } = state.people.find(({ group }) => group === "admin")!;
  const { AuthenticationResult } = await cognito.adminInitiateAuth({
    UserPoolId,
    ClientId,
    AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
    AuthParameters: { USERNAME: email, PASSWORD: password },
  });
  await cognito.deleteUserPoolClient({ UserPoolId, ClientId });
  return AuthenticationResult!.IdToken!;
}
