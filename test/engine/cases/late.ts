import type { Account } from "../account/account";
import type { Inputs } from "../account/rule";

/** Arguments that may depend on what was put into the account before. */
export type Late = Inputs | ((account: Account) => Inputs);
export const now = (inputs: Late, account: Account): Inputs =>
  typeof inputs === "function" ? inputs(account) : inputs;

export const VPC = "vpc-0000001-id";
export const QUEUE = "arn:aws:sqs:eu-west-1:123456789012:q";
