import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { here } from "./here";
import { ownerTag } from "./owner";
import { Conditions, policyDocument, Statement } from "./permissions";

export interface ServiceKeyArgs {
  description: string;
  /** Keeps what is encrypted readable when the stack goes. */
  keepData: boolean;
  /** The services that encrypt or read with it, besides the roles that IAM lets. @default none */
  users?: Statement[];
}

/** A KMS key, rotated each year, that the account's IAM rules over and that AWS services may use as its policy says. */
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
      // Backups use the keys of what they back up, which no name tells from a neighbour's.
      tags: ownerTag(),
    },
    { ...opts, protect: args.keepData },
  );
}

/** Written out rather than left to KMS's default, so that nothing that is added to it by hand outlives an update. */
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

/** For a key's policy: a service uses the key by itself, in nobody's name, so that another condition than kms:ViaService tells for whom. */
export function keyUser(service: pulumi.Input<string>, actions: string[], condition: Conditions): Statement {
  return {
    Effect: "Allow",
    Principal: { Service: service },
    Action: actions,
    Resource: "*", // * because in a key's policy it means this key
    Condition: condition,
  };
}
