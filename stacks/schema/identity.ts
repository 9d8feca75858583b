import { z } from "zod";
import { MFA_MODES } from "../../components/identity/pool-arguments";
import { by, Environment, whole } from "./environment";

export const identitySettings = (environment: Environment) =>
  z.strictObject({
    selfSignUp: z
      .boolean()
      .default(by(environment, { dev: true, stag: true, prod: false }))
      .describe("Whether anybody may make an account, or only admins make them"),
    mfa: z
      .enum(MFA_MODES)
      .default(by(environment, { dev: "optional", stag: "optional", prod: "required" }))
      .describe("Whether people must, may or cannot have a second factor by an authenticator app"),
    threatProtection: z
      .boolean()
      .default(by(environment, { dev: false, stag: false, prod: true }))
      .describe("Refuses stolen passwords and risky sign-ins; needs Cognito's Plus plan"),
    passwordMinimumLength: whole(8, 99).default(12).describe("The shortest password"),
    accessTokenMinutes: whole(5, 1_440)
      .default(30)
      .describe("How long a token is valid, and so the session of somebody who was disabled"),
    refreshTokenDays: whole(1, 3_650)
      .default(by(environment, { dev: 30, stag: 7, prod: 1 }))
      .describe("How long a person stays signed in without giving the password again"),
    mailIdentityArn: z
      .string()
      .startsWith("arn:")
      .optional()
      .describe("The SES identity that sends the pool's mail; Cognito's own sends 50 a day"),
  });
