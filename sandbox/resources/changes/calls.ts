import { Changing, Remove, Update } from "../../engine/types";

/** For calls that put a thing there whether or not it is there. */
export const again: Update = (r) => r.again();

/** What belongs to something else, and goes with it. */
export const withItsOwner: Remove = () => Promise.resolve();

/** Only its name stands, and nothing behind it. */
export const record: Changing = { update: () => Promise.resolve(), remove: withItsOwner };

/** A removal of what may be gone already, as it went with something else. */
export async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!isAbsent(error as Error)) throw error;
    return undefined;
  }
}

/** Whether an API refused something because it is not there. */
export const isAbsent = ({ name, message }: Error): boolean =>
  /NotFound|NoSuch|NonExistent|DoesNotExist|Unknown|not.?exist/i.test(`${name} ${message}`);

/** What a list has gained, and what it has lost. */
export function moved<T>(before: T[] = [], now: T[] = []): { added: T[]; gone: T[] } {
  return {
    added: now.filter((one) => !before.includes(one)),
    gone: before.filter((one) => !now.includes(one)),
  };
}
