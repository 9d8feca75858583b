import { type ChildProcess, spawn } from "node:child_process";

export interface Running {
  pid: number;
  /** Its output; rejects with its first error, or else with its last line. */
  done: Promise<string>;
}

export interface RunOptions {
  uid?: number;
  gid?: number;
  /** Its own process group, by which everything it starts can be ended. */
  group?: boolean;
}

/** Runs a program whose log goes to ours. */
export function start([command, ...words]: string[], { group, ...user }: RunOptions = {}): Running {
  const child = spawn(command!, words, {
    ...user,
    // The user that it runs as may have no access to the folder we were started from.
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
    // pgBackRest names the error first and then says that it ends; PostgreSQL names it last.
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
