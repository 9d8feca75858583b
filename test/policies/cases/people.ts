import { allows, Cases, made, refuses } from "./case";

const POOL = "aws:cognito/userPool:UserPool";
const pool = (factors: string[] | undefined, more: object = {}) =>
  made(POOL, {
    userPoolTier: "ESSENTIALS",
    mfaConfiguration: "OPTIONAL",
    signInPolicy: factors && { allowedFirstAuthFactors: factors },
    webAuthnConfiguration: { relyingPartyId: "www.example.org" },
    ...more,
  });
const BOTH = ["PASSWORD", "WEB_AUTHN"];
const bound = (relyingPartyId?: string) => pool(BOTH, { webAuthnConfiguration: { relyingPartyId } });

const identity = (name: string) => `arn:aws:ses:eu-west-1:123456789012:identity/${name}`;
const mailing = (emailConfiguration?: object) => made(POOL, { emailConfiguration });
const notifying = (notifyConfiguration?: object) =>
  made("aws:cognito/riskConfiguration:RiskConfiguration", {
    accountTakeoverRiskConfiguration: { notifyConfiguration },
  });
const DEVELOPER = { emailSendingAccount: "DEVELOPER" };

export const peopleCases: Cases = {
  "allows passkeys only in pools that support them": [
    refuses("them in the Lite tier", [pool(BOTH, { userPoolTier: "LITE" })], "Lite tier"),
    refuses(
      "them where everybody must have a second factor",
      [pool(BOTH, { mfaConfiguration: "ON" })],
      "requires a second factor",
    ),
    refuses("nothing but them", [pool(["WEB_AUTHN"])], "allows passkeys alone"),
    allows("them beside passwords", pool(BOTH)),
    allows("them in the Plus tier", pool(BOTH, { userPoolTier: "PLUS" })),
    allows("them where nobody can have a second factor", pool(BOTH, { mfaConfiguration: "OFF" })),
    allows(
      "passwords alone, in any tier and with any factor",
      pool(["PASSWORD"], { userPoolTier: "LITE", mfaConfiguration: "ON" }),
    ),
    allows("a pool that says nothing of it", pool(undefined, { mfaConfiguration: "ON" })),
  ],
  "binds passkeys to a site's name": [
    refuses("no name", [bound(undefined)], "names no site"),
    refuses(
      "nothing that says so at all",
      [pool(BOTH, { webAuthnConfiguration: undefined })],
      "names no site",
    ),
    ...[
      "https://www.example.org",
      "www.example.org:443",
      "192.0.2.1",
      "WWW.example.org",
      "a".repeat(128),
    ].map((site) => refuses(`${site.slice(0, 30)}`, [bound(site)], "which is not a domain name")),
    allows("a site's name", bound("www.example.org")),
    allows("the name of this machine", bound("localhost")),
    allows("no name where there are no passkeys", pool(["PASSWORD"], { webAuthnConfiguration: undefined })),
    allows("a pool that says nothing of it", pool(undefined, { webAuthnConfiguration: undefined })),
  ],
  "names a sender where a domain's identity sends mail": [
    refuses(
      "a domain alone",
      [mailing({ ...DEVELOPER, sourceArn: identity("example.org") })],
      "names no sender",
    ),
    refuses(
      "a domain alone to tell by",
      [notifying({ sourceArn: identity("example.org") })],
      "names no sender",
    ),
    allows(
      "an address of a domain",
      mailing({ ...DEVELOPER, sourceArn: identity("example.org"), fromEmailAddress: "us@example.org" }),
    ),
    allows("an address's own identity", mailing({ ...DEVELOPER, sourceArn: identity("us@example.org") })),
    allows("Cognito's own mail", mailing({ emailSendingAccount: "COGNITO_DEFAULT" }), mailing()),
    allows(
      "an address of a domain to tell by",
      notifying({ sourceArn: identity("example.org"), from: "us@example.org" }),
    ),
    allows("nobody who is told", notifying(), made("aws:cognito/riskConfiguration:RiskConfiguration")),
  ],
};
