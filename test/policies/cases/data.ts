import type { Declared } from "../../../policies/declared";
import { allows, Case, Cases, made, refuses } from "./case";

type Inputs = Declared["inputs"];

/** Of each type that holds data, inputs that are encrypted and inputs that are not. */
const ENCRYPTED: Record<string, { good: Inputs[]; bad: Inputs[] }> = {
  "aws:ec2/launchTemplate:LaunchTemplate": {
    good: [
      { blockDeviceMappings: [{ ebs: { encrypted: "true" } }] },
      { blockDeviceMappings: [{ ebs: { encrypted: true } }] },
    ],
    bad: [
      {},
      { blockDeviceMappings: [] },
      { blockDeviceMappings: [{ deviceName: "/dev/xvda" }] },
      { blockDeviceMappings: [{ ebs: { encrypted: "true" } }, { ebs: { encrypted: "false" } }] },
    ],
  },
  "aws:ec2/instance:Instance": {
    good: [
      { rootBlockDevice: { encrypted: true } },
      { rootBlockDevice: { encrypted: true }, ebsBlockDevices: [{ encrypted: true }] },
    ],
    bad: [
      {},
      { rootBlockDevice: { encrypted: false } },
      { ebsBlockDevices: [{ encrypted: true }] },
      { rootBlockDevice: { encrypted: true }, ebsBlockDevices: [{ encrypted: true }, { encrypted: false }] },
    ],
  },
  "aws:ebs/volume:Volume": { good: [{ encrypted: true }], bad: [{}, { encrypted: false }] },
  "aws:efs/fileSystem:FileSystem": { good: [{ encrypted: true }], bad: [{}, { encrypted: false }] },
  "aws:rds/instance:Instance": {
    good: [{ storageEncrypted: true }, { clusterIdentifier: "cluster" }],
    bad: [{}, { storageEncrypted: false }],
  },
  "aws:rds/cluster:Cluster": { good: [{ storageEncrypted: true }], bad: [{}, { storageEncrypted: false }] },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    good: [{ atRestEncryptionEnabled: true, transitEncryptionEnabled: true }],
    bad: [{}, { atRestEncryptionEnabled: true }, { transitEncryptionEnabled: true }],
  },
  "aws:sqs/queue:Queue": {
    good: [{ sqsManagedSseEnabled: true }, { kmsMasterKeyId: "key" }],
    bad: [{}, { sqsManagedSseEnabled: false }],
  },
  "aws:sns/topic:Topic": { good: [{ kmsMasterKeyId: "key" }], bad: [{}] },
  "aws:cloudtrail/trail:Trail": { good: [{ kmsKeyId: "key" }], bad: [{}] },
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": {
    good: [{ serverSideEncryption: { enabled: true } }, { kinesisSourceConfiguration: {} }],
    bad: [{}, { serverSideEncryption: { enabled: false } }],
  },
};

/** Of each type that logs on request only. */
const LOGGED: Record<string, { good: Inputs[]; bad: Inputs[] }> = {
  "aws:lb/loadBalancer:LoadBalancer": {
    good: [{ accessLogs: { enabled: true, bucket: "logs" } }],
    bad: [{}, { accessLogs: { enabled: false, bucket: "logs" } }, { accessLogs: { enabled: true } }],
  },
  "aws:apigateway/stage:Stage": {
    good: [{ accessLogSettings: { destinationArn: "arn" } }],
    bad: [{}, { accessLogSettings: {} }],
  },
  "aws:apigatewayv2/stage:Stage": {
    good: [{ accessLogSettings: { destinationArn: "arn" } }],
    bad: [{}, { accessLogSettings: {} }],
  },
  "aws:sfn/stateMachine:StateMachine": {
    good: [
      { loggingConfiguration: { level: "ALL", logDestination: "arn" } },
      { loggingConfiguration: { level: "ERROR", logDestination: "arn" } },
    ],
    bad: [
      {},
      { loggingConfiguration: { level: "OFF", logDestination: "arn" } },
      { loggingConfiguration: { level: "ALL" } },
    ],
  },
  "aws:codebuild/project:Project": {
    good: [
      { logsConfig: { cloudwatchLogs: { groupName: "logs" } } },
      { logsConfig: { s3Logs: { location: "logs/builds" } } },
    ],
    bad: [{}, { logsConfig: {} }, { logsConfig: { cloudwatchLogs: {} } }],
  },
  "aws:lambda/function:Function": {
    good: [{ loggingConfig: { logGroup: "logs" } }],
    bad: [{}, { loggingConfig: { logFormat: "JSON" } }],
  },
  "aws:rds/instance:Instance": {
    good: [{ clusterIdentifier: "cluster" }, { enabledCloudwatchLogsExports: ["upgrade", "postgresql"] }],
    bad: [{}, { enabledCloudwatchLogsExports: [] }, { enabledCloudwatchLogsExports: ["upgrade"] }],
  },
  "aws:rds/cluster:Cluster": {
    good: [{ enabledCloudwatchLogsExports: ["postgresql"] }],
    bad: [{}, { clusterIdentifier: "cluster" }, { enabledCloudwatchLogsExports: ["upgrade"] }],
  },
};

const eachOf = (table: Record<string, { good: Inputs[]; bad: Inputs[] }>): Case[] =>
  Object.entries(table).flatMap(([type, { good, bad }]) => [
    ...good.map((inputs) => allows(`${type} ${JSON.stringify(inputs)}`, made(type, inputs))),
    ...bad.map((inputs) => refuses(`${type} ${JSON.stringify(inputs)}`, [made(type, inputs)])),
  ]);

const KEY = "aws:kms/key:Key";
const LOG = "aws:cloudwatch/logGroup:LogGroup";

export const dataCases: Cases = {
  "encrypts whatever holds data": eachOf(ENCRYPTED),
  "turns on logs wherever AWS writes them only on request": eachOf(LOGGED),
  "rotates each KMS key automatically": [
    refuses("a key by AWS's defaults", [made(KEY)]),
    refuses("a key that is told not to", [made(KEY, { enableKeyRotation: false })]),
    refuses("a key that spells the defaults out", [
      made(KEY, { keyUsage: "ENCRYPT_DECRYPT", customerMasterKeySpec: "SYMMETRIC_DEFAULT" }),
    ]),
    allows("a key that turns over", made(KEY, { enableKeyRotation: true })),
    allows(
      "what AWS cannot turn over",
      made(KEY, { keyUsage: "GENERATE_VERIFY_MAC" }),
      made(KEY, { customerMasterKeySpec: "RSA_2048" }),
    ),
  ],
  "sets how long each log is kept": [
    refuses("a log by AWS's defaults", [made(LOG)]),
    refuses("a log for 0 days, which is for ever", [made(LOG, { retentionInDays: 0 })]),
    allows("a log for a day", made(LOG, { retentionInDays: 1 })),
  ],
};
