import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** One of each kind that has outputs a program reads, in the order in which they need each other. */
const role = new aws.iam.Role("wide", {
  assumeRolePolicy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" },
    ],
  }),
});
const key = new aws.kms.Key("wide", { enableKeyRotation: true });
const table = new aws.dynamodb.Table("wide", {
  attributes: [{ name: "pk", type: "S" }],
  hashKey: "pk",
  billingMode: "PAY_PER_REQUEST",
  ttl: { enabled: true, attributeName: "until" },
});
const queue = new aws.sqs.Queue("wide", { sqsManagedSseEnabled: true });
const topic = new aws.sns.Topic("wide", { kmsMasterKeyId: key.id });
const secret = new aws.secretsmanager.Secret("wide", { kmsKeyId: key.arn });
new aws.secretsmanager.SecretVersion("wide", { secretId: secret.id, secretString: pulumi.secret("hidden") });
const parameter = new aws.ssm.Parameter("wide", { type: "String", value: queue.url });
const machine = new aws.sfn.StateMachine("wide", {
  roleArn: role.arn,
  definition: JSON.stringify({ StartAt: "Done", States: { Done: { Type: "Succeed" } } }),
});
const pool = new aws.cognito.UserPool("wide", { autoVerifiedAttributes: ["email"] });
const client = new aws.cognito.UserPoolClient("wide", { userPoolId: pool.id, generateSecret: true });
const api = new aws.apigateway.RestApi("wide", {});
const files = new aws.efs.FileSystem("wide", { encrypted: true });
const log = new aws.cloudwatch.LogGroup("wide", { retentionInDays: 7 });
const provider = new aws.Provider("elsewhere", { region: "us-east-1" });
const far = new aws.sns.Topic("far", {}, { provider });

export const keyArn = key.arn;
export const tableArn = table.arn;
export const queueArn = queue.arn;
export const topicArn = topic.arn;
export const secretArn = secret.arn;
export const parameterValue = parameter.value;
export const machineArn = machine.arn;
export const poolEndpoint = pool.endpoint;
export const clientSecretLength = client.clientSecret.apply((text) => text.length);
export const rootResourceId = api.rootResourceId;
export const fileSystemDns = files.dnsName;
export const logArn = log.arn;
export const farArn = far.arn;
export const tags = table.tagsAll;
