import * as pulumi from "@pulumi/pulumi";
import { ApiAccount } from "../../components/shared/api-account";
import { Delivery } from "../../components/delivery/delivery";
import { GithubOidc } from "../../components/delivery/github-oidc";
import { UserPool } from "../../components/identity/user-pool";
import { AccessLogs } from "../../components/operations/access-logs";
import { watchApi } from "../../components/operations/watches/api";
import { releaseAlarms } from "../../components/operations/watches/delivery";
import { Settings } from "../settings";
import { Shown } from "./shown";
import { WebArea } from "./web";

type DeliverySettings = NonNullable<Settings["delivery"]>;

interface Shared {
  keepData: boolean;
  web: WebArea;
  people: UserPool;
  apiAccount: ApiAccount;
  alarmTopicArn?: pulumi.Input<string>;
  accessLogs?: AccessLogs;
}

/** From the repository to the web servers, and the API that starts it for those who are signed in. */
export function deliveryArea(settings: DeliverySettings, shared: Shared): Delivery {
  const { preview: _preview, logRetentionDays, ...args } = settings;
  const { image, web } = shared.web;
  const { loadBalancer, targetGroup } = web.loadBalancer;
  const { accessLogs } = shared;
  return new Delivery(
    "delivery",
    {
      ...args,
      retentionDays: logRetentionDays,
      keepData: shared.keepData,
      groupName: web.groupName,
      groupArn: web.group.arn,
      targetGroupName: targetGroup.name,
      targetGroupArn: targetGroup.arn,
      loadBalancerArnSuffix: loadBalancer.arnSuffix,
      webRoleName: web.roleName,
      webRoleArn: web.roleArn,
      repositoryUrl: image.repositoryUrl,
      repositoryArn: image.repositoryArn,
      userPoolArn: shared.people.userPoolArn,
      apiAccount: shared.apiAccount,
      alarmTopicArn: shared.alarmTopicArn,
      accessLogBucket: accessLogs?.under("delivery"),
    },
    { dependsOn: accessLogs?.ready },
  );
}

/** The role of GitHub's previews, where the settings ask for one. */
export function previewRole({ preview, repository }: DeliverySettings): GithubOidc | undefined {
  return preview && new GithubOidc("github", { ...preview, repository });
}

/** The pipeline's API and book are watched here; runs that fail tell the alarm topic themselves. */
export function deliveryShown(delivery: Delivery): Partial<Shown> {
  const { api, markerName, apiUrl, pipelineName, connectionArn } = delivery;
  const { alarms, section } = watchApi("delivery", api.apiName, api.stageName);
  return {
    outputs: { deliveryUrl: apiUrl, pipelineName, githubConnectionArn: connectionArn },
    watches: [{ alarms: { ...alarms, ...releaseAlarms(markerName) }, section }],
    logGroups: delivery.logGroupNames,
    dataArns: [delivery.releasesTableArn],
    doors: { delivery: api.stageArn },
  };
}
