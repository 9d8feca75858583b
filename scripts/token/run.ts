// npm run token -- --stack STACK: an id token for the stack's APIs.
import { runCommand } from "../command";
import { readOptions, USAGE } from "./options";
import { poolOf } from "./pool";
import { Questions } from "./questions";
import { signIn } from "./sign-in";

async function run(args: string[]): Promise<number> {
  const options = readOptions(args);
  const pool = poolOf(options.stack);
  const questions = new Questions();
  try {
    const email = options.email ?? (await questions.ask("E-mail address"));
    const password = await questions.ask("Password", { hidden: true });
    const token = await signIn(pool, {
      email,
      password,
      code: () => questions.ask("Code of the authenticator app"),
    });
    process.stdout.write(`${token}\n`);
    return 0;
  } finally {
    questions.close();
  }
}

runCommand({ usage: USAGE, run, failed: "No token" });
