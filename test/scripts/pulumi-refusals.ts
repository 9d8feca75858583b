// What our commands say of wrong arguments, in the project of test/scripts/pulumi.test.ts.
import { ACCOUNT } from "../sts";

export const REFUSALS: [title: string, args: string[], message: string, env?: Record<string, string>][] = [
  ["an unknown verb", ["deploy"], "Say what to do: one of up, preview, destroy."],
  ["no stack", ["up"], "Say which stack: --stack with one of dev, prod, strange, unsaid."],
  [
    "an option in the stack's place",
    ["up", "--stack", "--yes"],
    "Say which stack: --stack with one of dev, prod, strange, unsaid.",
  ],
  [
    "a stack without settings",
    ["up", "--stack", "test"],
    "There is no stack test: Pulumi.test.yaml would hold its settings. There are dev, prod, strange, unsaid.",
  ],
  [
    "the sandbox's stack in an organization",
    ["up", "--stack", "acme/sandbox"],
    "Pulumi.sandbox.yaml stands for this machine: npm start runs it, or npm run up -- --stack sandbox. There are dev, prod, strange, unsaid.",
  ],
  [
    "no credentials",
    ["up", "--stack", "dev"],
    "No AWS credentials that work: Could not load credentials from any providers. Run `aws sso login`, or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    {},
  ],
  [
    "another account",
    ["up", "--stack", "strange"],
    `These credentials are for account ${ACCOUNT}, and stack strange belongs to 999999999999 (aws:allowedAccountIds in Pulumi.strange.yaml).`,
  ],
  [
    "a second stack",
    ["destroy", "--stack", "dev", "-yfsprod"],
    "--stack must be given once, got dev and prod: the CLI would take the last.",
  ],
  [
    "another project's stack",
    ["destroy", "--stack", "acme/billing/dev"],
    "--stack must be STACK, ORGANIZATION/STACK or ORGANIZATION/groundwork/STACK, got acme/billing/dev: the settings of other projects are not here.",
  ],
  [
    "to destroy what does not say which environment it is",
    ["destroy", "--stack", "unsaid"],
    "Stack unsaid is a prod environment, or does not say that it is none: destroying it takes --yes-really. What holds data stays protected even then, until keepData is false and applied.",
  ],
  [
    "an option without its value",
    ["up", "--stack", "dev", "--message="],
    "--message must have a value, got none.",
  ],
  [
    "a word with a value",
    ["destroy", "--stack", "prod", "--yes-really=no"],
    "--yes-really must stand alone, got no.",
  ],
];
