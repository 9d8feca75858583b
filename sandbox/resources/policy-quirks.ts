import { documentText } from "../engine/shape";

interface Statement {
  Effect?: string;
  Action?: string | string[];
}

/** Calls in which MiniStack finds no resource's name: it asks whether the role may for `*`. */
const NAMELESS = ["ssm:GetParameters", "codebuild:BatchGetBuilds", "codebuild:StopBuild"];

/** A role's policy as MiniStack has to get it: what it may do to some by such a call, it may here do to any. The rest stays. */
export function enforceable(policy: unknown): string {
  const text = documentText(policy);
  const document = JSON.parse(text) as { Statement?: Statement | Statement[] };
  const statements = [document.Statement ?? []].flat();
  const allowed = statements.flatMap(({ Effect, Action }) =>
    Effect === "Allow" ? [Action ?? []].flat() : [],
  );
  const Action = NAMELESS.filter((one) => allowed.includes(one));
  if (Action.length === 0) return text;
  const more = { Effect: "Allow", Action, Resource: "*" };
  return JSON.stringify({ ...document, Statement: [...statements, more] });
}
