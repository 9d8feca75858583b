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

/** What an account has once, as far as this stack makes it. */
export interface AccountThings {
  apiAccount?: ApiAccount;
  guards?: AccountGuards;
  audit?: AuditTrail;
  /** The provider by which GitHub's workflows sign in; none where this stack's own role makes it. */
  githubProviderArn?: pulumi.Input<string>;
  /** What must be there before whatever of it is made elsewhere. */
  claim?: pulumi.Resource;
}

/** Makes what an account has once, or leaves it to the stack that has. */
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

/** The stack of what an account has once, and of nothing else. Returns what it says when it is up. */
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
