import { z } from "zod";
import { MFA_MODES } from "../../components/identity/pool-arguments";
import { by, Environment, whole } from "./environment";

export const identitySettings = (environment: Environment) =>
  z.strictObject({
    /** Whether anybody may make an account, or only admins make them. */
    selfSignUp: z.boolean().default(by(environment, { dev: true, stag: true, prod: false })),
    mfa: z.enum(MFA_MODES).default(by(environment, { dev: "optional", stag: "optional", prod: "required" })),
    threatProtection: z.boolean().default(by(environment, { dev: false, stag: false, prod: true })),
    passwordMinimumLength: whole(8, 99).default(12),
    accessTokenMinutes: whole(5, 1_440).default(30),
    refreshTokenDays: whole(1, 3_650).default(by(environment, { dev: 30, stag: 7, prod: 1 })),
    /** The SES identity that sends the pool's mail, for more than 50 mails a day. */
    mailIdentityArn: z.string().startsWith("arn:").optional(),
  });
