import { createRequire } from "node:module";

/** A request by an AWS service to somebody's resource. */
export interface Wish {
  /** Such as events.amazonaws.com. */
  service: string;
  action: string;
  resource: string;
  /** On whose behalf: the rule, the topic. */
  source: string;
  account: string;
}

// Loaded at the first delivery: a start need not wait a tenth of a second for it.
const load = createRequire(__filename);
const simulator = () => load("@cloud-copilot/iam-simulate") as typeof import("@cloud-copilot/iam-simulate");

/** Refuses what the resource's own policy does not allow: a service has no other permissions. */
export async function requirePermission(policy: string | undefined, wish: Wish): Promise<void> {
  const { service, action, resource, source, account } = wish;
  const result = await simulator().runSimulation(
    {
      request: {
        principal: service,
        action,
        resource: { resource, accountId: account },
        contextVariables: { "aws:SourceArn": source, "aws:SourceAccount": account },
      },
      identityPolicies: [],
      resourcePolicy: policy === undefined ? undefined : (JSON.parse(policy) as object),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (result.resultType === "error")
    throw new Error(`the policy of ${resource} cannot be judged: ${JSON.stringify(result.errors)}`);
  if (result.overallResult !== "Allowed")
    throw new Error(
      `${resource} gets nothing: its policy does not allow ${action} to ${service} for ${source}`,
    );
}
