import type { InitiateAuthCommandOutput } from "@aws-sdk/client-cognito-identity-provider";
import { PoolRefusal, wrongCode } from "./errors";
import { Passkeys } from "./passkeys";
import { PoolCalls, type Tokens, tokensOf } from "./pool-calls";
import { Refusal } from "../refusal";

/** What the pool may require before it issues tokens. */
export type ChallengeName = "NEW_PASSWORD_REQUIRED" | "SOFTWARE_TOKEN_MFA" | "MFA_SETUP";
const CHALLENGES: readonly string[] = ["NEW_PASSWORD_REQUIRED", "SOFTWARE_TOKEN_MFA", "MFA_SETUP"];

export interface Challenge {
  name: ChallengeName;
  username: string;
  /** The name that the person signed in with. */
  email: string;
  /** Identifies this sign-in to Cognito. */
  session: string;
  /** The authenticator's secret, once it exists. */
  secret?: string;
}

export type SignIn = { tokens: Tokens } | { challenge: Challenge };

/** The people of the user pool. Each call refuses in words for the person, whatever Cognito calls the problem. */
export class People extends PoolCalls {
  readonly passkeys = new Passkeys(this.cognito, this.settings, this.address);

  /** The same people, for a caller at this address: threat protection uses it. */
  from(address: string): People {
    return new People(this.cognito, this.settings, address);
  }

  // Sign-up, confirmation, password reset and requests for a code answer the same whether or not the address has an account: anybody may
  // ask, and a difference would reveal who has one here.

  async signUp(email: string, password: string): Promise<void> {
    await this.ask(() =>
      this.cognito.signUp({
        ...this.client(email),
        Username: email,
        Password: password,
        UserAttributes: [{ Name: "email", Value: email }],
      }),
    ).catch(unlessFor("UsernameExistsException"));
  }

  async confirm(email: string, code: string): Promise<void> {
    await this.ask(() =>
      this.cognito.confirmSignUp({ ...this.client(email), Username: email, ConfirmationCode: code }),
    ).catch((error: unknown) => {
      // Nobody has this address, or the account is already confirmed.
      unlessFor("UserNotFoundException", "NotAuthorizedException", "AliasExistsException")(error);
      throw wrongCode();
    });
  }

  async resendCode(email: string): Promise<void> {
    await this.ask(() =>
      this.cognito.resendConfirmationCode({ ...this.client(email), Username: email }),
    ).catch(unlessFor(...NO_CODE_FOR));
  }

  async signIn(email: string, password: string): Promise<SignIn> {
    const answer = await this.ask(() =>
      this.cognito.initiateAuth({
        ClientId: this.settings.webClientId,
        AuthFlow: "USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME: email, PASSWORD: password, SECRET_HASH: this.hash(email) },
        ...this.context(),
      }),
    );
    return signInOf(answer, { username: email, email });
  }

  async refresh(username: string, refreshToken: string): Promise<Tokens> {
    const answer = await this.ask(() =>
      this.cognito.initiateAuth({
        ClientId: this.settings.webClientId,
        AuthFlow: "REFRESH_TOKEN_AUTH",
        AuthParameters: { REFRESH_TOKEN: refreshToken, SECRET_HASH: this.hash(username) },
        ...this.context(),
      }),
    );
    return tokensOf(answer);
  }

  async answerCode(challenge: Challenge, code: string): Promise<SignIn> {
    return this.answer(challenge, { SOFTWARE_TOKEN_MFA_CODE: code });
  }

  async answerPassword(challenge: Challenge, password: string): Promise<SignIn> {
    return this.answer(challenge, { NEW_PASSWORD: password });
  }

  /** Makes the secret for setting up an authenticator app during sign-in. */
  async startAuthenticator(challenge: Challenge): Promise<Challenge> {
    const { SecretCode, Session } = await this.ask(() =>
      this.cognito.associateSoftwareToken({ Session: challenge.session }),
    );
    return { ...challenge, secret: SecretCode!, session: Session ?? challenge.session };
  }

  async finishAuthenticator(challenge: Challenge, code: string): Promise<SignIn> {
    const { Session } = await this.ask(() =>
      this.cognito.verifySoftwareToken({ Session: challenge.session, UserCode: code }),
    );
    const signedIn = await this.answer({ ...challenge, session: Session ?? challenge.session }, {});
    // Cognito asks for the code from now on, but lists a factor with the person only once it is preferred:
    // https://github.com/aws-amplify/amplify-js/issues/11258. A cosmetic difference must not end the login.
    if ("tokens" in signedIn) await this.preferAuthenticator(signedIn.tokens.access).catch(() => {});
    return signedIn;
  }

  /** Makes the secret for a signed-in person who wants a second factor from now on. */
  async newSecret(accessToken: string): Promise<string> {
    const { SecretCode } = await this.ask(() =>
      this.cognito.associateSoftwareToken({ AccessToken: accessToken }),
    );
    return SecretCode!;
  }

  async useAuthenticator(accessToken: string, code: string): Promise<void> {
    await this.ask(() => this.cognito.verifySoftwareToken({ AccessToken: accessToken, UserCode: code }));
    await this.preferAuthenticator(accessToken);
  }

  private async preferAuthenticator(accessToken: string): Promise<void> {
    await this.ask(() =>
      this.cognito.setUserMFAPreference({
        AccessToken: accessToken,
        SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
      }),
    );
  }

  /** Whether signing in requires a code from an authenticator app. */
  async hasAuthenticator(accessToken: string): Promise<boolean> {
    const { UserMFASettingList = [] } = await this.ask(() =>
      this.cognito.getUser({ AccessToken: accessToken }),
    );
    return UserMFASettingList.includes("SOFTWARE_TOKEN_MFA");
  }

  /** From now on the password is enough, unless the pool requires a second factor of everybody: then the next sign-in sets one up. */
  async dropAuthenticator(accessToken: string): Promise<void> {
    await this.ask(() =>
      this.cognito.setUserMFAPreference({
        AccessToken: accessToken,
        SoftwareTokenMfaSettings: { Enabled: false, PreferredMfa: false },
      }),
    );
  }

  async forgotPassword(email: string): Promise<void> {
    await this.ask(() => this.cognito.forgotPassword({ ...this.client(email), Username: email })).catch(
      unlessFor(...NO_CODE_FOR),
    );
  }

  async resetPassword(email: string, code: string, password: string): Promise<void> {
    await this.ask(() =>
      this.cognito.confirmForgotPassword({
        ...this.client(email),
        Username: email,
        ConfirmationCode: code,
        Password: password,
      }),
    ).catch((error: unknown) => {
      // Nobody has this address, or an admin has disabled the account.
      unlessFor("UserNotFoundException", "NotAuthorizedException")(error);
      throw wrongCode();
    });
  }

  /** Ends all sessions of a person who chose a new password: Cognito itself does not end them. */
  async signOutEverywhere(email: string): Promise<void> {
    await this.ask(() =>
      this.cognito.adminUserGlobalSignOut({ UserPoolId: this.settings.userPoolId, Username: email }),
    );
  }

  /** Whether this is the person's password, whatever the pool would require next. The session that this begins ends at once. */
  async provePassword(email: string, password: string): Promise<void> {
    const result = await this.signIn(email, password).catch((error: unknown) => {
      unlessFor("NotAuthorizedException")(error);
      throw new Refusal(401, "the password is wrong", { field: "password" });
    });
    if ("tokens" in result) await this.signOut(result.tokens.refresh!);
  }

  /** Afterwards this refresh token yields no more tokens. */
  async signOut(refreshToken: string): Promise<void> {
    await this.ask(() =>
      this.cognito.revokeToken({
        Token: refreshToken,
        ClientId: this.settings.webClientId,
        ClientSecret: this.settings.webClientSecret,
      }),
    );
  }

  private async answer(challenge: Challenge, answers: Record<string, string>): Promise<SignIn> {
    const answer = await this.ask(() =>
      this.cognito.respondToAuthChallenge({
        ClientId: this.settings.webClientId,
        ChallengeName: challenge.name,
        Session: challenge.session,
        ChallengeResponses: {
          USERNAME: challenge.username,
          SECRET_HASH: this.hash(challenge.username),
          ...answers,
        },
        ...this.context(),
      }),
    );
    return signInOf(answer, challenge);
  }
}

/** Cognito's errors for an unknown address, and for a confirmed or unconfirmed account. */
const NO_CODE_FOR = ["UserNotFoundException", "InvalidParameterException", "NotAuthorizedException"];

/** Rethrows an error, except for these refusals. */
const unlessFor =
  (...reasons: string[]) =>
  (error: unknown): void => {
    if (!(error instanceof PoolRefusal && reasons.includes(error.reason))) throw error;
  };

function signInOf(
  answer: InitiateAuthCommandOutput,
  { username, email }: Pick<Challenge, "username" | "email">,
): SignIn {
  if (answer.AuthenticationResult) return { tokens: tokensOf(answer) };
  const name = answer.ChallengeName ?? "no tokens";
  if (!CHALLENGES.includes(name))
    throw new Error(`the pool must ask for one of ${CHALLENGES.join(", ")}, got ${name}`);
  // A later answer must use the pool's name of the user, not the sign-in alias.
  const known = answer.ChallengeParameters?.["USER_ID_FOR_SRP"] ?? username;
  return { challenge: { name: name as ChallengeName, username: known, email, session: answer.Session! } };
}
