import { inUse, Rule, taken } from "./rule";

const API = "https://docs.aws.amazon.com/IAM/latest/APIReference";
const nameOf = ({ name }: { name?: unknown }) => name;
const ATTACHMENT = "iam/rolePolicyAttachment:RolePolicyAttachment";

const named = (type: string, call: string, what: string): Rule =>
  taken(
    {
      name: `a name is unique in IAM: ${what}`,
      code: "EntityAlreadyExists",
      call: `IAM: ${call}`,
      source: `${API}/API_${call}.html`,
    },
    [type],
    nameOf,
    (name) => `${what} with name ${name} already exists.`,
  );

export const iam: Rule[] = [
  named("iam/role:Role", "CreateRole", "Role"),
  named("iam/policy:Policy", "CreatePolicy", "A policy"),
  named("iam/instanceProfile:InstanceProfile", "CreateInstanceProfile", "Instance Profile"),
  taken(
    {
      name: "an account has one identity provider for each address",
      code: "EntityAlreadyExists",
      call: "IAM: CreateOpenIDConnectProvider",
      source: `${API}/API_CreateOpenIDConnectProvider.html`,
    },
    ["iam/openIdConnectProvider:OpenIdConnectProvider"],
    ({ url }) => url as unknown,
    (url) => `Provider with url ${url} already exists.`,
  ),
  inUse(
    {
      name: "a role with policies stays",
      code: "DeleteConflict",
      call: "IAM: DeleteRole",
      source: `${API}/API_DeleteRole.html`,
    },
    ["iam/role:Role"],
    ({ inputs }) => inputs.name as unknown,
    [ATTACHMENT, "iam/rolePolicy:RolePolicy"],
    () => "Cannot delete entity, must detach all policies first.",
  ),
  inUse(
    {
      name: "an attached policy stays",
      code: "DeleteConflict",
      call: "IAM: DeletePolicy",
      source: `${API}/API_DeletePolicy.html`,
    },
    ["iam/policy:Policy"],
    ({ outputs }) => outputs.arn as unknown,
    [ATTACHMENT],
    () => "Cannot delete a policy attached to entities.",
  ),
];
