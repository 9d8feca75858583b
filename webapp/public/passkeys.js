import { Refused } from "./ask.js";
import { forPeople } from "./words.js";

/** Whether this browser has passkeys and their JSON methods. */
export const hasPasskeys = () =>
  typeof PublicKeyCredential === "function" &&
  "parseCreationOptionsFromJSON" in PublicKeyCredential &&
  "parseRequestOptionsFromJSON" in PublicKeyCredential;

/**
 * What the browser made of a passkey, as the server takes it.
 * @param {Credential | null} credential
 */
export function asJson(credential) {
  if (credential instanceof PublicKeyCredential) return credential.toJSON();
  throw new Error(`The browser must answer with a passkey, got ${credential?.type ?? "nothing"}.`);
}

/**
 * What to tell a person of what went wrong: the server's words, or the browser's in ours. A fault of ours is thrown on.
 * @param {unknown} error
 * @param {Record<string, string>} words for the browser's own refusals, by their names
 */
export function passkeyProblem(error, words) {
  if (error instanceof Refused) return forPeople(error.message);
  if (error instanceof DOMException && words[error.name]) return words[error.name] ?? "";
  throw error;
}
