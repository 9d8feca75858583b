import { messageOf, Problem, sleep } from "./problem";

/** How an error looks to the person at the keyboard: what to fix, or what failed; the place only on request. */
export function told(what: string, error: unknown): string {
  if (error instanceof Problem) return error.message;
  if (process.env["DEBUG"] && error instanceof Error) return `${what}: ${error.stack}`;
  return `${what}: ${messageOf(error)} (DEBUG=1 shows where).`;
}

/** Ends this process with the exit code of its work. */
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
 * Resolves at the first Ctrl-C, or when the terminal closes; a second Ctrl-C ends the process immediately, and the next start cleans
 * up. Rejects with an error that nobody caught, so that the caller shuts down what runs.
 */
export function stopAsked(): Promise<void> {
  const asked = new Promise<void>((resolve, reject) => {
    process.on("uncaughtException", reject);
    // Writing to a closed terminal kills the process, unless it handles the error.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => resolve());
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.on(signal, () => {
        resolve();
        void sleep(200).then(() => process.once(signal, () => process.exit(130)));
      });
  });
  asked.catch(() => {}); // whoever awaits it gets the error
  return asked;
}
