import { CognitoJwtVerifier } from "aws-jwt-verify";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import type { PlatformSettings } from "./settings";

/** The holder of a verified token, by its claims. */
export interface Person {
  /** Never changes and is never reused. */
  id: string;
  username: string;
  email: string;
  groups: string[];
  /** When the token expires, in milliseconds. */
  until: number;
}

export type VerifyToken = (token: string) => Promise<Person>;

/** Verifies id tokens of our own pool and clients: signature, issuer, audience, use and times. */
export function tokenVerifier(settings: PlatformSettings): VerifyToken {
  const verifier = CognitoJwtVerifier.create(
    {
      userPoolId: settings.userPoolId,
      tokenUse: "id",
      clientId: [settings.webClientId, settings.apiClientId],
    },
    { jwksCache: new SimpleJwksCache({ fetcher: { fetch: fetchKeys } }) },
  );
  return async (token) => {
    const claims = await verifier.verify(token);
    // The verifier checks the expiry only if there is one.
    if (claims.exp === undefined) throw new Error("a token must end: its exp is missing");
    return {
      id: claims.sub,
      username: String(claims["cognito:username"] ?? claims.sub),
      email: String(claims.email ?? ""),
      groups: (claims["cognito:groups"] as string[] | undefined) ?? [],
      until: claims.exp * 1000,
    };
  };
}

const TIMEOUT_MS = 3000;

/** The pool's public keys, from the endpoint that the AWS SDK itself would call. */
async function fetchKeys(uri: string): Promise<ArrayBuffer> {
  const own = process.env["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"] ?? process.env["AWS_ENDPOINT_URL"];
  const at = own ? new URL(new URL(uri).pathname, own) : uri;
  const response = await fetch(at, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`the pool's keys must come with status 200, got ${response.status}`);
  return response.arrayBuffer();
}
