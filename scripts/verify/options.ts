import { Problem } from "../../sandbox/problem";
import { readArguments } from "../command";

export const USAGE = `npm run verify -- --stack STACK [OPTIONS]

Checks the promises of a running stack with HTTPS, tokens and the AWS SDK, and reports what it saw. First it says what it will do, how
long that takes and what it costs, and asks. Removes what it created, also after Ctrl-C, and checks that it is gone.

  --stack STACK      a stack that is up (\`pulumi stack output\`); sandbox: the one that npm start runs
  --only WORDS       only the promises with these words in their names
  --slow             also what takes minutes: load until the group grows, a release and its rollback, a project with a server, dead letters
  --faults           also switches the database over, and terminates a web server and the database's active node
  --email ADDRESS    who signs in; asked for if left out. The password is asked for, or read from standard input.
                     In the sandbox: its member
  --repository URL   a public repository with a page, for a static project; in the sandbox: its starter
  --server-repository URL   the same with a server on Node; in the sandbox: its starter
  --sign-up ADDRESS  an address without an account, whose mail you can read: it gets an account, which is removed; in the sandbox: an invented one
  --full             from nothing to nothing, on AWS: up, all checks, settings changed and changed back, destroy, and nothing left. Needs a dev or
                     stag stack that is not up and keeps no data; --email names its first account
  --report FOLDER    writes a report there, as Markdown and JSON
  --yes              begins without a question
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
  if (!stack) throw new Problem(`Name the stack to verify with --stack; it must be up.\n\n${USAGE}`);
  for (const [name, value] of Object.entries({ only: values.only, report }))
    if (value?.trim() === "") throw new Problem(`--${name} must not be empty, got nothing.`);
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
