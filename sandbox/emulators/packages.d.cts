/** An installed set of emulators: the interpreter, and the folder that its packages lie in. */
export interface Python {
  interpreter: string;
  packages: string;
}
/** What the person at the keyboard can put right. */
export class Missing extends Error {}
export function installPackages(
  progress?: (line: string) => void,
  /** @default the emulators */
  packages?: { requirements: string; what: string },
): Promise<Python>;
export function findPython(): Promise<{ command: string; version: string }>;
