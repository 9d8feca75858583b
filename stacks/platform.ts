import * as pulumi from "@pulumi/pulumi";
import { Delivery } from "../components/delivery/delivery";
import { GithubOidc } from "../components/delivery/github-oidc";
import { UserPool } from "../components/identity/user-pool";
import { Bastion } from "../components/network/bastion";
import { AccessLogs } from "../components/operations/access-logs";
import { AlarmTopic } from "../components/operations/alarm-topic";
import { Provisioner } from "../components/provisioner/provisioner";
import { Operated } from "../components/shared/monitoring";
import { FileUploads } from "../components/uploads/file-uploads";
import { BakedImage } from "../components/web/baked-image";
import { WebImage } from "../components/web/image";
import { WebTier } from "../components/web/web-tier";
import { accountThings } from "./account";
import { databaseOf } from "./database";
import { networkOf, projectsNetworkOf } from "./network";
import { operate } from "./operations";
import { Settings } from "./schema";

/** The buckets where any stack of the account puts its own files: CloudFormation's templates, the database's agent, the web app's sources. */
const OWN_FILES = ["provisioner-templates-*", "database-agent-*", "web-build-source-*"];

/** Connects the areas that the settings name, in the order of the data flow. Returns the stack's outputs. */
export function platform(settings: Settings): Record<string, unknown> {
  const { keepData, operations } = settings;
  const alarmTopic = operations && new AlarmTopic("alarms", { emails: operations.alarmEmails, keepData });
  const accessLogs = operations?.accessLogs ? new AccessLogs("access-logs", { keepData }) : undefined;
  // The web app starts before the areas that serve it. It gets this path, and reads there what they have created.
  const parameterPath = `/groundwork/${pulumi.getStack()}`;

  const network = networkOf(settings);
  const bastion = settings.bastion && new Bastion("bastion", { ...settings.bastion, network });
  const database =
    settings.database && databaseOf(settings.database, { keepData, network, bastion, operations });

  const tracedPercent = operations?.tracedPercent ?? 0;
  const image =
    settings.web &&
    new WebImage("web", {
      builder: settings.web.builder,
      logRetentionDays: settings.web.logRetentionDays,
      keepData,
    });
  const bakedImage =
    settings.web?.image === "baked"
      ? new BakedImage("web-image", {
          network,
          image: image!,
          schedule: settings.web.bakeSchedule,
          logRetentionDays: settings.web.logRetentionDays,
        })
      : undefined;
  const environment = {
    OPEN_USERS: settings.web?.openUsers ? "yes" : "no",
    ...(settings.identity && { PARAMETER_PATH: parameterPath }),
    ...(settings.identity && settings.uploads && { UPLOADS_PARAMETER: `${parameterPath}/uploads/settings` }),
    ...(settings.provisioner && { PROVISIONER_PARAMETER: `${parameterPath}/provisioner/api-url` }),
  };
  const web =
    settings.web &&
    new WebTier("web", {
      ...settings.web,
      ...{ keepData, network, bastion, database, image: image!, bakedImage, environment, tracedPercent },
    });
  const people =
    settings.identity &&
    new UserPool("people", {
      ...settings.identity,
      ...{ keepData, parameterPath, siteName: settings.web?.domainName, web },
    });
  const uploads =
    settings.uploads && new FileUploads("uploads", { ...settings.uploads, keepData, parameterPath, web });

  // The settings guarantee the web tier and the user pool for the two areas that require them.
  const account = accountThings(settings, accessLogs);
  const { apiAccount, githubProviderArn } = account;
  const traced = tracedPercent > 0;
  const shared = { keepData, people: people!, web: web!, apiAccount, accessLogs, traced };
  const delivery =
    settings.delivery && new Delivery("delivery", { ...settings.delivery, ...shared, image: image! });
  const preview =
    settings.delivery?.preview &&
    new GithubOidc(
      "github",
      {
        ...settings.delivery.preview,
        repository: settings.delivery.repository,
        ownFiles: OWN_FILES,
        providerArn: settings.delivery.preview.providerArn ?? githubProviderArn,
      },
      { dependsOn: account.claim },
    );
  const projectsNetwork = settings.provisioner && projectsNetworkOf(settings.provisioner);
  const provisioner =
    settings.provisioner &&
    new Provisioner("provisioner", {
      ...settings.provisioner,
      ...shared,
      network: projectsNetwork!,
      parameterPath,
    });

  const areas: (Operated | undefined)[] = [
    network,
    web,
    bakedImage,
    uploads,
    database,
    delivery,
    projectsNetwork,
    provisioner,
  ];
  const operated =
    operations &&
    operate(operations, {
      keepData,
      alarmTopic: alarmTopic!,
      accessLogs,
      account,
      areas: areas.filter((area) => area !== undefined),
    });

  return {
    vpcId: network.vpcId,
    ...(bastion && { bastionId: bastion.instanceId }),
    ...(web && { url: web.url, webGroupName: web.groupName }),
    // The owner of the domain points the name there.
    ...(settings.web?.certificateArn && { dnsTarget: web!.dnsName }),
    ...(uploads && {
      normalBucketName: uploads.normalBucketName,
      sensitiveBucketName: uploads.sensitiveBucketName,
      moverQueueUrl: uploads.queueUrl,
      moverDeadLetterUrl: uploads.deadLetterUrl,
    }),
    ...(database && { databaseSecretArn: database.secretArn, databaseEndpoint: database.endpoint }),
    ...(database?.backupBucketName && { databaseBackupBucket: database.backupBucketName }),
    ...(people && { userPoolId: people.userPoolId, apiClientId: people.apiClientId }),
    ...(delivery && {
      deliveryUrl: delivery.apiUrl,
      pipelineName: delivery.pipelineName,
      githubConnectionArn: delivery.connectionArn,
    }),
    ...(preview && { previewRoleArn: preview.previewRoleArn }),
    ...(projectsNetwork && { projectsVpcId: projectsNetwork.vpcId }),
    ...(provisioner && {
      provisionerUrl: provisioner.apiUrl,
      provisionerManualQueueUrl: provisioner.manualQueueUrl,
    }),
    ...operated,
  };
}
