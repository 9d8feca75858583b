// Sign-in, buckets for the users' files, and an alarm if a sensitive file could not be moved to the sensitive bucket.
import { Alarms, AlarmTopic, FileUploads, UserPool } from "@groundwork-platform/components";

const keepData = false;
// The path in SSM Parameter Store of the pool's ids and the buckets' names, for your app.
const parameterPath = "/uploads-example";

const people = new UserPool("people", { keepData, parameterPath, mfa: "optional", selfSignUp: true });

const uploads = new FileUploads("uploads", {
  keepData,
  parameterPath,
  maxUploadMiB: 20,
  contentTypes: ["image/png", "image/jpeg", "application/pdf"],
  noncurrentDays: 7,
});

const topic = new AlarmTopic("alarms", { emails: ["operations@example.com"] });
new Alarms("alarms", { topic, monitoring: uploads.monitoring() });

export const userPoolId = people.userPoolId;
export const normalBucketName = uploads.normalBucketName;
export const sensitiveBucketName = uploads.sensitiveBucketName;
