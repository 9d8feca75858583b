/** The request as sent, before any validation. */
export type Body = Record<string, unknown>;

/** A body or a dropped file as an object; undefined if it is none. */
export function parsed(text: string | null | undefined): Body | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Body) : undefined;
  } catch {
    return undefined;
  }
}

/** The received value in a form that an answer may show. */
export const shown = (value: unknown) =>
  value === undefined ? "nothing" : JSON.stringify(value).slice(0, 100);
