/** A program that breaks a rule, and what the rule says to it. */
export interface Violation {
  program: () => void;
  problems: string[];
  /** @default true */
  keepData?: boolean;
}
