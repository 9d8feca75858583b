import { Changing, Remove, Update } from "../../engine/types";

/** For calls that create or overwrite. */
export const again: Update = (r) => r.again();

/** What belongs to another resource, and is deleted with it. */
export const withItsOwner: Remove = () => Promise.resolve();

/** Only its name exists, with nothing behind it. */
export const record: Changing = { update: () => Promise.resolve(), remove: withItsOwner };

/** Deletes what may already be gone, because it went with something else. */
export async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!isAbsent(error as Error)) throw error;
    return undefined;
  }
}

/** Whether an API refused a call because the thing does not exist. */
export const isAbsent = ({ name, message }: Error): boolean =>
  /NotFound|NoSuch|NonExistent|DoesNotExist|Unknown|not.?exist/i.test(`${name} ${message}`);

/** A list's additions and removals. */
export function moved<T>(before: T[] = [], now: T[] = []): { added: T[]; gone: T[] } {
  return {
    added: now.filter((one) => !before.includes(one)),
    gone: before.filter((one) => !now.includes(one)),
  };
}
