import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { Given, input, options, whole } from "../shared/options";
import type { WebLike } from "../web/args";

export const MFA_MODES = ["off", "optional", "required"] as const;
export type MfaMode = (typeof MFA_MODES)[number];

export const userPoolOptions = options({
  selfSignUp: z
    .boolean()
    .default(false)
    .describe("Whether anybody may make an account, or only admins make them"),
  mfa: z
    .enum(MFA_MODES)
    .default("optional")
    .describe("Whether people must, may or cannot have a second factor by an authenticator app"),
  threatProtection: z
    .boolean()
    .default(false)
    .describe(
      "Refuses stolen passwords and risky sign-ins; needs Cognito's Plus plan, about 0.02 USD a user and month",
    ),
  passwordMinimumLength: whole(8, 99).default(12).describe("The shortest password"),
  accessTokenMinutes: whole(5, 1_440)
    .default(30)
    .describe("How long a token is valid, and so the session of somebody who was disabled"),
  refreshTokenDays: whole(1, 3_650)
    .default(7)
    .describe("How long a person stays signed in without giving the password again"),
  mailIdentityArn: input(z.string().startsWith("arn:", "the ARN of an SES identity"))
    .optional()
    .describe("The SES identity that sends the pool's mail; Cognito's own sends 50 a day"),
});

export interface UserPoolArgs extends Given<typeof userPoolOptions> {
  /** Keeps the users when the stack goes. */
  keepData: boolean;
  /** Where the pool's ids are found in SSM Parameter Store, such as `/groundwork/dev`. */
  parameterPath: string;
  /** The web servers, which read those ids. @default nobody */
  web?: WebLike;
}

/** The people of a stack, as an API knows them that lets them in. */
export interface UserPoolLike {
  readonly userPoolId: pulumi.Input<string>;
  readonly userPoolArn: pulumi.Input<string>;
}
