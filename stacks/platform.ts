import * as pulumi from "@pulumi/pulumi";
import { ApiAccount } from "../components/shared/api-account";
import { databaseArea, databaseNeeds, databaseShown } from "./areas/database";
import { deliveryArea, deliveryShown, previewRole } from "./areas/delivery";
import { bastionArea, networkArea, networkShown } from "./areas/network";
import { operationsArea, operationsBase } from "./areas/operations";
import { identityArea, identityShown, peopleNeeds, uploadsArea, uploadsShown } from "./areas/people";
import { provisionerArea, provisionerNeeds, provisionerShown } from "./areas/provisioner";
import { allShown } from "./areas/shown";
import { webArea, webShown } from "./areas/web";
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
    settings.identity && peopleNeeds(settings.uploads !== undefined),
    settings.provisioner && provisionerNeeds(),
  ];
  const web = settings.web && webArea(settings.web, { keepData, network, bastion, needs });
  const people = settings.identity && identityArea(settings.identity, { keepData, web: web?.web });
  const uploads =
    settings.uploads && uploadsArea(settings.uploads, { keepData, web: web?.web, alarmTopicArn });
  // The settings see to it that both areas are there for the two that stand on them.
  const ground = web && people && { keepData, network, web, people, alarmTopicArn };
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
  const shown = allShown([
    networkShown(network, bastion),
    web && webShown(web),
    uploads && uploadsShown(uploads),
    database && databaseShown(database),
    people && identityShown(people),
    delivery && deliveryShown(delivery),
    preview && { outputs: { previewRoleArn: preview.previewRoleArn } },
    provisioner && provisionerShown(provisioner),
  ]);
  const operations = settings.operations && operationsArea(settings.operations, base!, keepData, shown);
  return { ...shown.outputs, ...operations };
}
