import type { InitiateAuthCommandOutput } from "@aws-sdk/client-cognito-identity-provider";
import { PoolRefusal, wrongCode } from "./errors";
import { Passkeys } from "./passkeys";
import { PoolCalls, type Tokens, tokensOf } from "./pool-calls";
import { Refusal } from "../refusal";

/** What the pool may ask for before it issues tokens. */
export type ChallengeName = "NEW_PASSWORD_REQUIRED" | "SOFTWARE_TOKEN_MFA" | "MFA_SETUP";
const CHALLENGES: readonly string[] = ["NEW_PASSWORD_REQUIRED", "SOFTWARE_TOKEN_MFA", "MFA_SETUP"];

export interface Challenge {
  name: ChallengeName;
  username: string;
  /** What the person signed in by. */
  email: string;
  /** Identifies this sign-in to Cognito. */
  session: string;
  /** The authenticator's secret, once there is one. */
  secret?: string;
}

export type SignIn = { tokens: Tokens } | { challenge: Challenge };

/** The people of the user pool. Each call refuses in words for the person, whatever Cognito calls the problem. */
export class People extends PoolCalls {
  readonly passkeys = new Passkeys(this.cognito, this.settings, this.address);

  /** The same people, asked for by whoever sits at this address: threat protection judges by it. */
  from(address: string): People {
    return new People(this.cognito, this.settings, address);
  }

  // Signing up, confirming, resetting, and asking for a code answer alike whether or not the address has an account: anybody may ask, and
  // would learn from the difference who is a person here.

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
      // Nobody of this address, or somebody who is confirmed already.
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

  /** Makes the secret that an authenticator app is set up with during sign-in. */
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
    // Cognito asks for the code from now on, but lists a factor with the person only once it is their choice:
    // https://github.com/aws-amplify/amplify-js/issues/11258. What only looks different must not end the login.
    if ("tokens" in signedIn) await this.preferAuthenticator(signedIn.tokens.access).catch(() => {});
    return signedIn;
  }

  /** Makes the secret for a person who is signed in and wants a second factor from now on. */
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

  /** Whether signing in takes a code of an authenticator app. */
  async hasAuthenticator(accessToken: string): Promise<boolean> {
    const { UserMFASettingList = [] } = await this.ask(() =>
      this.cognito.getUser({ AccessToken: accessToken }),
    );
    return UserMFASettingList.includes("SOFTWARE_TOKEN_MFA");
  }

  /** From now on the password is enough, unless the pool asks everybody for a second factor: then the next sign-in sets one up. */
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
      // Nobody of this address, or somebody whom an admin has disabled.
      unlessFor("UserNotFoundException", "NotAuthorizedException")(error);
      throw wrongCode();
    });
  }

  /** Ends all sessions of somebody who chose a new password: Cognito itself leaves them as they were. */
  async signOutEverywhere(email: string): Promise<void> {
    await this.ask(() =>
      this.cognito.adminUserGlobalSignOut({ UserPoolId: this.settings.userPoolId, Username: email }),
    );
  }

  /** Whether this is the person's password, whatever the pool would ask for next. The session that it began ends at once. */
  async provePassword(email: string, password: string): Promise<void> {
    const result = await this.signIn(email, password).catch((error: unknown) => {
      unlessFor("NotAuthorizedException")(error);
      throw new Refusal(401, "the password is wrong", { field: "password" });
    });
    if ("tokens" in result) await this.signOut(result.tokens.refresh!);
  }

  /** Afterwards this refresh token gives no tokens any more. */
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

/** As Cognito says that there is nobody of this address, or that it is, or is not yet, confirmed. */
const NO_CODE_FOR = ["UserNotFoundException", "InvalidParameterException", "NotAuthorizedException"];

/** Throws an error on, but for these refusals. */
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
  // A later answer must name the user as the pool does, not by the alias of the sign-in.
  const known = answer.ChallengeParameters?.["USER_ID_FOR_SRP"] ?? username;
  return { challenge: { name: name as ChallengeName, username: known, email, session: answer.Session! } };
}
