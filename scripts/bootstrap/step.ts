import { Problem } from "../../sandbox/problem";

/** A resource that Pulumi needs in the account. */
export interface Step {
  /** What it is, and how it must be configured. */
  what: string;
  there: boolean;
  /** Creates it; resolves when it is done. */
  make(): Promise<unknown>;
}

const REFUSED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|Forbidden)$/;

/** A call to AWS; if the credentials do not allow it, the error names the missing right. */
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

/** A call's answer; undefined if AWS reports by one of these errors that the thing does not exist. */
export async function unless<T>(absent: string[], call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (absent.includes((error as Error).name)) return undefined;
    throw error;
  }
}
