import { data } from "./data";
import { Case } from "./ground";
import { others } from "./others";

/** What somebody changes by hand, of each type whose arguments a refresh reads. */
export const CASES: Record<string, Case> = { ...data, ...others };
