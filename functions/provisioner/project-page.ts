import type { Settings } from "./ports";

/** Where a project is in the console, which asks for a login; nothing in a mail lets anybody in. */
export const pageOf = ({ consoleUrl }: Pick<Settings, "consoleUrl">, { id }: { id: string }, query = "") =>
  `${consoleUrl}/console?project=${id}${query}`;
