import type { UploadSettings } from "../identity/settings";
import { Refusal } from "../refusal";
import { nameProblem } from "./names";

/** Windows' names for these types, and everybody else's. */
const WINDOWS: [name: RegExp, type: string, known: string][] = [
  [/\.csv$/i, "application/vnd.ms-excel", "text/csv"],
  [/\.zip$/i, "application/x-zip-compressed", "application/zip"],
];

/** The type that a file is stored under; refuses a file whose name or type the stack does not accept. */
export function accept(
  { name, type }: { name: string; type: string },
  { contentTypes }: UploadSettings,
): string {
  const problem = nameProblem(name);
  if (problem) throw wrong(400, "name", problem, name);
  const known = WINDOWS.find(([names, said]) => said === type && names.test(name))?.[2] ?? type;
  if (!contentTypes.includes(known)) throw wrong(415, "type", `one of ${contentTypes.join(", ")}`, type);
  return known;
}

const wrong = (status: number, field: string, rule: string, got: string) =>
  new Refusal(status, `${field} must be ${rule}, got ${JSON.stringify(got).slice(0, 80)}`, { field });
