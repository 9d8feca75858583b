import { Equivalent } from "./score";

/** Survivors that were looked at and cannot be killed; an entry that names none fails the run. */
export const EQUIVALENTS: Equivalent[] = [];
