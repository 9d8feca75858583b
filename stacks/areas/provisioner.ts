import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ApiAccount } from "../../components/shared/api-account";
import { UserPool } from "../../components/identity/user-pool";
import { AccessLogs } from "../../components/operations/access-logs";
import { Network } from "../../components/network/network";
import { watchApi } from "../../components/operations/watches/api";
import { watchProvisioner } from "../../components/operations/watches/provisioner";
import { Provisioner } from "../../components/provisioner/provisioner";
import { Settings } from "../settings";
import { Shown } from "./shown";
import { WebArea } from "./web";
import { WebNeeds } from "./web-needs";

interface Shared {
  keepData: boolean;
  network: Network;
  people: UserPool;
  apiAccount: ApiAccount;
  web: WebArea;
  alarmTopicArn?: pulumi.Input<string>;
  accessLogs?: AccessLogs;
}

const parameterName = () => `/groundwork/${pulumi.getStack()}/provisioner/api-url`;

/** The servers start before the API is there: they are told the parameter that will hold its address. */
export const provisionerNeeds = (): WebNeeds => ({ environment: { PROVISIONER_PARAMETER: parameterName() } });

/** What gives teams their own web projects, inside the stack's VPC and for the pool's people. */
export function provisionerArea(settings: NonNullable<Settings["provisioner"]>, shared: Shared): Provisioner {
  const { domainName, zoneName, consoleUrl, logRetentionDays: logDays, ...args } = settings;
  const { network, people, apiAccount, alarmTopicArn, accessLogs } = shared;
  const { web } = shared.web;
  return new Provisioner(
    "provisioner",
    {
      ...args,
      logDays,
      keepData: shared.keepData,
      userPoolId: people.userPoolId,
      userPoolArn: people.userPoolArn,
      vpcId: network.vpcId,
      vpcCidrBlock: network.cidrBlock,
      publicSubnetIds: network.publicSubnetIds,
      privateSubnetIds: network.privateSubnetIds,
      domain: domainName && zoneName ? { name: domainName, zoneId: zoneIdOf(zoneName) } : undefined,
      consoleUrl: consoleUrl ?? web.url,
      console: { parameterName: parameterName(), webRole: { name: web.roleName } },
      account: apiAccount,
      alarmTopicArn,
      accessLogBucket: accessLogs?.under("provisioner"),
    },
    { dependsOn: accessLogs?.ready },
  );
}

const zoneIdOf = (name: string) => aws.route53.getZoneOutput({ name }).zoneId;

/** Projects and their API are watched here; what needs a person, the provisioner tells the alarm topic itself. */
export const provisionerShown = (provisioner: Provisioner): Partial<Shown> => ({
  outputs: { provisionerUrl: provisioner.apiUrl, provisionerHandsQueueUrl: provisioner.handsQueueUrl },
  watches: [
    watchProvisioner(provisioner),
    watchApi("provisioner", provisioner.api.apiName, provisioner.api.stageName),
  ],
  logGroups: { provisioner: provisioner.api.accessLogGroupName },
  dataArns: [provisioner.tableArn],
  doors: { provisioner: provisioner.apiStageArn },
});
