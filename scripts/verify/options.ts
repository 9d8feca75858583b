import { Problem } from "../../sandbox/problem";
import { readArguments } from "../command";

export const USAGE = `npm run verify -- --stack STACK [OPTIONS]

Asks a running stack for what it promises, by HTTPS, tokens and the AWS SDK, and says what was seen. Tells first what it will do, how
long that takes and what it costs, and asks. Removes what it made, also after Ctrl-C, and checks that it is gone.

  --stack STACK      a stack that is up (\`pulumi stack output\`); sandbox: the one that npm start runs
  --only WORDS       only the promises with these words in their names
  --faults           also ends a web server and the database's active node, and sees what follows
  --email ADDRESS    who signs in, asked for if it is left out; the password is asked for, or read from standard input.
                     In the sandbox: its member
  --repository URL   a public repository with a page in it, to make a project of; in the sandbox: its starter
  --report FOLDER    writes what was seen there, as Markdown and JSON
  --yes              begins without asking
`;

export interface Options {
  stack: string;
  only: string;
  faults: boolean;
  email?: string;
  repository?: string;
  report?: string;
  yes: boolean;
}

export function readOptions(args: string[]): Options {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const named = { stack: text, only: text, email: text, repository: text, report: text };
  const { values } = readArguments(USAGE, { args, options: { ...named, faults: flag, yes: flag } });
  const { stack, only = "", faults, email, repository, report, yes } = values;
  if (!stack) throw new Problem(`Say what to verify: --stack with a stack that is up.\n\n${USAGE}`);
  for (const [name, value] of Object.entries({ only: values.only, report }))
    if (value?.trim() === "") throw new Problem(`--${name} must say something, got nothing.`);
  if (repository !== undefined && !/^(https?:\/\/|git@)\S+$/.test(repository))
    throw new Problem(`--repository must begin with https:// or git@, got ${repository || "nothing"}.`);
  return { stack, only: only.trim(), faults, email, repository, report, yes };
}
