import type { Basis } from "./documented";

/** How a rule is known, and which types it is about. */
export interface Source {
  basis: Basis[];
  types: string[];
  /** AWS's own page, or the thread that reports a refusal. */
  pages: string[];
}
