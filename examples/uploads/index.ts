// People who sign in, buckets for their files, and an alarm when a sensitive file could not be moved to its own bucket.
import { Alarms, AlarmTopic, FileUploads, UserPool } from "@groundwork-platform/components";

const keepData = false;
// Where your app finds the ids of the pool and the names of the buckets, in SSM Parameter Store.
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
