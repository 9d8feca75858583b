import { parseArgs, type ParseArgsConfig } from "node:util";
import { endWith } from "../sandbox/ending";
import { Problem } from "../sandbox/problem";
import { type State, readState } from "../sandbox/state";
import { Refusal } from "./stack.cjs";

interface Command {
  usage: string;
  run(args: string[]): Promise<number>;
  /** The prefix of an unexpected error. */
  failed: string;
}

/** Runs one of our commands to its end: prints its usage on request, and reports a problem in one sentence. */
export function runCommand({ usage, run, failed }: Command): void {
  const args = process.argv.slice(2);
  const work = async () => {
    if (!args.some((one) => /^(-h|--help)$/.test(one))) return run(args);
    process.stdout.write(`${usage}\n`);
    return 0;
  };
  endWith(
    work().catch((error: unknown) => {
      throw error instanceof Refusal ? new Problem(error.message) : error;
    }),
    failed,
  );
}

/** The arguments; refuses unknown ones and shows the usage below. */
export function readArguments<T extends ParseArgsConfig>(usage: string, config: T) {
  try {
    return parseArgs({ ...config, strict: true } as T & { strict: true });
  } catch (error) {
    throw new Problem(`${(error as Error).message.split(". ")[0]}.\n\n${usage}`);
  }
}

/** The running sandbox. From here on this process calls its emulators instead of AWS. */
export function atSandbox(): State {
  const state = readState();
  Object.assign(process.env, state.environment);
  return state;
}
