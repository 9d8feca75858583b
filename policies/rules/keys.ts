import type { StackView } from "../declared";
import { actionsLike } from "./iam-catalogue";
import { label, Rules } from "./rule";
import { Found, Statement, statementsOf } from "./statements";

/** Actions that encrypt or decrypt with a key, and the grant with which its holder could give itself these actions. */
const USES = /^kms:(Decrypt|Encrypt|GenerateDataKey\w*|ReEncrypt\w+|CreateGrant)$/;
const VIA = "kms:ViaService";
const SERVICE = /^[a-z][a-z0-9-]*\.(\*|[a-z]{2}(-[a-z]+)+-\d)\.amazonaws\.com$/;
/** Of all principals in a key's policy, only AWS services act on behalf of others. */
const AWS_SERVICE = /\.amazonaws\.com$/;

type Condition = Statement["conditions"][number];

/** A condition that fails if the request does not have the key. */
const demands = ({ operator }: Condition) => /^(String|Arn)(Equals|Like)(IgnoreCase)?$/.test(operator);
const is = (name: string, { key }: Condition) => key.toLowerCase() === name.toLowerCase();
const isGrantForAws = (one: Condition) =>
  is("kms:GrantIsForAWSResource", one) &&
  one.operator === "Bool" &&
  one.values.every((value) => value === "true");
const isContext = ({ key }: Condition) => /^kms:EncryptionContext:/i.test(key);

/** The statement's actions that use a key, with patterns expanded. */
async function usesIn({ effect, actions }: Statement): Promise<string[]> {
  if (effect !== "Allow") return [];
  const known = await Promise.all(actions.filter((one) => /^kms:/i.test(one)).map(actionsLike));
  return known
    .flat()
    .map(({ name }) => name)
    .filter((name) => USES.test(name));
}

/** KMS never reports a service in another form or without its region, so such a statement allows nothing. */
const misnamed = ({ values }: Condition) => values.filter((value) => !SERVICE.test(value));

function heldByRoles({ conditions }: Statement, uses: string[]): string[] {
  const via = conditions.filter((one) => is(VIA, one) && demands(one));
  const free = conditions.some(isGrantForAws) ? uses.filter((use) => use !== "kms:CreateGrant") : uses;
  if (free.length > 0 && via.length === 0 && !conditions.some((one) => isContext(one) && demands(one)))
    return [`lets its role call ${free.join(", ")} directly: add a condition on ${VIA}`];
  return via
    .flatMap(misnamed)
    .map((value) => `limits ${uses.join(", ")} to ${value}, which is not a value of ${VIA}`);
}

/** KMS documents kms:ViaService for calls in a role's name. A service that acts on its own behalf needs another condition. */
function heldByServices({ principals, conditions }: Statement, uses: string[]): string[] {
  const services = principals.filter((one) => AWS_SERVICE.test(one));
  const says = (one: Condition) =>
    demands(one) && (is("aws:SourceAccount", one) || is("aws:SourceArn", one) || isContext(one));
  return services.length > 0 && !conditions.some(says)
    ? [`lets ${services.join(", ")} call ${uses.join(", ")} on behalf of anyone`]
    : [];
}

async function heldKeys(view: StackView): Promise<string[]> {
  const problems = await Promise.all(
    statementsOf(view).map(async ({ owner, standing, statement }: Found) => {
      const uses = await usesIn(statement);
      if (uses.length === 0) return [];
      const wrong = standing === "identity" ? heldByRoles(statement, uses) : heldByServices(statement, uses);
      return wrong.map((problem) => `${label(owner)} ${problem}`);
    }),
  );
  return problems.flat();
}

/** Only the service that stores data under a key uses it, so a stolen role cannot use the key directly. */
export const keyRules: Rules = {
  "lets keys be used only through the services that encrypt with them": heldKeys,
};
