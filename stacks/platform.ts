import * as pulumi from "@pulumi/pulumi";
import { ApiAccount } from "../components/api-account";
import { databaseArea, databaseNeeds, watchedDatabase } from "./areas/database";
import { deliveryArea, previewRole, watchedDelivery } from "./areas/delivery";
import { bastionArea, networkArea } from "./areas/network";
import { operationsArea, operationsBase } from "./areas/operations";
import { identityArea, peopleNeeds, uploadsArea, watchedUploads } from "./areas/people";
import { provisionerArea, provisionerNeeds, watchedProvisioner } from "./areas/provisioner";
import { watchedWeb, webArea } from "./areas/web";
import { Settings } from "./settings";

/** Wires the areas that the settings name, in the order in which data flows. Returns what the stack tells when it is up. */
export function platform(settings: Settings): Record<string, pulumi.Output<unknown>> {
  const { keepData } = settings;
  const base = settings.operations && operationsBase(settings.operations, keepData);
  const alarmTopicArn = base?.topic.topicArn;
  const network = networkArea(settings);
  const bastion = settings.bastion && bastionArea(settings.bastion, network);
  const backedUp = settings.operations?.backup ?? false;
  const database =
    settings.database &&
    databaseArea(settings.database, { keepData, network, bastion, backedUp, alarmTopicArn });
  const needs = [
    database && databaseNeeds(database),
    settings.identity && peopleNeeds(),
    settings.provisioner && provisionerNeeds(),
  ];
  const web = settings.web && webArea(settings.web, { keepData, network, bastion, needs });
  const people = settings.identity && identityArea(settings.identity, { keepData, web: web?.web });
  const uploads =
    settings.uploads && uploadsArea(settings.uploads, { keepData, web: web?.web, alarmTopicArn });
  // The settings see to it that both areas are there for the two that stand on them.
  const ground = web && people && { keepData, network, web, people, url: web.web.url, alarmTopicArn };
  const apiAccount = settings.delivery || settings.provisioner ? new ApiAccount("api") : undefined;
  const delivery =
    settings.delivery &&
    ground &&
    deliveryArea(settings.delivery, { ...ground, apiAccount: apiAccount!, accessLogs: base?.accessLogs });
  const preview = settings.delivery && previewRole(settings.delivery);
  const provisioner =
    settings.provisioner &&
    ground &&
    provisionerArea(settings.provisioner, {
      ...ground,
      apiAccount: apiAccount!,
      accessLogs: base?.accessLogs,
    });
  const operations =
    settings.operations &&
    operationsArea(settings.operations, base!, {
      keepData,
      watches: [
        ...(web ? [watchedWeb(web)] : []),
        ...(uploads ? [watchedUploads(uploads)] : []),
        ...(database ? watchedDatabase(database) : []),
        ...(delivery ? [watchedDelivery(delivery)] : []),
        ...(provisioner ? watchedProvisioner(provisioner) : []),
      ],
      logGroups: {
        ...(web && { web: web.web.logGroupName }),
        ...(uploads && { mover: uploads.mover.lambda.logGroupName }),
        ...delivery?.logGroupNames,
        ...(provisioner && { provisioner: provisioner.api.accessLogGroupName }),
      },
      dataArns: [
        ...(database?.dataArn ? [database.dataArn] : []),
        ...(provisioner ? [provisioner.tableArn] : []),
        ...(delivery ? [delivery.releasesTableArn] : []),
      ],
      doors: {
        ...(web && { web: web.web.loadBalancer.loadBalancer.arn }),
        ...(delivery && { delivery: delivery.api.stageArn }),
        ...(provisioner && { provisioner: provisioner.apiStageArn }),
      },
    });
  return {
    vpcId: network.vpcId,
    ...(bastion && { bastionId: bastion.instanceId }),
    ...(web && { url: web.web.url, webGroupName: web.web.groupName }),
    ...(database && {
      databaseSecretArn: database.secretArn,
      databaseEndpoint: pulumi.output(database.endpoint),
    }),
    ...(people && { userPoolId: people.userPoolId, apiClientId: people.apiClientId }),
    ...(uploads && {
      normalBucketName: uploads.normalBucketName,
      sensitiveBucketName: uploads.sensitiveBucketName,
      moverQueueUrl: uploads.mover.queueUrl,
      moverDeadLetterUrl: uploads.deadLetterUrl,
    }),
    ...(delivery && {
      deliveryUrl: delivery.apiUrl,
      pipelineName: delivery.pipelineName,
      githubConnectionArn: delivery.connectionArn,
    }),
    ...(preview && { previewRoleArn: preview.previewRoleArn }),
    ...(provisioner && {
      provisionerUrl: provisioner.apiUrl,
      provisionerHandsQueueUrl: provisioner.handsQueueUrl,
    }),
    ...operations,
  };
}
