import * as aws from "@pulumi/aws";
import type { Violation } from "./violation";

const POOL = "aws:cognito/userPool:UserPool";
const withPasskeys = { signInPolicy: { allowedFirstAuthFactors: ["PASSWORD", "WEB_AUTHN"] } };

/** Of the rules about what Cognito refuses. */
export const PEOPLE_VIOLATIONS: Record<string, Violation> = {
  "allows passkeys only in pools that support them": {
    program: () =>
      new aws.cognito.UserPool("bad", {
        ...withPasskeys,
        mfaConfiguration: "ON",
        softwareTokenMfaConfiguration: { enabled: true },
        webAuthnConfiguration: { relyingPartyId: "www.example.org" },
      }),
    problems: [`${POOL} bad allows passkeys, but requires a second factor of everybody`],
  },
  "binds passkeys to a site's name": {
    program: () =>
      new aws.cognito.UserPool("bad", {
        ...withPasskeys,
        webAuthnConfiguration: { relyingPartyId: "https://www.example.org" },
      }),
    problems: [`${POOL} bad binds passkeys to https://www.example.org, which is not a domain name`],
  },
  "names a sender where a domain's identity sends mail": {
    program: () =>
      new aws.cognito.UserPool("bad", {
        emailConfiguration: {
          emailSendingAccount: "DEVELOPER",
          sourceArn: "arn:aws:ses:eu-west-1:123456789012:identity/example.org",
        },
      }),
    problems: [`${POOL} bad sends mail by a domain's identity, but names no sender at that domain`],
  },
};
