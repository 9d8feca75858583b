import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { here } from "../shared/here";
import { fill } from "../shared/options";
import { Conditions, policyDocument, Statement } from "../shared/permissions";
import { keyUser, serviceKey } from "../shared/service-key";
import { AlarmTopicArgs, AlarmTopicLike, alarmTopicOptions } from "./args";

const PUBLISHES = "sns:Publish";
const ENCRYPTS = ["kms:GenerateDataKey", "kms:Decrypt"];

/**
 * Where everything that needs a person is reported: a topic with its own encryption key, and e-mail subscribers.
 * About 1 USD a month for the key. An address that never confirms AWS's first mail gets none of the others.
 */
export class AlarmTopic extends pulumi.ComponentResource implements AlarmTopicLike {
  readonly topicArn: pulumi.Output<string>;
  /** A role that publishes needs `kms:GenerateDataKey` and `kms:Decrypt` on this key, through SNS. */
  readonly keyArn: pulumi.Output<string>;
  /** Publishers must wait for this: until then, the topic refuses AWS's services. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: AlarmTopicArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const { emails, keepData = false } = fill("AlarmTopic", name, alarmTopicOptions, args);
    super("groundwork:index:AlarmTopic", name, {}, opts);
    const parent = { parent: this };
    const { accountId, arn } = here(parent);
    const ours: Conditions = { StringEquals: { "aws:SourceAccount": accountId } };

    const key = serviceKey(
      name,
      {
        description: "Alarms",
        keepData,
        users: [
          keyUser("cloudwatch.amazonaws.com", ENCRYPTS, ours),
          keyUser("budgets.amazonaws.com", ENCRYPTS, ours),
          // EventBridge does not pass the source account when it publishes. With a condition on it, the topic drops the event silently.
          // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
          keyUser("events.amazonaws.com", ENCRYPTS, {
            ArnLike: {
              "kms:EncryptionContext:aws:sns:topicArn": arn("sns", `${name}-*`),
            },
          }),
        ],
      },
      parent,
    );
    const topic = new aws.sns.Topic(name, { kmsMasterKeyId: key.arn }, parent);
    const policy = new aws.sns.TopicPolicy(
      name,
      {
        arn: topic.arn,
        policy: policyDocument([
          publisher("cloudwatch.amazonaws.com", topic.arn, ours),
          publisher("budgets.amazonaws.com", topic.arn, ours),
          publisher("events.amazonaws.com", topic.arn), // a condition would drop its events, as above
          tlsOnly(topic.arn),
        ]),
      },
      parent,
    );
    for (const email of emails)
      new aws.sns.TopicSubscription(
        `${name}-${email}`,
        { topic: topic.arn, protocol: "email", endpoint: email },
        parent,
      );
    this.topicArn = topic.arn;
    this.keyArn = key.arn;
    this.ready = [policy];
    this.registerOutputs({ topicArn: this.topicArn, keyArn: this.keyArn });
  }
}

function publisher(service: string, topicArn: pulumi.Output<string>, condition?: Conditions): Statement {
  return {
    Effect: "Allow",
    Principal: { Service: service },
    Action: PUBLISHES,
    Resource: topicArn,
    ...(condition ? { Condition: condition } : {}),
  };
}

function tlsOnly(topicArn: pulumi.Output<string>): Statement {
  return {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*", // * because a refusal must hold for everyone
    Action: PUBLISHES,
    Resource: topicArn,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}
