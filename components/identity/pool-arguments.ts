import type * as aws from "@pulumi/aws";
import { Complete } from "../shared/options";
import type { UserPoolArgs, userPoolOptions } from "./args";

export type CompleteArgs = UserPoolArgs & Complete<typeof userPoolOptions>;

const MFA = { off: "OFF", optional: "OPTIONAL", required: "ON" };

/** The pool's arguments for Cognito. Attributes under `schemas` can only be added, never changed or removed. */
export function poolArguments(args: CompleteArgs): aws.cognito.UserPoolArgs {
  const { mfa, threatProtection } = args;
  return {
    usernameAttributes: ["email"],
    autoVerifiedAttributes: ["email"],
    usernameConfiguration: { caseSensitive: false },
    adminCreateUserConfig: { allowAdminCreateUserOnly: !args.selfSignUp },
    passwordPolicy: {
      minimumLength: args.passwordMinimumLength,
      requireLowercase: true,
      requireUppercase: true,
      requireNumbers: true,
      requireSymbols: true,
      temporaryPasswordValidityDays: 3,
    },
    mfaConfiguration: MFA[mfa],
    softwareTokenMfaConfiguration: mfa === "off" ? undefined : { enabled: true },
    accountRecoverySetting: { recoveryMechanisms: [{ name: "verified_email", priority: 1 }] },
    // A changed address takes over the account's mail, so it counts only after its owner has confirmed it.
    userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdates: ["email"] },
    // Always set: Cognito would otherwise keep the pool's previous value.
    signInPolicy: { allowedFirstAuthFactors: ["PASSWORD", ...(args.passkeys ? ["WEB_AUTHN"] : [])] },
    // The device's own lock replaces the password.
    webAuthnConfiguration: args.passkeys
      ? { relyingPartyId: args.siteName, userVerification: "required" }
      : undefined,
    // Only the Plus plan includes threat protection.
    // Both plans include passkeys.
    userPoolTier: threatProtection ? "PLUS" : "ESSENTIALS",
    userPoolAddOns: { advancedSecurityMode: threatProtection ? "ENFORCED" : "OFF" },
    deletionProtection: args.keepData ? "ACTIVE" : "INACTIVE",
    emailConfiguration: args.mailIdentityArn
      ? {
          emailSendingAccount: "DEVELOPER",
          sourceArn: args.mailIdentityArn,
          fromEmailAddress: args.mailFrom,
        }
      : { emailSendingAccount: "COGNITO_DEFAULT" },
    schemas: [
      {
        name: "BusinessUnit",
        attributeDataType: "String",
        mutable: true,
        stringAttributeConstraints: { minLength: "1", maxLength: "128" },
      },
      {
        name: "Quota",
        attributeDataType: "Number",
        mutable: true,
        numberAttributeConstraints: { minValue: "0", maxValue: "1000000000" },
      },
    ],
  };
}
