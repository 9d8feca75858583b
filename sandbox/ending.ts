import { messageOf, Problem, sleep } from "./problem";

/** What the person at the keyboard is told of an error: what to put right, or what failed, and where only if asked for. */
export function told(what: string, error: unknown): string {
  if (error instanceof Problem) return error.message;
  if (process.env["DEBUG"] && error instanceof Error) return `${what}: ${error.stack}`;
  return `${what}: ${messageOf(error)} (DEBUG=1 shows where).`;
}

/** Ends this process with the code that its work ends with. */
export function endWith(work: Promise<number>, failed: string): void {
  work.then(
    (code) => process.exit(code),
    (error: unknown) => {
      console.error(told(failed, error));
      process.exit(1);
    },
  );
}

/**
 * Resolves at the first Ctrl-C, or when the terminal is closed; a second Ctrl-C ends the process where it stands, and the next start
 * cleans up. Rejects with an error that nobody caught, so that whoever waits takes down what runs.
 */
export function stopAsked(): Promise<void> {
  const asked = new Promise<void>((resolve, reject) => {
    process.on("uncaughtException", reject);
    // Who writes to a terminal that is gone dies of it, unless he hears of it.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => resolve());
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.on(signal, () => {
        resolve();
        void sleep(200).then(() => process.once(signal, () => process.exit(130)));
      });
  });
  asked.catch(() => {}); // whoever awaits it hears of it
  return asked;
}
