export interface Interpreter {
  /** Its own path, whatever script its name leads to. */
  interpreter: string;
  /** Where it is installed. */
  prefix: string;
}
/** An interpreter, and the folder in which installed packages are. */
export interface Python extends Interpreter {
  packages: string;
}
/** What the person at the keyboard can put right. */
export class Missing extends Error {}
export function installPackages(
  progress?: (line: string) => void,
  /** @default the emulators */
  packages?: { requirements: string; what: string },
): Promise<Python>;
export function findPython(): Promise<Interpreter & { version: string }>;
