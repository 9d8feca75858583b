import * as pulumi from "@pulumi/pulumi";
import { bastionArea, networkArea } from "./areas/network";
import { alarmTopic, operationsArea } from "./areas/operations";
import { identityArea, peopleNeeds, uploadsArea } from "./areas/people";
import { watchedWeb, webArea } from "./areas/web";
import { Settings } from "./settings";

/** Wires the areas that the settings name, in the order in which data flows. Returns what the stack tells when it is up. */
export function platform(settings: Settings): Record<string, pulumi.Output<unknown>> {
  const { keepData } = settings;
  const topic = settings.operations && alarmTopic(settings.operations, keepData);
  const network = networkArea(settings);
  const bastion = settings.bastion && bastionArea(settings.bastion, network);
  const web =
    settings.web &&
    webArea(settings.web, { keepData, network, bastion, needs: [settings.identity && peopleNeeds()] });
  const people = settings.identity && identityArea(settings.identity, { keepData, web: web?.web });
  const uploads =
    settings.uploads &&
    uploadsArea(settings.uploads, { keepData, web: web?.web, alarmTopicArn: topic?.topicArn });
  const operations =
    settings.operations &&
    operationsArea(settings.operations, topic!, {
      keepData,
      watches: web ? [watchedWeb(web)] : [],
      logGroups: {
        ...(web && { web: web.web.logGroupName }),
        ...(uploads && { mover: uploads.mover.lambda.logGroupName }),
      },
      dataArns: [],
      doors: { ...(web && { web: web.web.loadBalancer.loadBalancer.arn }) },
    });
  return {
    vpcId: network.vpcId,
    ...(bastion && { bastionId: bastion.instanceId }),
    ...(web && { url: web.web.url, webGroupName: web.web.groupName }),
    ...(people && { userPoolId: people.userPoolId, apiClientId: people.apiClientId }),
    ...(uploads && {
      normalBucketName: uploads.normalBucketName,
      sensitiveBucketName: uploads.sensitiveBucketName,
      moverQueueUrl: uploads.mover.queueUrl,
      moverDeadLetterUrl: uploads.deadLetterUrl,
    }),
    ...operations,
  };
}
