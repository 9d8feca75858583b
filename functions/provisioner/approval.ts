import { failed } from "./journal";
import { Directory, FunctionSettings } from "./ports";
import { Decision, Project, Result } from "./project";

/** The admins who may decide, without the one who asked. */
export const approversOf = async ({ admins }: Pick<Directory, "admins">, { run }: Project) =>
  (await admins()).filter((address) => address !== run.by?.email);

/** What a decision means for the state machine. */
export function verdictOf({ verdict, comment, by }: Decision): Result {
  if (verdict === "approve") return { ok: true };
  if (verdict === "withdraw") return failed("withdrawn", `${by} withdrew it.`);
  return failed("rejected", comment ? `Rejected: ${comment}` : "Rejected by an admin.");
}

/** Whether somebody has to approve what is asked of such a project. */
export const needsApproval = (
  { automatic }: Pick<FunctionSettings, "automatic">,
  { environment }: Pick<Project, "environment">,
) => !automatic.includes(environment);
