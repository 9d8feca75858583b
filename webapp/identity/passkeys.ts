import { randomBytes } from "node:crypto";
import type { CompleteWebAuthnRegistrationCommandInput } from "@aws-sdk/client-cognito-identity-provider";
import { PoolRefusal } from "./errors";
import { PoolCalls, type Tokens, tokensOf } from "./pool-calls";
import { Refusal } from "../refusal";

/** A passkey as its owner sees it. */
export interface Passkey {
  id: string;
  name: string;
  /** The name of the site that it was made for, and works on. */
  site: string;
  createdAt: Date;
}

/** A browser's data about a passkey, as JSON; only the pool validates it. */
export type Credential = NonNullable<CompleteWebAuthnRegistrationCommandInput["Credential"]>;

/** A passkey login that waits for the browser's answer. */
export interface Asked {
  username: string;
  /** Identifies this login to Cognito; empty if there is nothing to answer, which nobody may learn. */
  session: string;
  /** The challenge that the passkey signs. */
  challenge: string;
}

/** Cognito's limit per person: https://docs.aws.amazon.com/cognito/latest/developerguide/limits.html */
export const MOST_PASSKEYS = 20;

/** The length of Cognito's challenges; a made-up one is as long as the last one seen. */
let challengeBytes = 32;

const REFUSED =
  "this passkey does not log you in: try another one, or log in with your password. " +
  "With a second factor, log in with password and code";

/** The passkeys of the pool's people: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html */
export class Passkeys extends PoolCalls {
  async list(accessToken: string): Promise<Passkey[]> {
    // The most a person can have fit in one page.
    const { Credentials = [] } = await this.ask(() =>
      this.cognito.listWebAuthnCredentials({ AccessToken: accessToken, MaxResults: MOST_PASSKEYS }),
    );
    return Credentials.map((one) => ({
      id: one.CredentialId!,
      name: one.FriendlyCredentialName!,
      site: one.RelyingPartyId!,
      createdAt: one.CreatedAt!,
    }));
  }

  /** The options with which the browser creates a new passkey. */
  async startAdding(accessToken: string): Promise<unknown> {
    const { CredentialCreationOptions } = await this.ask(() =>
      this.cognito.startWebAuthnRegistration({ AccessToken: accessToken }),
    );
    return CredentialCreationOptions;
  }

  async finishAdding(accessToken: string, credential: Credential): Promise<void> {
    await this.ask(() =>
      this.cognito.completeWebAuthnRegistration({ AccessToken: accessToken, Credential: credential }),
    );
  }

  async remove(accessToken: string, id: string): Promise<void> {
    await this.ask(() =>
      this.cognito.deleteWebAuthnCredential({ AccessToken: accessToken, CredentialId: id }),
    );
  }

  /** Begins a login. For people with no account, no passkey, or a second factor it looks the same, but cannot be finished. */
  async begin(email: string): Promise<Asked> {
    const answer = await this.ask(() =>
      this.cognito.initiateAuth({
        ClientId: this.settings.webClientId,
        AuthFlow: "USER_AUTH",
        AuthParameters: {
          USERNAME: email,
          PREFERRED_CHALLENGE: "WEB_AUTHN",
          SECRET_HASH: this.hash(email),
        },
        ...this.context(),
      }),
    ).catch((error: unknown) => {
      if (isBusy(error)) throw error;
      return undefined;
    });
    const options = answer?.ChallengeParameters?.["CREDENTIAL_REQUEST_OPTIONS"];
    if (answer?.ChallengeName !== "WEB_AUTHN" || !options)
      return { username: email, session: "", challenge: randomBytes(challengeBytes).toString("base64url") };
    const { challenge } = JSON.parse(options) as { challenge: string };
    challengeBytes = Buffer.from(challenge, "base64url").length;
    const username = answer.ChallengeParameters?.["USER_ID_FOR_SRP"] ?? email;
    return { username, session: answer.Session!, challenge };
  }

  async finish(
    { username, session }: Pick<Asked, "username" | "session">,
    credential: Credential,
  ): Promise<Tokens> {
    if (!session) throw new Refusal(401, REFUSED);
    const answer = await this.ask(() =>
      this.cognito.respondToAuthChallenge({
        ClientId: this.settings.webClientId,
        ChallengeName: "WEB_AUTHN",
        Session: session,
        ChallengeResponses: {
          USERNAME: username,
          CREDENTIAL: JSON.stringify(credential),
          SECRET_HASH: this.hash(username),
        },
        ...this.context(),
      }),
    ).catch((error: unknown) => {
      if (isBusy(error)) throw error;
      throw new Refusal(401, REFUSED);
    });
    if (!answer.AuthenticationResult) throw new Refusal(401, REFUSED);
    return tokensOf(answer);
  }
}

/** Whether the pool is unable to answer, as opposed to answering no. */
const isBusy = (error: unknown) => !(error instanceof PoolRefusal) || error.statusCode >= 429;
