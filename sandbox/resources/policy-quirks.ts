import { documentText } from "../engine/shape";

interface Statement {
  Effect?: string;
  Action?: string | string[];
  Condition?: Record<string, Record<string, unknown>>;
}

/** Calls in which MiniStack finds no resource name: it checks whether the role may call them on `*`. */
const NAMELESS = [
  "cloudwatch:DescribeAlarms",
  "codebuild:BatchGetBuilds",
  "codebuild:StopBuild",
  "ssm:GetParameters",
];

/** MiniStack does not pass a request's tags to its policies: a condition on them would refuse every request. */
const BROUGHT = /^s3:RequestObjectTag\//;

/** A statement without its conditions on request tags; undefined for a denial that has no other condition. */
function withoutBroughtTags(statement: Statement): Statement | undefined {
  const conditions = Object.entries(statement.Condition ?? {});
  const asks = conditions.some(([, keys]) => Object.keys(keys).some((key) => BROUGHT.test(key)));
  if (!asks) return statement;
  if (statement.Effect === "Deny") return undefined;
  const kept = conditions
    .map(([operator, keys]): [string, object] => [
      operator,
      Object.fromEntries(Object.entries(keys).filter(([key]) => !BROUGHT.test(key))),
    ])
    .filter(([, keys]) => Object.keys(keys).length > 0);
  return { ...statement, Condition: Object.fromEntries(kept) as Statement["Condition"] };
}

/** A policy in the form that MiniStack needs: what a role may do to some resources by a nameless call, it may here do to all. The rest stays. */
export function enforceable(policy: unknown): string {
  const document = JSON.parse(documentText(policy)) as { Statement?: Statement | Statement[] };
  const statements = [document.Statement ?? []]
    .flat()
    .map(withoutBroughtTags)
    .filter((one) => one !== undefined);
  const allowed = statements.flatMap(({ Effect, Action }) =>
    Effect === "Allow" ? [Action ?? []].flat() : [],
  );
  const Action = NAMELESS.filter((one) => allowed.includes(one));
  const more = Action.length > 0 ? [{ Effect: "Allow", Action, Resource: "*" }] : [];
  return JSON.stringify({ ...document, Statement: [...statements, ...more] });
}
