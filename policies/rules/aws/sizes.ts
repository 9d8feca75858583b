import type { Declared } from "../../declared";
import { UNKNOWN } from "../../from-engine";
import { each, Rules } from "../rule";
import type { Basis } from "./documented";

type Inputs = Declared["inputs"];

/** A document whose size AWS limits. */
interface Document {
  what: string;
  /** Its size in bytes. Undefined if it is absent or not known yet. */
  bytes(inputs: Inputs): number | undefined;
  most(inputs: Inputs): number;
  page: string;
  basis: Basis;
}

const DOCS = "https://docs.aws.amazon.com";
const KiB = 1_024;

const isKnown = (value: unknown): value is string => typeof value === "string" && !value.includes(UNKNOWN);
const text = (value: unknown) => (isKnown(value) ? Buffer.byteLength(value) : undefined);
const decoded = (value: unknown) => (isKnown(value) ? Buffer.from(value, "base64").length : undefined);

/** IAM does not count white space. */
const dense = (value: unknown) => (isKnown(value) ? value.replace(/\s/g, "").length : undefined);

/** Names and values together. */
function variables(inputs: Inputs): number | undefined {
  const entries = Object.entries((inputs.environment?.variables ?? {}) as Record<string, unknown>);
  return entries.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + (text(value) ?? 0), 0);
}

const policy = (most: number, page: string, field = "policy"): Document => ({
  what: `a ${field}`,
  bytes: (inputs) => text(inputs[field]),
  most: () => most,
  page: `${DOCS}/${page}`,
  basis: "knowledge",
});
const userData = (what: string, bytes: Document["bytes"]): Document => ({
  what,
  bytes,
  most: () => 16 * KiB,
  page: `${DOCS}/AWSEC2/latest/UserGuide/instancedata-add-user-data.html`,
  basis: "knowledge",
});

export const DOCUMENTS: Record<string, Document[]> = {
  "aws:ssm/parameter:Parameter": [
    {
      what: "a value",
      bytes: (inputs) => text(inputs.value) ?? text(inputs.insecureValue),
      most: ({ tier }) => (tier === undefined || tier === "Standard" ? 4 : 8) * KiB,
      page: `${DOCS}/systems-manager/latest/APIReference/API_PutParameter.html`,
      basis: "documentation",
    },
  ],
  "aws:lambda/function:Function": [
    {
      what: "variables",
      bytes: variables,
      most: () => 4 * KiB,
      page: `${DOCS}/lambda/latest/dg/configuration-envvars.html`,
      basis: "knowledge",
    },
  ],
  "aws:ec2/launchTemplate:LaunchTemplate": [userData("user data", (inputs) => decoded(inputs.userData))],
  "aws:ec2/instance:Instance": [
    userData("user data", (inputs) => text(inputs.userData) ?? decoded(inputs.userDataBase64)),
  ],
  "aws:iam/role:Role": [
    {
      what: "an assumeRolePolicy",
      bytes: (inputs) => dense(inputs.assumeRolePolicy),
      most: () => 2_048,
      page: `${DOCS}/IAM/latest/UserGuide/reference_iam-quotas.html`,
      basis: "knowledge",
    },
  ],
  "aws:kms/key:Key": [policy(32 * KiB, "kms/latest/developerguide/resource-limits.html")],
  "aws:s3/bucketPolicy:BucketPolicy": [
    policy(20 * KiB, "AmazonS3/latest/userguide/example-bucket-policies.html"),
  ],
  "aws:sns/topicPolicy:TopicPolicy": [policy(30 * KiB, "sns/latest/api/API_SetTopicAttributes.html")],
  "aws:sqs/queuePolicy:QueuePolicy": [
    policy(8 * KiB, "AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html"),
  ],
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": [
    policy(5 * KiB, "AmazonCloudWatchLogs/latest/logs/cloudwatch_limits_cwl.html", "policyDocument"),
  ],
};

export const sizeRules: Rules = {
  "writes no document longer than AWS accepts": each(Object.keys(DOCUMENTS), ({ type, inputs }) =>
    DOCUMENTS[type]!.flatMap(({ what, bytes, most, page }) => {
      const [size, limit] = [bytes(inputs) ?? 0, most(inputs)];
      return size > limit ? [`has ${what} of ${size} bytes, where AWS accepts ${limit} (${page})`] : [];
    }).join("; "),
  ),
};
