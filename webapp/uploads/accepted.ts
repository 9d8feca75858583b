import type { UploadSettings } from "../identity/settings";
import { Refusal } from "../refusal";
import { nameProblem } from "./names";

/** Refuses a file whose name or type the stack does not take. */
export function accept(
  { name, type }: { name: string; type: string },
  { contentTypes }: UploadSettings,
): void {
  const problem = nameProblem(name);
  if (problem) throw wrong(400, "name", problem, name);
  if (!contentTypes.includes(type)) throw wrong(415, "type", `one of ${contentTypes.join(", ")}`, type);
}

const wrong = (status: number, field: string, rule: string, got: string) =>
  new Refusal(status, `${field} must be ${rule}, got ${JSON.stringify(got).slice(0, 80)}`, { field });
