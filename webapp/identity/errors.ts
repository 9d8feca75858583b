import { Refusal } from "../refusal";

const WRONG_CODE = "the code is wrong or has expired: check it, or request a new one";

const OTHER_SITE = "this passkey was made for another site: open this one by its own name, and add one there";

export const wrongCode = () => new Refusal(400, WRONG_CODE, { field: "code" });

/** A refusal by the pool, with the pool's own name for it. */
export class PoolRefusal extends Refusal {
  constructor(
    readonly reason: string,
    status: number,
    message: string,
    field?: string,
  ) {
    super(status, message, { field });
  }
}

/** Cognito's refusals, in words that tell a person what to do, and a stranger nothing about who has an account. */
const REFUSALS: Record<string, [status: number, message: string, field?: string]> = {
  NotAuthorizedException: [401, "the e-mail address or the password is wrong"],
  UserNotFoundException: [401, "the e-mail address or the password is wrong"],
  UsernameExistsException: [409, "this e-mail address has an account", "email"],
  UserNotConfirmedException: [
    403,
    "this e-mail address is not confirmed yet: enter the code that was sent to it",
  ],
  PasswordResetRequiredException: [
    403,
    'the password must be reset: choose "I forgot my password" at /login',
  ],
  InvalidPasswordException: [
    400,
    "password must have upper and lower case letters, digits and symbols, and at least the length that the form names",
    "password",
  ],
  CodeMismatchException: [400, WRONG_CODE, "code"],
  ExpiredCodeException: [400, WRONG_CODE, "code"],
  EnableSoftwareTokenMFAException: [400, WRONG_CODE, "code"],
  InvalidParameterException: [400, "the input is not accepted: check the e-mail address and the password"],
  AliasExistsException: [409, "this e-mail address belongs to another account", "email"],
  LimitExceededException: [429, "too many attempts: wait a few minutes and try again"],
  TooManyRequestsException: [429, "too many attempts: wait a few minutes and try again"],
  TooManyFailedAttemptsException: [429, "too many attempts: wait a few minutes and try again"],
  WebAuthnNotEnabledException: [409, "passkeys are off here"],
  WebAuthnConfigurationMissingException: [409, "passkeys are off here"],
  WebAuthnChallengeNotFoundException: [409, "adding this passkey took too long: start again"],
  WebAuthnCredentialNotSupportedException: [
    400,
    "this kind of passkey is not accepted: make one on another device, or by another password manager",
  ],
  WebAuthnOriginNotAllowedException: [400, OTHER_SITE],
  WebAuthnRelyingPartyMismatchException: [400, OTHER_SITE],
  WebAuthnClientMismatchException: [400, OTHER_SITE],
  CodeDeliveryFailureException: [503, "the e-mail could not be sent: try again in a moment"],
};

/** The refusal for a Cognito error; any other error stays unchanged, for the log. */
export function refusalOf(error: unknown): unknown {
  const { name } = error as Error;
  const known = REFUSALS[name];
  if (!known) return error;
  const [status, message, field] = known;
  return new PoolRefusal(name, status, message, field);
}
