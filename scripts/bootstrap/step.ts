import { Problem } from "../../sandbox/problem";

/** Something that Pulumi needs in the account. */
export interface Step {
  /** What it is, and how it is to be. */
  what: string;
  there: boolean;
  /** Makes it; done when it resolves. */
  make(): Promise<unknown>;
}

const REFUSED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|Forbidden)$/;

/** A call to AWS; where the credentials may not make it, the right that is missing is named. */
export async function allowed<T>(right: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (REFUSED.test((error as Error).name))
      throw new Problem(
        `These credentials may not ${right}. Whoever has the right runs this, or gives it to you; a second run goes on from here.`,
      );
    throw error;
  }
}

/** What a call answers, or nothing where AWS says by one of these errors that there is no such thing. */
export async function unless<T>(absent: string[], call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (absent.includes((error as Error).name)) return undefined;
    throw error;
  }
}
