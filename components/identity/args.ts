import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { isWithin } from "../../functions/shared/is-within";
import { Given, input, matching, options, whole } from "../shared/options";
import type { WebLike } from "../web/args";

export const MFA_MODES = ["off", "optional", "required"] as const;
export type MfaMode = (typeof MFA_MODES)[number];

/** What an SES identity's ARN names: an address, or a domain that stands for all of its addresses. */
export const identityIn = (arn: string): string => arn.slice(arn.indexOf("/") + 1);
export const isAddress = (identity: string): boolean => identity.includes("@");

/** Whether this SES identity covers the address. A domain's identity also covers its subdomains. */
function isOf(identity: string, address: string): boolean {
  if (isAddress(identity)) return address === identity;
  return isWithin(address.split("@")[1] ?? "", identity);
}

const userPoolShape = {
  selfSignUp: z.boolean().default(false).describe("Whether anyone may create an account, or only admins can"),
  mfa: z
    .enum(MFA_MODES)
    .default("optional")
    .describe("Whether people must, may or cannot use an authenticator app as a second factor"),
  threatProtection: z
    .boolean()
    .default(false)
    .describe(
      "Refuses stolen passwords and risky sign-ins; needs Cognito's Plus plan, about 0.02 USD per user and month",
    ),
  passkeys: z
    .boolean()
    .default(false)
    .describe(
      "Whether people may sign in with passkeys in addition to passwords; a passkey is bound to the site's name forever, and works only over HTTPS",
    ),
  passwordMinimumLength: whole(8, 99).default(12).describe("The minimum length of a password"),
  accessTokenMinutes: whole(5, 1_440)
    .default(30)
    .describe("How long a token is valid, and so how long a disabled user's session lasts"),
  refreshTokenDays: whole(1, 3_650)
    .default(7)
    .describe("How long a person stays signed in without entering the password again"),
  mailIdentityArn: input(
    matching(
      /^arn:aws[\w-]*:ses:[\w-]+:\d{12}:identity\/\S+$/,
      "the ARN of an SES identity, arn:aws:ses:REGION:ACCOUNT:identity/DOMAIN-OR-ADDRESS",
    ),
  )
    .optional()
    .describe("The SES identity that sends the pool's mail; Cognito itself sends only 50 a day"),
  mailFrom: z
    .email("an e-mail address")
    .optional()
    .describe("The sender of that mail, if the identity is a whole domain"),
};

export const userPoolOptions = options(userPoolShape, [
  {
    of: ["passkeys", "mfa"],
    wrong: "passkeys",
    // https://github.com/hashicorp/terraform-provider-aws/issues/50110
    accepted:
      "false where mfa is required: Cognito allows passkeys there only with a setting (FactorConfiguration) that the AWS provider lacks",
    fit: ({ passkeys, mfa }) => !passkeys || mfa !== "required",
  },
  {
    of: ["mailIdentityArn", "mailFrom"],
    wrong: "mailFrom",
    accepted: "an address where mailIdentityArn is a domain's: Cognito sends from one",
    fit: ({ mailIdentityArn, mailFrom }) =>
      mailFrom !== undefined || typeof mailIdentityArn !== "string" || isAddress(identityIn(mailIdentityArn)),
  },
  {
    of: ["mailIdentityArn", "mailFrom"],
    wrong: "mailFrom",
    accepted: "an address that mailIdentityArn covers",
    fit: ({ mailIdentityArn, mailFrom }) =>
      mailFrom === undefined ||
      (typeof mailIdentityArn === "string" && isOf(identityIn(mailIdentityArn), mailFrom)),
  },
]);

export interface UserPoolArgs extends Given<typeof userPoolOptions> {
  /** Keeps the users when the stack is destroyed. */
  keepData: boolean;
  /** The path of the pool's ids in SSM Parameter Store, such as `/groundwork/dev`. */
  parameterPath: string;
  /** The site's domain name, to which passkeys are bound. @default none, and so no passkeys */
  siteName?: string;
  /** The web servers that read those ids. @default nobody */
  web?: WebLike;
}

/** The users of a stack, as seen by an API that checks their tokens. */
export interface UserPoolLike {
  readonly userPoolId: pulumi.Input<string>;
  readonly userPoolArn: pulumi.Input<string>;
}
