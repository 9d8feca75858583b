import type * as aws from "@pulumi/aws";
import type { UserPoolArgs } from "./user-pool";

export const MFA_MODES = ["off", "optional", "required"] as const;
export type MfaMode = (typeof MFA_MODES)[number];

const MFA = { off: "OFF", optional: "OPTIONAL", required: "ON" };

/** The pool as Cognito takes it. What stands under `schemas` can never be changed or removed, only added to. */
export function poolArguments(args: UserPoolArgs): aws.cognito.UserPoolArgs {
  const mfa = args.mfa ?? "optional";
  const threatProtection = args.threatProtection ?? false;
  return {
    usernameAttributes: ["email"],
    autoVerifiedAttributes: ["email"],
    usernameConfiguration: { caseSensitive: false },
    adminCreateUserConfig: { allowAdminCreateUserOnly: !(args.selfSignUp ?? false) },
    passwordPolicy: {
      minimumLength: args.passwordMinimumLength ?? 12,
      requireLowercase: true,
      requireUppercase: true,
      requireNumbers: true,
      requireSymbols: true,
      temporaryPasswordValidityDays: 3,
    },
    mfaConfiguration: MFA[mfa],
    softwareTokenMfaConfiguration: mfa === "off" ? undefined : { enabled: true },
    accountRecoverySetting: { recoveryMechanisms: [{ name: "verified_email", priority: 1 }] },
    // A changed address takes over the account's mail: it counts only once its owner has answered from it.
    userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdates: ["email"] },
    // Threat protection is sold with the Plus plan only.
    userPoolTier: threatProtection ? "PLUS" : "ESSENTIALS",
    userPoolAddOns: { advancedSecurityMode: threatProtection ? "ENFORCED" : "OFF" },
    deletionProtection: args.keepData ? "ACTIVE" : "INACTIVE",
    emailConfiguration: args.mailIdentityArn
      ? { emailSendingAccount: "DEVELOPER", sourceArn: args.mailIdentityArn }
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
