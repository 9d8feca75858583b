import { Problem } from "../../sandbox/problem";
import { readArguments } from "../command";

export const USAGE = `npm run verify -- --stack STACK [OPTIONS]

Asks a running stack for what it promises, by HTTPS, tokens and the AWS SDK, and says what was seen. Tells first what it will do, how
long that takes and what it costs, and asks. Removes what it made, also after Ctrl-C, and checks that it is gone.

  --stack STACK      a stack that is up (\`pulumi stack output\`); sandbox: the one that npm start runs
  --only WORDS       only the promises with these words in their names
  --slow             also what takes minutes: load until the group grows, a release and back, a server's project, dead letters
  --faults           also moves the database, ends a web server and the database's active node, and sees what follows
  --email ADDRESS    who signs in, asked for if it is left out; the password is asked for, or read from standard input.
                     In the sandbox: its member
  --repository URL   a public repository with a page in it, to make a static project of; in the sandbox: its starter
  --server-repository URL   the same with a server on Node; in the sandbox: its starter
  --sign-up ADDRESS  an address without an account whose mail you read: it gets one, which is removed; in the sandbox: one that is made up
  --full             from nothing to nothing, on AWS: up, all that is asked, a setting there and back, destroy, and nothing left. Takes a dev or
                     stag stack that is not up and keeps no data; --email says whose its first account is
  --report FOLDER    writes what was seen there, as Markdown and JSON
  --yes              begins without asking
`;

export interface Options {
  stack: string;
  only: string;
  slow: boolean;
  faults: boolean;
  full: boolean;
  email?: string;
  signUp?: string;
  repository?: string;
  serverRepository?: string;
  report?: string;
  yes: boolean;
}

export function readOptions(args: string[]): Options {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const texts = { stack: text, only: text, email: text, "sign-up": text, report: text };
  const repositories = { repository: text, "server-repository": text };
  const flags = { slow: flag, faults: flag, full: flag, yes: flag };
  const { values } = readArguments(USAGE, { args, options: { ...texts, ...repositories, ...flags } });
  const { stack, only = "", email, "sign-up": signUp, report, slow, faults, full, yes } = values;
  const { repository, "server-repository": serverRepository } = values;
  if (!stack) throw new Problem(`Say what to verify: --stack with a stack that is up.\n\n${USAGE}`);
  for (const [name, value] of Object.entries({ only: values.only, report }))
    if (value?.trim() === "") throw new Problem(`--${name} must say something, got nothing.`);
  for (const [name, value] of Object.entries({ repository, "server-repository": serverRepository }))
    if (value !== undefined && !/^(https?:\/\/|git@)\S+$/.test(value))
      throw new Problem(`--${name} must begin with https:// or git@, got ${value || "nothing"}.`);
  if (signUp !== undefined && !/^[^@\s]+@[^@\s]+$/.test(signUp))
    throw new Problem(`--sign-up must be an e-mail address, got ${signUp || "nothing"}.`);
  const people = { email, signUp };
  return {
    stack,
    only: only.trim(),
    slow,
    faults,
    full,
    ...people,
    repository,
    serverRepository,
    report,
    yes,
  };
}
