import { messageOf, Problem } from "../problem";
import { findPython, installPackages, Missing, Python } from "./packages.cjs";

export type { Python };

/** The pinned emulators, installed into .sandbox/ if they are missing. */
export async function installEmulators(progress: (line: string) => void = () => {}): Promise<Python> {
  return installPackages(progress).catch((error: unknown) => {
    throw error instanceof Missing ? new Problem(error.message) : error;
  });
}

/** Checks whether this machine has what the emulators need; otherwise a sentence says what to install. */
export async function missingPython(): Promise<string | undefined> {
  return findPython().then(
    () => undefined,
    (error: unknown) => messageOf(error),
  );
}
