import type { Settings } from "./ports";

/** A project's address in the console, which asks for a login; nothing in an e-mail grants access. */
export const pageOf = ({ consoleUrl }: Pick<Settings, "consoleUrl">, { id }: { id: string }, query = "") =>
  `${consoleUrl}/console?project=${id}${query}`;
