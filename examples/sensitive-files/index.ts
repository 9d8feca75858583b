// Two buckets of your own. Objects tagged sensitive are moved from one to the other.
import * as aws from "@pulumi/aws";
import { Mover, PrivateBucket } from "@groundwork-platform/components";

const keepData = true;
const key = new aws.kms.Key("sensitive", { enableKeyRotation: true });

const normal = new PrivateBucket("normal", { expireDays: 90, keepData });
const sensitive = new PrivateBucket("sensitive", { kmsKeyArn: key.arn, noncurrentDays: 365, keepData });

const mover = new Mover("mover", { normal, sensitive, kmsKeyArn: key.arn, concurrency: 5 });

export const normalBucketName = normal.bucketName;
export const sensitiveBucketName = sensitive.bucketName;
export const deadLetterUrl = mover.deadLetterUrl;
