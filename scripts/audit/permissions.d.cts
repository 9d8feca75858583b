/** "role action" of each permission that the emulators' lines tell as used. */
export function usedIn(lines: string): Set<string>;
