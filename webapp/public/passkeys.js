import { Refused } from "./ask.js";
import { forPeople } from "./words.js";

/** Whether this browser has passkeys and their JSON methods. */
export const hasPasskeys = () =>
  typeof PublicKeyCredential === "function" &&
  "parseCreationOptionsFromJSON" in PublicKeyCredential &&
  "parseRequestOptionsFromJSON" in PublicKeyCredential;

/**
 * The browser's answer with a passkey, in the server's format.
 * @param {Credential | null} credential
 */
export function asJson(credential) {
  if (credential instanceof PublicKeyCredential) return credential.toJSON();
  throw new Error(`The browser must answer with a passkey, got ${credential?.type ?? "nothing"}.`);
}

/**
 * The message about an error, for a person: the server's own, or ours for the browser's errors. Our own faults are rethrown.
 * @param {unknown} error
 * @param {Record<string, string>} words for the browser's own refusals, by their names
 */
export function passkeyProblem(error, words) {
  if (error instanceof Refused) return forPeople(error.message);
  if (error instanceof DOMException && words[error.name]) return words[error.name] ?? "";
  throw error;
}
