import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Conditions, policyDocument, Statement } from "./policy";

export interface ServiceKeyArgs {
  description: string;
  /** Keeps what is encrypted readable when the stack goes. */
  keepData: boolean;
  /** The services that encrypt or read with it, besides the roles that IAM lets. */
  users: Statement[];
}

/** A KMS key, rotated each year, that the account's IAM rules over and that AWS services may use as its policy says. */
export function serviceKey(
  name: string,
  args: ServiceKeyArgs,
  opts: pulumi.CustomResourceOptions,
): aws.kms.Key {
  const account = aws.getCallerIdentityOutput({}, opts).accountId;
  const owner: Statement = {
    Sid: "AccountOwnsIt",
    Effect: "Allow",
    Principal: { AWS: pulumi.interpolate`arn:aws:iam::${account}:root` },
    Action: "kms:*", // * because a key that its account cannot administer is lost for ever
    Resource: "*", // * because in a key's policy it means this key
  };
  return new aws.kms.Key(
    name,
    {
      description: args.description,
      enableKeyRotation: true,
      deletionWindowInDays: args.keepData ? 30 : 7,
      policy: policyDocument([owner, ...args.users]),
    },
    { ...opts, protect: args.keepData },
  );
}

/** For a key's policy: a service uses the key, under the condition that tells for whom. */
export function keyUser(service: pulumi.Input<string>, actions: string[], condition: Conditions): Statement {
  return {
    Effect: "Allow",
    Principal: { Service: service },
    Action: actions,
    Resource: "*", // * because in a key's policy it means this key
    Condition: condition,
  };
}
