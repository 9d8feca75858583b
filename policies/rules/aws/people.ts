import { each, list, Rules } from "../rule";

const POOL = "aws:cognito/userPool:UserPool";
const RISKS = "aws:cognito/riskConfiguration:RiskConfiguration";

const PASSKEY = "WEB_AUTHN";
/** A domain name: no scheme, no port, no IP address. */
const DOMAIN = /^(?=.{1,127}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z]([a-z0-9-]*[a-z0-9])?$/;

/** Whether it names a whole domain. Then nothing tells which address the mail comes from. */
const isOfDomain = (identityArn: unknown) => /:identity\/[^@]+$/.test(String(identityArn));

/** What Cognito refuses in a user pool, or accepts without effect. */
export const peopleRefusals: Rules = {
  // InvalidParameterException: "WEB_AUTHN cannot be used as an auth factor when MFA is enabled if not configured for MFA". The provider
  // has no argument for that configuration: https://github.com/hashicorp/terraform-provider-aws/issues/50110
  "allows passkeys only in pools that support them": each([POOL], ({ inputs }) => {
    const factors = list<string>(inputs.signInPolicy?.allowedFirstAuthFactors);
    if (!factors.includes(PASSKEY)) return false;
    if (inputs.userPoolTier === "LITE") return "allows passkeys, which Cognito's Lite tier does not support";
    if (inputs.mfaConfiguration === "ON") return "allows passkeys, but requires a second factor of everybody";
    return factors.length === 1 && "allows passkeys alone, so nobody can log in to add one";
  }),

  // https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html
  "binds passkeys to a site's name": each([POOL], ({ inputs }) => {
    if (!list<string>(inputs.signInPolicy?.allowedFirstAuthFactors).includes(PASSKEY)) return false;
    const site = inputs.webAuthnConfiguration?.relyingPartyId;
    if (site === undefined) return "allows passkeys, but names no site for them";
    return !DOMAIN.test(String(site)) && `binds passkeys to ${site}, which is not a domain name`;
  }),

  // https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_EmailConfigurationType.html
  "names a sender where a domain's identity sends mail": each([POOL, RISKS], ({ type, inputs }) => {
    const notify = inputs.accountTakeoverRiskConfiguration?.notifyConfiguration ?? {};
    const { emailSendingAccount, sourceArn, fromEmailAddress } = inputs.emailConfiguration ?? {};
    const [identity, from] =
      type === RISKS
        ? [notify.sourceArn, notify.from]
        : [emailSendingAccount === "DEVELOPER" ? sourceArn : undefined, fromEmailAddress];
    return (
      isOfDomain(identity) && !from && "sends mail by a domain's identity, but names no sender at that domain"
    );
  }),
};
