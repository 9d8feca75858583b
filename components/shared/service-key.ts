import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { here } from "./here";
import { ownerTag } from "./owner";
import { Conditions, policyDocument, Statement } from "./permissions";

export interface ServiceKeyArgs {
  description: string;
  /** Keeps the encrypted data readable when the stack is destroyed. */
  keepData: boolean;
  /** The services that may encrypt or decrypt with it, besides the roles that IAM allows. @default none */
  users?: Statement[];
}

/** A KMS key with yearly rotation. The account's IAM controls it, and its policy lets AWS services use it. */
export function serviceKey(
  name: string,
  args: ServiceKeyArgs,
  opts: pulumi.CustomResourceOptions,
): aws.kms.Key {
  return new aws.kms.Key(
    name,
    {
      description: args.description,
      enableKeyRotation: true,
      deletionWindowInDays: args.keepData ? 30 : 7,
      policy: keyPolicy(args.users ?? [], opts),
      // Backups use the keys of the data that they back up. No name tells these keys from a neighbour's, so a tag does.
      tags: ownerTag(),
    },
    { ...opts, protect: args.keepData },
  );
}

/** Written out rather than left to KMS's default, so that an update removes anything that was added by hand. */
export function keyPolicy(users: Statement[], opts: { parent?: pulumi.Resource }): pulumi.Output<string> {
  const { accountId } = here(opts);
  const owner: Statement = {
    Sid: "AccountOwnsIt",
    Effect: "Allow",
    Principal: { AWS: pulumi.interpolate`arn:aws:iam::${accountId}:root` },
    Action: "kms:*", // * because a key that its account cannot administer is lost for ever
    Resource: "*", // * because in a key's policy it means this key
  };
  return policyDocument([owner, ...users]);
}

/** For a key's policy: a service uses the key on its own behalf. A condition other than kms:ViaService then tells for whom. */
export function keyUser(service: pulumi.Input<string>, actions: string[], condition: Conditions): Statement {
  return {
    Effect: "Allow",
    Principal: { Service: service },
    Action: actions,
    Resource: "*", // * because in a key's policy it means this key
    Condition: condition,
  };
}
