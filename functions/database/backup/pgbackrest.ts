import { type ChildProcess, spawn } from "node:child_process";

export interface Running {
  pid: number;
  /** What it wrote; fails with its first error, or else with the last thing that it said. */
  done: Promise<string>;
}

export interface RunOptions {
  uid?: number;
  gid?: number;
  /** A process group of its own, by which all that it starts can be ended. */
  group?: boolean;
}

/** A program, whose log goes to ours. */
export function start([command, ...words]: string[], { group, ...user }: RunOptions = {}): Running {
  const child = spawn(command!, words, {
    ...user,
    // Wherever we were started from may be closed to the user whom it runs as.
    cwd: "/",
    detached: group ?? false,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { pid: child.pid ?? 0, done: ended(child, command!) };
}

export const run = (words: string[], options?: RunOptions): Promise<string> => start(words, options).done;

function ended(child: ChildProcess, command: string): Promise<string> {
  let [out, wrong, last] = ["", "", ""];
  child.stdout!.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    process.stdout.write(text);
    const lines = text.trim().split("\n");
    // pgBackRest says what is wrong first, and then that it ends; PostgreSQL says it last.
    wrong ||= lines.find((line) => line.startsWith("ERROR")) ?? "";
    last = lines.at(-1) || last;
  });
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new Error(`${command} could not be run: ${error.message}`)));
    child.on("close", (code, signal) => {
      const why = wrong || last;
      if (code === 0) resolve(out);
      else reject(new Error(`${command} ended with ${signal ?? code}${why && `: ${why}`}`));
    });
  });
}
