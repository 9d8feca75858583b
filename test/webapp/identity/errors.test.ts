import assert from "node:assert/strict";
import { PoolRefusal, refusalOf } from "../../../webapp/identity/errors";

const told: Record<string, [status: number, words: RegExp, field?: string]> = {
  NotAuthorizedException: [401, /password is wrong/],
  UserNotFoundException: [401, /password is wrong/],
  UserNotConfirmedException: [403, /not confirmed/],
  PasswordResetRequiredException: [403, /must be reset/],
  UsernameExistsException: [409, /has an account/, "email"],
  InvalidPasswordException: [400, /letters, digits and symbols/, "password"],
  CodeMismatchException: [400, /code is wrong or has expired/, "code"],
  ExpiredCodeException: [400, /code is wrong or has expired/, "code"],
  EnableSoftwareTokenMFAException: [400, /code is wrong or has expired/, "code"],
  InvalidParameterException: [400, /not accepted/],
  AliasExistsException: [409, /belongs to another account/, "email"],
  LimitExceededException: [429, /too many attempts/],
  TooManyRequestsException: [429, /too many attempts/],
  TooManyFailedAttemptsException: [429, /too many attempts/],
  WebAuthnNotEnabledException: [409, /passkeys are off/],
  WebAuthnConfigurationMissingException: [409, /passkeys are off/],
  WebAuthnChallengeNotFoundException: [409, /took too long: start again/],
  WebAuthnCredentialNotSupportedException: [400, /kind of passkey is not accepted/],
  WebAuthnOriginNotAllowedException: [400, /made for another site/],
  WebAuthnRelyingPartyMismatchException: [400, /made for another site/],
  WebAuthnClientMismatchException: [400, /made for another site/],
  CodeDeliveryFailureException: [503, /could not be sent/],
};

describe("a refusal of the pool", () => {
  for (const [name, [status, words, field]] of Object.entries(told))
    it(`is answered with ${status} for ${name}`, () => {
      const refused = refusalOf(Object.assign(new Error("internal"), { name }));
      assert.ok(refused instanceof PoolRefusal);
      assert.deepEqual([refused.reason, refused.statusCode, refused.field], [name, status, field]);
      assert.match(refused.message, words);
    });

  it("is the same for a wrong password and for an unknown person", () => {
    const [wrong, unknown] = ["NotAuthorizedException", "UserNotFoundException"].map((name) => {
      const { statusCode, message } = refusalOf(Object.assign(new Error(), { name })) as PoolRefusal;
      return { statusCode, message };
    });
    assert.deepEqual(wrong, unknown);
  });

  it("stays an internal error if nobody could do anything about it", () => {
    const error = new Error("the network is gone");
    assert.equal(refusalOf(error), error);
  });
});
