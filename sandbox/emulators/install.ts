import { messageOf, Problem } from "../problem";
import { findPython, installPackages, Missing, Python } from "./packages.cjs";

export type { Python };

/** The pinned emulators, installed into .sandbox/ when they are not there yet. */
export async function installEmulators(progress: (line: string) => void = () => {}): Promise<Python> {
  return installPackages(progress).catch((error: unknown) => {
    throw error instanceof Missing ? new Problem(error.message) : error;
  });
}

/** Whether this machine has what the emulators need; else the sentence that says what to install. */
export async function missingPython(): Promise<string | undefined> {
  return findPython().then(
    () => undefined,
    (error: unknown) => messageOf(error),
  );
}
