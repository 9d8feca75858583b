import { watchUploads } from "../../components/operations/watches/uploads";
import * as pulumi from "@pulumi/pulumi";
import { UserPool } from "../../components/identity/user-pool";
import { FileUploads } from "../../components/uploads/file-uploads";
import { WebTier } from "../../components/web/web-tier";
import { Settings } from "../settings";
import { Shown } from "./shown";
import { WebNeeds } from "./web-needs";

/** Where the web app finds what the areas after it have made. */
const parameterPath = () => `/groundwork/${pulumi.getStack()}`;

/** The servers start before pool and buckets are there: they are told the path, and read there what it holds. */
export const peopleNeeds = (withUploads: boolean): WebNeeds => ({
  environment: {
    PARAMETER_PATH: parameterPath(),
    ...(withUploads && { UPLOADS_PARAMETER: `${parameterPath()}/uploads/settings` }),
  },
});

interface Shared {
  keepData: boolean;
  /** Its role reads the settings and signs the uploads. */
  web?: WebTier;
}

export function identityArea(
  settings: NonNullable<Settings["identity"]>,
  { keepData, web }: Shared,
): UserPool {
  return new UserPool("people", {
    ...settings,
    keepData,
    parameterPath: parameterPath(),
    webRole: web && { name: web.roleName },
  });
}

export function uploadsArea(
  settings: NonNullable<Settings["uploads"]>,
  { keepData, web, alarmTopicArn }: Shared & { alarmTopicArn?: pulumi.Input<string> },
): FileUploads {
  const { moreOrigins, ...args } = settings;
  return new FileUploads("uploads", {
    ...args,
    keepData,
    alarmTopicArn,
    parameterPath: parameterPath(),
    webRole: web && { name: web.roleName, arn: web.roleArn },
    appOrigins: [...(web ? [web.url] : []), ...moreOrigins],
  });
}

export const identityShown = ({ userPoolId, apiClientId }: UserPool): Partial<Shown> => ({
  outputs: { userPoolId, apiClientId },
});

export function uploadsShown(uploads: FileUploads): Partial<Shown> {
  const { mover, deadLetterUrl, normalBucketName, sensitiveBucketName } = uploads;
  const { queueUrl, lambda } = mover;
  return {
    outputs: {
      normalBucketName,
      sensitiveBucketName,
      moverQueueUrl: queueUrl,
      moverDeadLetterUrl: deadLetterUrl,
    },
    watches: [watchUploads({ moverName: lambda.functionName, queueUrl, deadLetterUrl })],
    logGroups: { mover: lambda.logGroupName },
  };
}
