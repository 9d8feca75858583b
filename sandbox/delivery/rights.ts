import type { IncomingHttpHeaders } from "node:http";
import { Endpoints, ownKey } from "../emulators/endpoints";
import { Problem } from "../problem";

/** What a caller must be allowed to do: the action in IAM's terms, on a resource. */
export interface Right {
  action: string;
  resource: string;
  /** The values for conditions, by key. */
  keys?: Record<string, string>;
}

/** What each operation of a service requires. */
/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- a service's inputs have no common type */
export type Rights = Record<string, (input: any) => Right[] | Promise<Right[]>>;

/** Whether a caller may do something: the refusal in AWS's words, or undefined. */
export type Judge = (headers: IncomingHttpHeaders, rights: Right[]) => Promise<string | undefined>;

/** Whether the owner of a key may do something: the refusal in AWS's words, or undefined. */
export type May = (key: string, rights: Right[]) => Promise<string | undefined>;

export const judgeBy = (endpoints: Endpoints): Judge => {
  const may = mayBy(endpoints);
  return ({ authorization = "" }, rights) =>
    may(/Credential=([^/]+)\//.exec(authorization)?.[1] ?? "", rights);
};

/** Asks MiniStack, which has the roles and their policies. */
export const mayBy =
  (endpoints: Endpoints): May =>
  async (key, rights) => {
    const { ministack, region } = endpoints;
    for (const { action, resource, keys = {} } of rights) {
      const asked = new URLSearchParams({ key, action, resource, region, keys: JSON.stringify(keys) });
      const answer = await fetch(`${ministack}/_groundwork/may?${asked}`, { headers: ownKey(endpoints) });
      const refusal = await answer.text();
      if (!answer.ok) throw new Problem(`Whether a role may ${action} could not be asked: ${refusal}`);
      if (refusal) return refusal;
    }
    return undefined;
  };

export function codePipelineRights(arnOf: (pipeline: string) => string): Rights {
  const on = (action: string, resource: string): Right[] => [{ action: `codepipeline:${action}`, resource }];
  const ofName =
    (action: string) =>
    ({
      name,
      pipelineName,
      pipeline,
    }: {
      name?: string;
      pipelineName?: string;
      pipeline?: { name: string };
    }) =>
      on(action, arnOf(name ?? pipelineName ?? pipeline?.name ?? ""));
  const ofNothing = (action: string) => () => on(action, "*");
  const named = ["CreatePipeline", "UpdatePipeline", "DeletePipeline", "GetPipeline", "GetPipelineState", "GetPipelineExecution", "ListPipelineExecutions", "StartPipelineExecution", "StopPipelineExecution"]; // prettier-ignore
  const plain = ["ListPipelines", "PutJobSuccessResult", "PutJobFailureResult"];
  return {
    ...Object.fromEntries(named.map((action) => [action, ofName(action)])),
    ...Object.fromEntries(plain.map((action) => [action, ofNothing(action)])),
    PutApprovalResult: ({ pipelineName, stageName, actionName }) =>
      on("PutApprovalResult", `${arnOf(pipelineName)}/${stageName}/${actionName}`),
  };
}

interface OfGroup {
  applicationName: string;
  deploymentGroupName: string;
}

export interface CodeDeployNames {
  arn: (resource: string) => string;
  /** The group of a deployment. */
  groupOf: (deploymentId: string) => OfGroup | undefined;
  /** The configuration of a group's deployments. */
  configurationOf: (group: OfGroup) => string | undefined;
}

export function codeDeployRights({ arn, groupOf, configurationOf }: CodeDeployNames): Rights {
  const on = (action: string, resource: string): Right => ({ action: `codedeploy:${action}`, resource });
  const ofGroup = (action: string, { applicationName, deploymentGroupName }: OfGroup) =>
    on(action, arn(`deploymentgroup:${applicationName}/${deploymentGroupName}`));
  const ofDeployments = (action: string, ids: string[]) =>
    ids.flatMap((id) => groupOf(id) ?? []).map((group) => ofGroup(action, group));
  return {
    CreateDeploymentGroup: (input) => [ofGroup("CreateDeploymentGroup", input)],
    UpdateDeploymentGroup: ({ applicationName, currentDeploymentGroupName: deploymentGroupName }) => [
      ofGroup("UpdateDeploymentGroup", { applicationName, deploymentGroupName }),
    ],
    GetDeploymentGroup: (input) => [ofGroup("GetDeploymentGroup", input)],
    // AWS reads the configuration and the revision with the caller's rights, and treats other alarms than the group's as a change of it.
    CreateDeployment: (input) => [
      ofGroup("CreateDeployment", input),
      on(
        "GetDeploymentConfig",
        arn(`deploymentconfig:${input.deploymentConfigName ?? configurationOf(input)}`),
      ),
      ...["GetApplicationRevision", "RegisterApplicationRevision"].map((action) =>
        on(action, arn(`application:${input.applicationName}`)),
      ),
      ...(input.overrideAlarmConfiguration ? [ofGroup("UpdateDeploymentGroup", input)] : []),
    ],
    GetDeployment: ({ deploymentId }) => ofDeployments("GetDeployment", [deploymentId]),
    BatchGetDeployments: ({ deploymentIds }) => ofDeployments("BatchGetDeployments", deploymentIds),
    ListDeployments: ({ applicationName = "*", deploymentGroupName = "*" }) => [
      ofGroup("ListDeployments", { applicationName, deploymentGroupName }),
    ],
    ContinueDeployment: () => [on("ContinueDeployment", "*")],
    StopDeployment: () => [on("StopDeployment", "*")],
  };
}
