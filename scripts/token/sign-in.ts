import {
  CognitoIdentityProvider,
  CognitoIdentityProviderServiceException as Refused,
  type InitiateAuthCommandOutput as Answer,
} from "@aws-sdk/client-cognito-identity-provider";
import { createSrpSession, signSrpSession, wrapAuthChallenge, wrapInitiateAuth } from "cognito-srp-helper";
import { Problem } from "../../sandbox/problem";
import type { Pool } from "./pool";

export interface Person {
  email: string;
  password: string;
  /** Asks for the code in the authenticator app. */
  code: () => Promise<string>;
}

/** The id token of a person who signs in by SRP: the pool learns that the password is right, but not the password. */
export async function signIn(pool: Pool, person: Person): Promise<string> {
  // Unsigned: whoever runs this needs no keys.
  const cognito = new CognitoIdentityProvider({ region: pool.region });
  try {
    return await answered(cognito, pool, person);
  } catch (error) {
    if (error instanceof Refused) throw new Problem(`The user pool refuses: ${wordsOf(error)}`);
    throw error;
  } finally {
    cognito.destroy();
  }
}

async function answered(
  cognito: CognitoIdentityProvider,
  { id, clientId: ClientId }: Pool,
  { email, password, code }: Person,
): Promise<string> {
  const srp = createSrpSession(email, password, id, false);
  const begun = { ClientId, AuthFlow: "USER_SRP_AUTH" as const, AuthParameters: { USERNAME: email } };
  const asked = await cognito.initiateAuth(wrapInitiateAuth(srp, begun));
  const USERNAME = asked.ChallengeParameters?.["USER_ID_FOR_SRP"] ?? email;
  const proof = {
    ClientId,
    ChallengeName: "PASSWORD_VERIFIER" as const,
    Session: asked.Session,
    ChallengeResponses: { USERNAME },
  };
  let answer: Answer = await cognito.respondToAuthChallenge(
    wrapAuthChallenge(signSrpSession(srp, asked), proof),
  );
  if (answer.ChallengeName === "SOFTWARE_TOKEN_MFA")
    answer = await cognito.respondToAuthChallenge({
      ClientId,
      ChallengeName: "SOFTWARE_TOKEN_MFA",
      Session: answer.Session,
      ChallengeResponses: { USERNAME, SOFTWARE_TOKEN_MFA_CODE: await code() },
    });
  const token = answer.AuthenticationResult?.IdToken;
  if (!token) throw new Problem(FIRST[answer.ChallengeName!] ?? `The pool asks for ${answer.ChallengeName}.`);
  return token;
}

/** What a person must do once, on the site. */
const FIRST: Record<string, string> = {
  NEW_PASSWORD_REQUIRED:
    "This account has no password of its own yet: log in on the site first, and choose one.",
  MFA_SETUP: "This account has no authenticator app yet: log in on the site first, and set one up.",
};

const wordsOf = ({ name, message }: Refused) =>
  name === "NotAuthorizedException" || name === "UserNotFoundException"
    ? `${message.replace(/\.$/, "")}. Check the address and the password; after five wrong ones it waits longer each time.`
    : message;
