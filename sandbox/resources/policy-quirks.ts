import { documentText } from "../engine/shape";

interface Statement {
  Effect?: string;
  Action?: string | string[];
}

/**
 * A role's policy as MiniStack has to get it: it finds no parameter's name in ssm:GetParameters and asks whether the role may
 * for `*`, so a role that may read some parameters by that call may here read any. Everything else stays as it is.
 */
export function enforceable(policy: unknown): string {
  const text = documentText(policy);
  const document = JSON.parse(text) as { Statement?: Statement | Statement[] };
  const statements = [document.Statement ?? []].flat();
  const reads = statements.some(
    ({ Effect, Action }) => Effect === "Allow" && [Action ?? []].flat().includes("ssm:GetParameters"),
  );
  if (!reads) return text;
  const more = { Effect: "Allow", Action: "ssm:GetParameters", Resource: "*" };
  return JSON.stringify({ ...document, Statement: [...statements, more] });
}
