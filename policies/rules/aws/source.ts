import type { Basis } from "./documented";

/** How a rule is known, and of which types it speaks. */
export interface Source {
  basis: Basis[];
  types: string[];
  /** AWS's own, or the thread that tells of a refusal. */
  pages: string[];
}
