import type { StackView } from "../declared";
import { actionsLike, isAbout, takesKey } from "./iam-catalogue";
import { each, label, list, ofType, Rules } from "./rule";
import { Found, Statement, statementsOf } from "./statements";

/** Describes what is wrong with a statement. */
type Judge = (statement: Statement, found: Found) => Promise<string[]> | string[];

function eachStatement(judge: Judge) {
  return async (view: StackView): Promise<string[]> => {
    const problems = await Promise.all(
      statementsOf(view).map(async (found) =>
        (await judge(found.statement, found)).map((problem) => `${label(found.owner)} ${problem}`),
      ),
    );
    return problems.flat();
  };
}

/** A whole service, or all of them. */
const UNBOUNDED = /^(\*|[\w-]+:\*)$/;
const FULL_ACCESS = /:aws:policy\/(.*\/)?(\w*FullAccess|AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;

async function unknownActions({ actions }: Statement): Promise<string[]> {
  const missing = await Promise.all(
    actions.filter((a) => !UNBOUNDED.test(a)).map(async (a) => ((await actionsLike(a)).length ? [] : [a])),
  );
  return missing.flat().map((action) => `names the action ${action}, which AWS does not have`);
}

/** Checks both ways: an action without a matching resource, and a resource that no action of the statement applies to. */
async function mismatches({ actions, resources }: Statement): Promise<string[]> {
  if (resources.length === 0 || actions.some((a) => UNBOUNDED.test(a))) return [];
  const known = (await Promise.all(actions.map(actionsLike))).flat();
  const idle = known
    .filter((action) => !resources.some((resource) => isAbout(action, resource)))
    .map((action) => `lets ${action.name} act on ${resources.join(", ")}, which it cannot`);
  const odd = resources
    .filter((resource) => known.length > 0 && !known.some((action) => isAbout(action, resource)))
    .map((resource) => `names the resource ${resource}, to which none of ${actions.join(", ")} applies`);
  return [...idle, ...odd];
}

async function strangeKeys({ actions, conditions }: Statement): Promise<string[]> {
  const bounded = actions.filter((a) => !UNBOUNDED.test(a));
  const known = (await Promise.all(bounded.map(actionsLike))).flat();
  return conditions.flatMap(({ key }) =>
    known
      .filter((action) => !takesKey(action, key))
      .map((action) => `limits ${action.name} by ${key}, which AWS does not set for it`),
  );
}

/** `"*"` is for actions without resource-level permissions. Any other use needs a reason in an exception. */
async function needlessWildcards(
  { effect, actions, resources }: Statement,
  { standing }: Found,
): Promise<string[]> {
  if (effect !== "Allow" || standing !== "identity" || !resources.includes("*")) return [];
  const known = (await Promise.all(actions.filter((a) => !UNBOUNDED.test(a)).map(actionsLike))).flat();
  return known
    .filter((action) => !action.wildcardOnly)
    .map(
      (action) =>
        `lets ${action.name} act on every ${action.resourceTypes.map((t) => t.name).join(" and ")} of the account`,
    );
}

/** Only EC2 requires all of its listed resource types. For other services, they may be alternatives. */
const NEEDS_ALL = /^ec2:/;

/** An action on several types of resources at once needs a permission for each, in any of the role's statements. */
async function halfAllowed(view: StackView): Promise<string[]> {
  const byRole = new Map<string, { found: Found; resources: string[] }[]>();
  for (const found of statementsOf(view)) {
    if (found.standing !== "identity" || found.statement.effect !== "Allow") continue;
    const role = String(found.owner.inputs.role ?? label(found.owner));
    byRole.set(role, [...(byRole.get(role) ?? []), { found, resources: found.statement.resources }]);
  }
  const problems: string[] = [];
  for (const [role, grants] of byRole)
    for (const pattern of new Set(grants.flatMap(({ found }) => found.statement.actions))) {
      const resources = grants
        .filter(({ found }) => found.statement.actions.includes(pattern))
        .flatMap((grant) => grant.resources);
      for (const action of NEEDS_ALL.test(pattern) && !UNBOUNDED.test(pattern)
        ? await actionsLike(pattern)
        : [])
        for (const type of action.resourceTypes.filter((t) => t.required))
          if (!resources.some((resource) => isAbout({ ...action, resourceTypes: [type] }, resource)))
            problems.push(`role ${role} may ${action.name} on no ${type.name}, which that action needs`);
    }
  return problems;
}

/** Every GitHub repository gets tokens from the same provider. Only audience and subject tell them apart. */
function looseTokens({ effect, actions, conditions }: Statement): string[] {
  if (effect !== "Allow" || !actions.includes("sts:AssumeRoleWithWebIdentity")) return [];
  return ["aud", "sub"].flatMap((claim) => {
    const held = conditions.filter(
      ({ operator, key }) => operator === "StringEquals" && key.endsWith(`:${claim}`),
    );
    if (held.length === 0) return [`accepts tokens with any ${claim}`];
    return held
      .flatMap(({ values }) => values)
      .filter((value) => value.includes("*"))
      .map((value) => `accepts tokens only for the ${claim} ${value}, which StringEquals takes literally`);
  });
}

/** IAM counts characters without white space: a role's inline policies together, each attached policy by itself. */
const INLINE = 10_240;
const ATTACHED = 6_144;
/** How much longer each ARN can get with another region, account or name. */
const LONGER = 12;

const sizeOf = (policy: string) =>
  JSON.stringify(JSON.parse(policy)).length + LONGER * (policy.match(/arn:aws:/g) ?? []).length;

function tooLarge(view: StackView): string[] {
  const inline: Record<string, number> = {};
  for (const { inputs } of ofType(view, "aws:iam/rolePolicy:RolePolicy"))
    inline[inputs.role] = (inline[inputs.role] ?? 0) + sizeOf(inputs.policy);
  const attached = ofType(view, "aws:iam/policy:Policy").map(
    (r) => [`${label(r)} has`, sizeOf(r.inputs.policy), ATTACHED] as const,
  );
  return [
    ...Object.entries(inline).map(
      ([role, size]) => [`role ${role}'s inline policies have`, size, INLINE] as const,
    ),
    ...attached,
  ]
    .filter(([, size, limit]) => size > limit)
    .map(([whose, size, limit]) => `${whose} up to ${size} characters, where IAM accepts ${limit}`);
}

/** What policies may contain. */
export const iamRules: Rules = {
  "allows no service as a whole": eachStatement(({ effect, actions, negated }) => [
    ...(effect === "Allow"
      ? actions.filter((a) => UNBOUNDED.test(a)).map((action) => `allows ${action}`)
      : []),
    // A denial with NotResource or the like grants nothing, and covers resources that are created later.
    ...(negated && effect !== "Deny"
      ? ["uses NotAction, NotResource or NotPrincipal, which cover all that they do not name"]
      : []),
  ]),

  "lets everybody in only under a condition": eachStatement(({ effect, principals, conditions }) =>
    effect === "Allow" && principals.includes("*") && conditions.length === 0 ? ["lets everybody in"] : [],
  ),

  "accepts an identity provider's tokens only for one audience and named subjects":
    eachStatement(looseTokens),

  "attaches no full access policy of AWS": each(
    [
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      "aws:iam/policyAttachment:PolicyAttachment",
      "aws:iam/role:Role",
    ],
    ({ inputs }) => {
      const broad = [...list<string>(inputs.policyArn), ...list<string>(inputs.managedPolicyArns)].filter(
        (arn) => FULL_ACCESS.test(arn),
      );
      return broad.length > 0 && `attaches ${broad.join(", ")}`;
    },
  ),

  "creates no users and no access keys": (view) =>
    ofType(view, "aws:iam/user:User", "aws:iam/accessKey:AccessKey").map((r) => `${label(r)} never expires`),

  "names resources wherever an action can be limited to them": eachStatement(needlessWildcards),
  "names actions that exist": eachStatement(unknownActions),
  "names resources that the actions apply to": eachStatement(mismatches),
  "names condition keys that the actions support": eachStatement(strangeKeys),
  "gives an action every type of resource that it needs": halfAllowed,
  "keeps policies within IAM's size limits": tooLarge,
};
