/** What was sent, before anybody has judged it. */
export type Body = Record<string, unknown>;

/** A body or a dropped file as an object, or nothing. */
export function parsed(text: string | null | undefined): Body | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Body) : undefined;
  } catch {
    return undefined;
  }
}

/** What was got, fit to be told. */
export const shown = (value: unknown) =>
  value === undefined ? "nothing" : JSON.stringify(value).slice(0, 100);
