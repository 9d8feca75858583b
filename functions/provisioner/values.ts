import { randomBytes } from "node:crypto";
import type { GIVEN } from "./fields";

type Texts = Record<string, string>;
/** A request's part of one list of names: a value each, or null to remove one. */
type Said = Record<string, string | null>;
export type Given = Partial<Record<(typeof GIVEN)[number], Said>>;

/** A project's whole program environment, as the vault keeps it. */
export interface Values {
  /** Values that its kind needs and nobody has to choose, such as the key that signs its sessions. */
  made: Texts;
  variables: Texts;
  secrets: Texts;
}

const merged = (before: Texts, said: Said = {}): Texts =>
  Object.fromEntries(
    Object.entries({ ...before, ...said }).filter((entry): entry is [string, string] => entry[1] !== null),
  );

/** The previous values, with the new ones applied. */
export const withGiven = ({ made, variables, secrets }: Values, given: Given): Values => ({
  made,
  variables: merged(variables, given.variables),
  secrets: merged(secrets, given.secrets),
});

/** From a request that has been validated. */
export const givenIn = ({ variables, secrets }: Record<string, unknown>) => ({ variables, secrets }) as Given;

/** Random texts under these names: 256 bits each, of letters and digits only, so that nothing must quote them. */
export const freshValues = (names: string[] = []): Values => ({
  made: Object.fromEntries(names.map((name) => [name, randomBytes(32).toString("hex")])),
  variables: {},
  secrets: {},
});
