/** "role action" of each right that the emulators' lines tell as used. */
export function usedIn(lines: string): Set<string>;
