import * as pulumi from "@pulumi/pulumi";
import { GITHUB_ISSUER, githubProvider } from "../components/delivery/github-provider";
import { AccessLogs } from "../components/operations/access-logs";
import { AccountGuards } from "../components/operations/account-guards";
import { AlarmTopic } from "../components/operations/alarm-topic";
import { AuditTrail } from "../components/operations/audit-trail";
import { ApiAccount } from "../components/shared/api-account";
import { here } from "../components/shared/here";
import { claimAccount, expectClaim } from "./account-claim";
import { operate } from "./operations";
import { Settings } from "./schema";

/** The account's singletons, as far as this stack creates them. */
export interface AccountThings {
  apiAccount?: ApiAccount;
  guards?: AccountGuards;
  audit?: AuditTrail;
  /** The provider through which GitHub's workflows sign in. Absent if this stack's own role creates it. */
  githubProviderArn?: pulumi.Input<string>;
  /** Singletons created elsewhere must wait for this. */
  claim?: pulumi.Resource;
}

/** Creates the account's singletons, or leaves them to the stack that has them. */
export function accountThings(settings: Settings, accessLogs?: AccessLogs): AccountThings {
  const { account, delivery, provisioner, operations } = settings;
  const alone = account.singletons === "only";
  const makes = {
    apiAccount: alone || delivery !== undefined || provisioner !== undefined,
    guards: operations?.accountGuards ?? false,
    audit: operations?.auditTrail ?? false,
    github: alone ? account.githubProvider : delivery?.preview !== undefined && !delivery.preview.providerArn,
  };
  if (!Object.values(makes).includes(true)) return {};
  if (account.singletons === "shared") {
    expectClaim();
    return { githubProviderArn: ofThisAccount() };
  }
  const claim = claimAccount();
  const opts = { dependsOn: [claim] };
  return {
    claim,
    apiAccount: makes.apiAccount ? new ApiAccount("api", opts) : undefined,
    guards: makes.guards ? new AccountGuards("account", opts) : undefined,
    audit: makes.audit
      ? new AuditTrail("audit", {
          ...{ keepData: settings.keepData, accessLogs },
          logRetentionDays: operations!.logRetentionDays,
          bucketDays: operations!.auditDays,
          objectEvents: operations!.auditObjects,
        })
      : undefined,
    githubProviderArn: alone && makes.github ? githubProvider("github", opts) : undefined,
  };
}

const ofThisAccount = () =>
  pulumi.interpolate`arn:aws:iam::${here({}).accountId}:oidc-provider/${GITHUB_ISSUER}`;

/** The stack that contains only the account's singletons. Returns the stack's outputs. */
export function account(settings: Settings): Record<string, unknown> {
  const { keepData, operations } = settings;
  const accessLogs = operations?.accessLogs ? new AccessLogs("access-logs", { keepData }) : undefined;
  const things = accountThings(settings, accessLogs);
  return {
    ...(things.githubProviderArn && { githubProviderArn: things.githubProviderArn }),
    ...(operations &&
      operate(operations, {
        ...{ keepData, accessLogs, account: things, areas: [] },
        alarmTopic: new AlarmTopic("alarms", { emails: operations.alarmEmails, keepData }),
      })),
  };
}
