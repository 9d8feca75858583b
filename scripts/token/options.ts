import { parseArgs } from "node:util";
import { Problem } from "../../sandbox/problem";

export const USAGE = `npm run --silent token -- --stack STACK [--email ADDRESS]

Signs somebody in at the stack's user pool, and prints an id token for its APIs: only that on standard output.

  --stack STACK      a stack that is up (\`pulumi stack output\`); sandbox: the one that npm start runs
  --email ADDRESS    who signs in; asked for if it is left out

The password is asked for, and the code of an authenticator app if there is one. A program writes each to standard input, on a line of
its own. Neither is taken as an argument, which everybody on the machine could read.
`;

export interface Options {
  stack: string;
  email?: string;
}

export function readOptions(args: string[]): Options {
  const text = { type: "string" } as const;
  const { stack, email } = parsed(
    () => parseArgs({ args, options: { stack: text, email: text }, strict: true }).values,
  );
  if (!stack) throw new Problem(`Say whose pool: --stack with a stack that is up.\n\n${USAGE}`);
  return { stack, email };
}

function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch {
    // The error does not repeat the input: it may be a password.
    throw new Problem(`Only --stack and --email are taken, each with its value.\n\n${USAGE}`);
  }
}
