// The roles that AWS's own services take, beside what AWS writes down for them.
import { strict as assert } from "node:assert";
import type { Declared, StackView } from "../../policies/declared";
import { isMeant } from "../../policies/rules/aws/rights";
import { some } from "../some";
import { statementsIn } from "../statements";
import { ASKED_BY_US, FUNCTIONS, ServiceRole, SERVICES } from "./service-roles";
import { STACKS, stackView } from "./stacks";

const rolesOf = (view: StackView) => view.resources.filter(({ type }) => type === "aws:iam/role:Role");

/** The services that may take a role; none where people of another provider do. */
const takersOf = ({ inputs }: Declared): string[] =>
  statementsIn(String(inputs.assumeRolePolicy)).flatMap(({ Principal }) => [Principal.Service ?? []].flat());

const actionsOf = (role: Declared, view: StackView): string[] =>
  view.resources
    .filter(({ type, inputs }) => type === "aws:iam/rolePolicy:RolePolicy" && isMeant(inputs.role, role))
    .flatMap(({ inputs }) => statementsIn(String(inputs.policy), "Allow").flatMap(({ Action }) => Action));

const used = new Set<string>();

/** What AWS lists and the role has not, without a reason. */
function missing(role: Declared, view: StackView, { actions, without = {} }: ServiceRole): string[] {
  const allowed = new Set(actionsOf(role, view));
  const reasonOf = (action: string) => [action, action.replace(/:.*/, ":*")].find((one) => one in without);
  return actions
    .filter((action) => !allowed.has(action))
    .filter((action) => {
      const reason = reasonOf(action);
      if (reason) used.add(`${without[reason]}`);
      return !reason;
    });
}

describe("the roles that AWS's services assume", () => {
  for (const stack of some(STACKS))
    it(`of ${stack} have the permissions that AWS documents for them, except where a reason is given`, async () => {
      const view = await stackView(stack);
      const roles = some(rolesOf(view));
      const lacking = roles.flatMap((role) =>
        takersOf(role).flatMap((taker) => {
          const listed = SERVICES[taker];
          assert.ok(
            listed ?? ASKED_BY_US[taker],
            `${taker} takes ${role.name}, and nobody has read what it needs`,
          );
          return listed ? missing(role, view, listed).map((action) => `${role.name} lacks ${action}`) : [];
        }),
      );
      assert.deepEqual(lacking, []);
    });

  for (const [kind, listed] of some(Object.entries(FUNCTIONS)))
    it(`have them also if a function has a ${kind}`, async () => {
      const views = await Promise.all(STACKS.map((stack) => stackView(stack)));
      const found = views.flatMap((view) =>
        functionRoles(kind as keyof typeof FUNCTIONS, view).map((role) => ({ role, view })),
      );
      for (const { role, view } of some(found)) assert.deepEqual(missing(role, view, listed), [], role.name);
    });

  it("are expected of no service without one, and no existing permission is excused", async () => {
    const views = await Promise.all(STACKS.map((stack) => stackView(stack)));
    const takers = new Set(views.flatMap((view) => rolesOf(view).flatMap(takersOf)));
    assert.deepEqual([...Object.keys(SERVICES), ...Object.keys(ASKED_BY_US)].sort(), [...takers].sort());
    const reasons = [...Object.values(SERVICES), ...Object.values(FUNCTIONS)].flatMap(({ without = {} }) =>
      Object.values(without),
    );
    assert.deepEqual(
      reasons.filter((reason) => !used.has(reason)),
      [],
    );
  });
});

function functionRoles(kind: keyof typeof FUNCTIONS, view: StackView): Declared[] {
  const ofType = (wanted: string) => view.resources.filter(({ type }) => type === `aws:lambda/${wanted}`);
  const called = ofType("eventSourceMapping:EventSourceMapping").map(({ inputs }) => inputs.functionName);
  const functions = ofType("function:Function").filter((one) =>
    kind === "vpc" ? one.inputs.vpcConfig : called.some((name) => isMeant(name, one)),
  );
  return rolesOf(view).filter((role) => functions.some(({ inputs }) => isMeant(inputs.role, role)));
}
