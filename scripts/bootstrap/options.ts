import { Problem } from "../../sandbox/problem";
import { readArguments } from "../command";

export const USAGE = `npm run bootstrap -- --stack STACK [OPTIONS]

Makes what Pulumi needs in an AWS account before the first \`up\`: a bucket for its state and a key for the stack's secrets; and, if
you want it, a budget that tells by mail what the account costs. Shows first what is there and what it would make, and asks.

  --stack STACK      the stack that is to be brought up there
  --region REGION    where bucket and key are to be: by default aws:region in the stack's file
  --bucket NAME      the bucket's name, when somebody else has taken the usual one
  --budget USD       what the account may cost a month before a mail is sent; with --email
  --email ADDRESS    who gets that mail
  --yes              asks nothing, for a script: without --budget there is none
  --no-quotas        does not ask whether the account's quotas suffice for the stack
`;

export interface Options {
  stack?: string;
  region?: string;
  bucket?: string;
  budget?: Budget;
  yes: boolean;
  quotas: boolean;
}

export interface Budget {
  usd: number;
  email: string;
}

export function readOptions(args: string[]): Options {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const named = { stack: text, region: text, bucket: text, budget: text, email: text };
  const { values } = readArguments(USAGE, { args, options: { ...named, yes: flag, "no-quotas": flag } });
  const { stack, region, bucket, budget, email, yes } = values;
  if (region !== undefined) checked(region, "region", REGION, "an AWS region such as eu-west-1");
  if (bucket !== undefined)
    checked(bucket, "bucket", BUCKET, "3 to 63 of a-z, 0-9 and -, begun and ended by a letter or digit");
  if ((budget === undefined) !== (email === undefined))
    throw new Problem("--budget and --email go together: what a month may cost, and who is told.");
  return {
    ...{ stack, region, bucket, yes, quotas: !values["no-quotas"] },
    ...(budget !== undefined && { budget: { usd: usdOf(budget), email: emailOf(email!) } }),
  };
}

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;
/** A dot in a bucket's name breaks TLS to it. */
const BUCKET = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

function checked(value: string, name: string, accepted: RegExp, words: string): string {
  if (!accepted.test(value)) throw new Problem(`--${name} must be ${words}, got ${value || "nothing"}.`);
  return value;
}

export const usdOf = (text: string) =>
  Number(checked(text, "budget", /^[1-9]\d{0,6}$/, "a whole number of USD from 1 to 9999999"));

export const emailOf = (text: string) =>
  checked(text, "email", /^[^\s@]+@[^\s@]+\.[^\s@]+$/, "an e-mail address");
